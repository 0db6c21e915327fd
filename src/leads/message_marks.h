#pragma once

// What is noted on a message after it was written: that somebody read it, that it could not be
// delivered, that a person should look at it. Functions of a write transaction; they throw 404 for
// a message that is not there.

#include <cstdint>
#include <optional>
#include <string>

#include "base/clock.h"
#include "leads/tables.h"
#include "store/unit_of_work.h"

namespace parley::leads {

/// The time of the first note is kept.
MessageRow mark_read(store::UnitOfWork& unit, std::int64_t id, Timestamp now);

/// The delivery of the message failed. Throws 409 for a message that came from the lead, or that
/// was delivered.
MessageRow mark_failed(store::UnitOfWork& unit, std::int64_t id, const std::string& error,
                       Timestamp now);

struct Flag {
  bool is_flagged = true;
  std::optional<std::string> reason;         ///< None: none is kept.
  std::optional<std::string> quality_score;  ///< `0.0` to `1.0`; none: as it was.
};

MessageRow flag_message(store::UnitOfWork& unit, std::int64_t id, const Flag& flag, Timestamp now);

}  // namespace parley::leads
