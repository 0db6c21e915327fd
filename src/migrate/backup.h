#pragma once

// Keeps what a change would lose, and brings it back. A database that is a file is copied as a file
// while it is in use; elsewhere the namespace is written as a logical dump (migrate/dump.h). A
// backup is on disk and checked before it is called one. docs/guide/backup.md tells the forms. One
// thread.

#include <filesystem>
#include <string>

#include "migrate/deployment.h"
#include "migrate/execute_options.h"

namespace parley::migrate {

struct BackupOptions {
  std::filesystem::path file;       ///< Empty: a name with the time, beside the database file or in
  std::filesystem::path directory;  ///< this directory.
  std::string tool_version;
  ProgressListener on_progress;
};

struct BackupReport {
  std::filesystem::path file;
  std::int64_t tables = 0;
  std::int64_t rows = 0;
};

/// `Backup of 4 tables, 1 234 rows: /data/leads.db.backup-20260101T120000Z`.
std::string to_text(const BackupReport& report);

/// False for a database in memory, which ends with its connection.
bool can_be_backed_up(const database::Connection& connection);

/// Writes a backup of the whole namespace; the file is readable by its owner alone. Throws
/// Error{DiskFull}, {FileSystem}, and {UnsupportedChange} for a schema that a dump cannot hold;
/// nothing is left of the file then. Requires: no transaction is open.
BackupReport back_up(Deployment& deployment, const BackupOptions& options);

struct RestoreOptions {
  bool replaces = false;            ///< What is there goes, after a backup of it was taken.
  std::filesystem::path directory;  ///< For that backup.
  ExecuteOptions execution;
};

/// Fills the namespace with what the backup holds, under the schema lock, and compares the number
/// and the sum of the rows of every table with what the backup says. The row of a lock that was
/// held when the backup was taken does not come back, and an event log begins a new epoch. Throws
/// Error{RefusedForSafety} when the namespace holds something and `replaces` is not set,
/// Error{InvalidArgument} for a file that is no whole backup or one of another engine; both before
/// anything is changed. Where the engine can, all happens in one transaction.
BackupReport restore(Deployment& deployment, const std::filesystem::path& file,
                     const RestoreOptions& options);

}  // namespace parley::migrate
