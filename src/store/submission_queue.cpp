#include "store/submission_queue.h"

#include <fmt/format.h>

#include "base/log.h"

namespace parley::store {

void finish(const Done& done, const std::exception_ptr& outcome) noexcept {
  try {
    done(outcome);
  } catch (const std::exception& error) {
    log::error("what follows a database transaction failed: {}", error.what());
  } catch (...) {
    log::error("what follows a database transaction failed");
  }
}

std::exception_ptr too_many_waiting(std::size_t waiting_max) {
  return std::make_exception_ptr(Error(
      ErrorCode::Unavailable, fmt::format("{} requests already wait for the database", waiting_max),
      "Try again shortly."));
}

}  // namespace parley::store
