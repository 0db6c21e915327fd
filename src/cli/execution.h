#pragma once

// The options that every command takes which changes a database: how long to wait, whether to back
// up first; and the progress that it shows meanwhile. One thread.

#include "cli/verb.h"
#include "migrate/execute_options.h"

namespace parley::cli {

/// What the words say.
struct ExecutionWords {
  std::int64_t lock_timeout = 60;           ///< Seconds.
  std::int64_t statement_lock_timeout = 5;  ///< Seconds.
  bool takes_backup = true;
  bool parks = false;
};

/// Adds `--lock-timeout` and `--statement-lock-timeout`.
void add_patience(Verb& verb, ExecutionWords& words);
/// Adds `--no-backup`.
void add_backup(Verb& verb, ExecutionWords& words);

/// Adds `--park`.
void add_park(Verb& verb, ExecutionWords& words);

/// How `target` is to be worked on. Throws Error{InvalidArgument} for a time that cannot be.
migrate::ExecuteOptions execute_options(const ExecutionWords& words, const DbOptions& options,
                                        const app::Target& target);

/// Where backups of `target` go that have no better place: the data directory of a module, the
/// current directory of a project.
std::filesystem::path backup_directory(const DbOptions& options, const app::Target& target);

/// Draws the progress of long steps on standard error when that is a terminal, and logs it now and
/// then when it is not; nothing with --quiet.
migrate::ProgressListener progress_listener(const CommonOptions& options);

}  // namespace parley::cli
