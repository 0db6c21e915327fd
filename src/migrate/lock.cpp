#include "migrate/lock.h"

#include <fmt/format.h>
#include <pwd.h>
#include <unistd.h>

#include <array>
#include <thread>

#include "base/error.h"
#include "base/log.h"

namespace parley::migrate {
namespace {

constexpr auto kPollInterval = std::chrono::milliseconds(50);

std::string describe(const LockRow& owner) {
  return fmt::format("{} on {} (pid {}) since {} UTC", owner.who, owner.host, owner.pid,
                     format_sql(owner.taken_at));
}

std::string holder_text(Journal& journal) {
  const auto owner = journal.lock_owner();
  return owner ? describe(*owner) : "another process";
}

}  // namespace

std::string current_user() {
  std::array<char, 4096> buffer{};
  passwd entry{};
  passwd* found = nullptr;
  if (getpwuid_r(geteuid(), &entry, buffer.data(), buffer.size(), &found) == 0 &&
      found != nullptr) {
    return found->pw_name;
  }
  return fmt::format("uid {}", geteuid());
}

std::string current_host() {
  std::array<char, 256> name{};
  return gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "unknown";
}

Lock::Lock(database::Connection& connection, Journal& journal, std::chrono::milliseconds patience)
    : connection_(connection), journal_(journal), name_("parley_schema") {
  wait(patience);
}

void Lock::wait(std::chrono::milliseconds patience) {
  const auto give_up = std::chrono::steady_clock::now() + patience;
  bool has_told = false;
  while (!connection_.try_lock(name_)) {
    if (std::chrono::steady_clock::now() >= give_up) {
      throw Error(ErrorCode::LockHeld,
                  fmt::format("The schema is locked by {}", holder_text(journal_)),
                  "Wait until it has finished. The lock goes by itself when its process ends.");
    }
    if (!has_told) log::info("Waiting for the schema lock held by {}", holder_text(journal_));
    has_told = true;
    std::this_thread::sleep_for(kPollInterval);
  }
}

void Lock::write_owner(Timestamp now) {
  if (const auto owner = journal_.lock_owner()) {
    log::warning("Taking over the schema lock that {} left without giving it back",
                 describe(*owner));
  }
  journal_.set_lock_owner(LockRow{
      .id = 1, .who = current_user(), .host = current_host(), .pid = getpid(), .taken_at = now});
  has_owner_row_ = true;
}

Lock::~Lock() {
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
