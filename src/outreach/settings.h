#pragma once

// What the module is told from outside, and what is done for it outside: it knows its rows, but
// not how a schema is mended or a database copied. Values; any thread.

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "outreach/sending_settings.h"

namespace parley::outreach {

/// How often a caller may ask in a minute; 0 is as often as it likes.
struct Limits {
  int requests_per_minute = 1200;
  int heavy_per_minute = 6;  ///< Retention, repair and backup.
};

/// What the schema of the database has.
struct SchemaFindings {
  std::vector<std::string> tables;
  std::vector<std::string> indexes;
  std::vector<std::string> issues;  ///< What is wrong, a line each.
};

struct RepairOutcome {
  std::vector<std::string> actions;  ///< What was done, a line each.
  std::vector<std::string> issues;   ///< What is still wrong.
};

struct BackupOutcome {
  std::string file;  ///< Its name, without the directory.
  std::int64_t bytes = 0;
};

/// Something that was done to the schema, as its journal has it.
struct SchemaEvent {
  std::int64_t id = 0;
  Timestamp at{};
  std::string text;
  enum class End { Done, Failed } end = End::Done;
};

/// Work on the whole database, each on a connection of its own. The functions block, and throw
/// `Error`.
struct Maintenance {
  std::function<SchemaFindings()> look;
  std::function<RepairOutcome()> repair;
  std::function<BackupOutcome(const std::string& name)> back_up;
  std::function<std::vector<SchemaEvent>()> schema_events;  ///< Oldest first.
  std::function<void()> analyze;  ///< Lets the engine look at its data anew, for better plans.
  std::function<void()> compact;  ///< Gives back the room of deleted rows, where that is much.
};

struct Settings {
  Limits limits;

  /// Requests on the loopback interface need no key while there is none: they act for
  /// `X-User-Id`.
  bool open_on_loopback = true;

  SendingSettings sending;

  int system_log_days = 90;  ///< How long lines of the system log are kept.

  /// The file of the database, where it is one: shown to administrators; empty otherwise.
  std::string database_file;

  Maintenance maintenance;
};

}  // namespace parley::outreach
