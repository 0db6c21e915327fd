#include "migrate/retry.h"

#include <fmt/format.h>

#include <thread>

#include "base/error.h"
#include "base/log.h"

namespace parley::migrate {
namespace {

bool is_about_locks(ErrorCode code) {
  return code == ErrorCode::Busy || code == ErrorCode::Deadlock ||
         code == ErrorCode::SerializationFailure;
}

double seconds(std::chrono::milliseconds time) { return static_cast<double>(time.count()) / 1000; }

[[noreturn]] void give_up(const ExecuteOptions& options, const std::string& what,
                          const Error& error) {
  throw Error(error.code(),
              fmt::format("{}: gave up after {} attempts of at most {:.3g} s each: {}", what,
                          options.retries + 1, seconds(options.statement_lock_timeout),
                          error.what()),
              "Another connection holds a lock on it: end its transaction and run the command "
              "again, or let each attempt wait longer: --statement-lock-timeout SECONDS.");
}

}  // namespace

StatementPatience::StatementPatience(database::Connection& connection,
                                     const ExecuteOptions& options)
    : connection_(connection) {
  connection_.set_lock_timeout(options.statement_lock_timeout);
}

StatementPatience::~StatementPatience() {
  try {
    connection_.set_lock_timeout(std::nullopt);
  } catch (const std::exception& error) {
    log::debug("The lock time-out stays: {}", error.what());
  }
}

void with_retries(const ExecuteOptions& options, const std::string& what,
                  const std::function<void()>& work) {
  std::chrono::milliseconds pause = options.retry_pause;
  for (int left = options.retries;; --left, pause *= 2) {
    try {
      return work();
    } catch (const Error& error) {
      if (!is_about_locks(error.code())) throw;
      if (left == 0) give_up(options, what, error);
      log::info("{}: another connection holds a lock; trying again in {:.3g} s ({} left)", what,
                seconds(pause), left);
    }
    std::this_thread::sleep_for(pause);
  }
}

}  // namespace parley::migrate
