#pragma once

// The system log: what the module did and met, in the table that the programs before this one
// wrote into as well. Functions run inside a transaction given by the store. The connection's
// thread.

#include <span>
#include <string>

#include "base/clock.h"
#include "outreach/settings.h"
#include "outreach/tables.h"
#include "outreach/vocabulary.h"
#include "store/connection.h"

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

/// Tells of what was done to the schema since then, once each: by this process at its start, by
/// others, and by commands.
void add_schema_events(database::Connection& connection, std::span<const SchemaEvent> events,
                       Timestamp since);

/// Deletes the lines that are older; returns how many.
std::int64_t forget_lines(database::Connection& connection, Timestamp limit);

}  // namespace parley::outreach
