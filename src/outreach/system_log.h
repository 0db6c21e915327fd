#pragma once

// The system log: what the module did and met, in the table that the programs before this one
// wrote into as well. Functions run inside a transaction given by the store. The connection's
// thread.

#include <functional>
#include <string>

#include "base/clock.h"
#include "outreach/tables.h"
#include "outreach/vocabulary.h"
#include "store/store.h"

namespace parley::outreach {

struct LogLine {
  LogLevel level = LogLevel::Info;
  Component component = Component::System;
  std::string message;
  std::string details;     ///< May be empty.
  std::string user_id;     ///< Empty: it concerns nobody in particular.
  std::string session_id;  ///< May be empty.
};

void add_line(database::Connection& connection, const LogLine& line, Timestamp now);

/// Says which revisions the schema stands on, unless the last line of that kind says the same: the
/// schema may have been brought there by a command while no server ran.
void add_revisions(database::Connection& connection, const std::string& revisions, Timestamp now);

/// A round of a loop, as `api::Loop` takes it, whose trouble is also a line at level ERROR, if the
/// database takes it. `store` outlives it.
std::function<bool()> logged_round(Component component, std::string what,
                                   std::function<bool()> round, store::Store& store);

/// Deletes the lines that are older; returns how many.
std::int64_t forget_lines(database::Connection& connection, Timestamp limit);

}  // namespace parley::outreach
