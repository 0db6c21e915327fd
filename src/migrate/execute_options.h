#pragma once

// How a run is to be carried out: patience, retries, what is told meanwhile, where a backup goes.
// Values, except for the listener.

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "migrate/progress.h"

namespace parley::migrate {

struct ExecuteOptions {
  std::chrono::milliseconds lock_patience = std::chrono::seconds(60);  ///< For the schema lock.
  std::string tool_version;

  /// How long one statement waits for the locks of other connections before it makes way for those
  /// that wait behind it.
  std::chrono::milliseconds statement_lock_timeout = std::chrono::seconds(5);
  int retries = 5;  ///< Further attempts of a statement or transaction that met a lock.
  std::chrono::milliseconds retry_pause = std::chrono::milliseconds(200);  ///< Doubles each time.

  std::chrono::milliseconds batch_time = std::chrono::milliseconds(150);  ///< Of a backfill.
  std::int64_t first_batch = 500;  ///< Rows; the batches behind it are sized by time.

  /// Called on the working thread. Empty: nobody listens.
  ProgressListener on_progress;

  /// Where a backup goes before rows or values are dropped; unset: none is taken. SQLite puts its
  /// own beside the database file.
  std::optional<std::filesystem::path> backup_directory;

  /// Keeps what an upgrade drops for its way back (migrate/park.h).
  bool parks = false;
};

}  // namespace parley::migrate
