#include "migrate/lock.h"

#include <fmt/format.h>
#include <pwd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>

#include "base/error.h"
#include "base/log.h"
#include "dialect/dialect.h"

namespace parley::migrate {
namespace {

constexpr auto kPollInterval = std::chrono::milliseconds(50);

/// A holder that was silent for so long probably hangs.
constexpr auto kSilence = 4 * kBeatInterval;

std::string describe(const LockRow& owner) {
  return fmt::format("{} on {} (pid {}) since {} UTC", owner.who, owner.host, owner.pid,
                     format_sql(owner.taken_at));
}

enum class Life { Alive, Dead, Elsewhere };

Life life_of(const LockRow& owner) {
  if (owner.host != current_host()) return Life::Elsewhere;
  const bool is_gone = ::kill(static_cast<pid_t>(owner.pid), 0) != 0 && errno == ESRCH;
  return is_gone ? Life::Dead : Life::Alive;
}

std::string holder_text(Journal& journal, const Clock& clock) {
  const auto owner = journal.lock_owner();
  return owner ? describe_holder(*owner, clock.now()) : "another process";
}

}  // namespace

namespace {

std::string find_user() {
  std::array<char, 4096> buffer{};
  passwd entry{};
  passwd* found = nullptr;
  if (getpwuid_r(geteuid(), &entry, buffer.data(), buffer.size(), &found) == 0 &&
      found != nullptr) {
    return found->pw_name;
  }
  return fmt::format("uid {}", geteuid());
}

}  // namespace

const std::string& current_user() {
  static const std::string kUser = find_user();
  return kUser;
}

std::string current_host() {
  std::array<char, 256> name{};
  return gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "unknown";
}

std::string describe_holder(const LockRow& row, Timestamp now) {
  // The lock is held, but not by the writer of this row: its owner has not signed yet.
  if (life_of(row) == Life::Dead) {
    return fmt::format("another process (the note of {} is left from a run that died)",
                       describe(row));
  }
  const auto seen = std::chrono::duration_cast<std::chrono::seconds>(
      now - row.heartbeat_at.value_or(row.taken_at));
  const std::string silence = seen > kSilence ? "; it may hang" : "";
  return fmt::format("{}, last sign of life {} s ago{}", describe(row),
                     std::max<std::int64_t>(0, seen.count()), silence);
}

std::string describe_leftover(const LockRow& row) {
  switch (life_of(row)) {
    case Life::Dead:
      return fmt::format("Taking over the schema lock of {}, which died without giving it back",
                         describe(row));
    case Life::Alive:
      return fmt::format(
          "Taking over the schema lock of {}: its connection is gone, though a process of that "
          "number lives",
          describe(row));
    case Life::Elsewhere:
      return fmt::format(
          "Taking over the schema lock that names {}: nobody holds it. The note is foreign: it "
          "came with a restored backup, or that machine's connection was cut",
          describe(row));
  }
  return {};
}

Heartbeat::Heartbeat(const database::Connection& connection, const Clock& clock,
                     std::chrono::milliseconds interval)
    : origin_(connection), clock_(clock), interval_(interval), thread_([this] { run(); }) {}

Heartbeat::~Heartbeat() {
  {
    const std::lock_guard guard(mutex_);
    must_stop_ = true;
  }
  stop_signal_.notify_all();
  thread_.join();
}

void Heartbeat::run() {
  std::unique_lock guard(mutex_);
  while (!stop_signal_.wait_for(guard, interval_, [this] { return must_stop_; })) {
    guard.unlock();
    beat();
    guard.lock();
  }
}

void Heartbeat::beat() {
  try {
    if (own_ == nullptr) {
      own_ = database::open_another(origin_);
      if (own_ == nullptr) return;
      own_->set_lock_timeout(std::chrono::milliseconds(0));
    }
    Journal(*own_, dialect::dialect_of(*own_)).beat(current_host(), getpid(), clock_.now());
  } catch (const std::exception& error) {
    log::debug("The lock's heart skipped a beat: {}", error.what());
    own_.reset();
  }
}

Lock::Lock(database::Connection& connection, Journal& journal, const Clock& clock,
           std::chrono::milliseconds patience)
    : connection_(connection), journal_(journal), clock_(clock), name_("parley_schema") {
  wait(patience);
}

void Lock::wait(std::chrono::milliseconds patience) {
  const auto give_up = std::chrono::steady_clock::now() + patience;
  bool has_told = false;
  while (!connection_.try_lock(name_)) {
    if (std::chrono::steady_clock::now() >= give_up) {
      throw Error(ErrorCode::LockHeld,
                  fmt::format("The schema is locked by {}", holder_text(journal_, clock_)),
                  "Wait until it has finished, longer with --lock-timeout SECONDS. The lock goes "
                  "by itself when its process ends.");
    }
    if (!has_told) {
      log::info("Waiting for the schema lock held by {}", holder_text(journal_, clock_));
    }
    has_told = true;
    std::this_thread::sleep_for(kPollInterval);
  }
}

void Lock::write_owner() {
  if (const auto owner = journal_.lock_owner()) log::warning("{}", describe_leftover(*owner));
  const Timestamp now = clock_.now();
  journal_.set_lock_owner(LockRow{.id = 1,
                                  .who = current_user(),
                                  .host = current_host(),
                                  .pid = getpid(),
                                  .taken_at = now,
                                  .heartbeat_at = now});
  has_owner_row_ = true;
  heartbeat_.emplace(connection_, clock_);
}

Lock::~Lock() {
  heartbeat_.reset();
  try {
    if (has_owner_row_) journal_.clear_lock_owner();
  } catch (const std::exception& error) {
    log::debug("The lock's owner row stays: {}", error.what());
  }
  try {
    connection_.unlock(name_);
  } catch (const std::exception& error) {
    log::debug("The lock ends with the connection: {}", error.what());
  }
}

}  // namespace parley::migrate
