#pragma once

// What the module is told from outside. Values; any thread.

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "database/connection.h"
#include "outreach/sending_settings.h"

namespace parley::outreach {

/// How often a caller may ask in a minute; 0 is as often as it likes.
struct Limits {
  int requests_per_minute = 1200;
  int heavy_per_minute = 6;  ///< Retention, repair and backup.
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
  std::filesystem::path backup_directory;

  /// Brings the schema in order and says what it did, a line each; for `/maintenance/repair`.
  std::function<std::vector<std::string>()> repair_schema;
  /// What is wrong with the schema, a line each.
  std::function<std::vector<std::string>()> schema_issues;
};

}  // namespace parley::outreach
