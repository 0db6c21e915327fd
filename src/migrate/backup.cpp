#include "migrate/backup.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>

#include "base/error.h"
#include "base/log.h"
#include "database/online_copy.h"
#include "database/transaction.h"
#include "dialect/probe.h"
#include "migrate/diff.h"
#include "migrate/dump.h"
#include "migrate/lock.h"
#include "migrate/plan.h"

namespace parley::migrate {
namespace {

constexpr std::string_view kLockTable = "parley_lock";

/// `20260131T093000Z`.
std::string stamp(Timestamp now) {
  std::string text = format_rfc3339(now).substr(0, 19) + "Z";
  std::erase_if(text, [](char c) { return c == '-' || c == ':'; });
  return text;
}

/// The database's own file, or a name after its namespace.
std::filesystem::path base_name(const database::Connection& connection,
                                const std::filesystem::path& directory) {
  if (database::is_copyable(connection.url())) return connection.url().database;
  const std::string name = connection.namespace_in_use();
  return directory / (name.empty() ? connection.url().database : name);
}

std::filesystem::path free_name(const Deployment& deployment, const BackupOptions& options) {
  if (!options.file.empty()) return options.file;
  const database::Connection& connection = deployment.connection();
  const std::string ending = database::is_copyable(connection.url()) ? "" : ".jsonl";
  const std::string start =
      fmt::format("{}.backup-{}", base_name(connection, options.directory).string(),
                  stamp(deployment.clock().now()));
  std::filesystem::path file = start + ending;
  for (int number = 2; std::filesystem::exists(file); ++number) {
    file = fmt::format("{}-{}{}", start, number, ending);
  }
  return file;
}

database::PageListener pages(const ProgressListener& listener, const std::string& task) {
  if (!listener) return {};
  return [&listener, task](std::int64_t done, std::int64_t total) {
    listener(Progress{.task = task,
                      .step = "copy pages",
                      .steps_total = 1,
                      .rows_done = done,
                      .rows_total = total});
  };
}

void require_undamaged(const std::filesystem::path& file) {
  const std::string damage = database::damage_of(file.string());
  if (damage.empty()) return;
  throw Error(ErrorCode::DatabaseFailure, fmt::format("{} is damaged: {}", file.string(), damage),
              "Check the disk, and the database with PRAGMA integrity_check.");
}

BackupReport count(Deployment& deployment, std::filesystem::path file) {
  BackupReport report{.file = std::move(file)};
  const auto schema = deployment.dialect().inspect(deployment.connection());
  for (const schema::Table& table : schema.tables) {
    report.rows += dialect::count_rows(deployment.connection(), table.name);
    ++report.tables;
  }
  return report;
}

BackupReport copy_out(Deployment& deployment, const std::filesystem::path& file,
                      const BackupOptions& options) {
  FileWriter writer(file);
  database::copy_database(deployment.connection().url().database, writer.part().string(),
                          pages(options.on_progress, "backup"));
  require_undamaged(writer.part());
  writer.finish();
  return count(deployment, file);
}

BackupReport dump_out(Deployment& deployment, const std::filesystem::path& file,
                      const BackupOptions& options) {
  FileWriter writer(file);
  const DumpTotals totals =
      write_dump(deployment, options.tool_version, writer, options.on_progress);
  writer.finish();
  return {.file = file, .tables = totals.tables, .rows = totals.rows};
}

/// What is there besides a note of the lock.
std::size_t tables_there(const schema::Schema& live) {
  return static_cast<std::size_t>(std::ranges::count_if(
      live.tables, [](const schema::Table& table) { return table.name != kLockTable; }));
}

void require_room(Deployment& deployment, const schema::Schema& live,
                  const RestoreOptions& options) {
  const std::size_t tables = tables_there(live);
  if (tables == 0) return;
  if (!options.replaces) {
    throw Error(ErrorCode::RefusedForSafety,
                fmt::format("The database is not empty: it has {} tables", tables),
                "Restore into an empty one, or replace what is there with --force; a backup of it "
                "is taken first.");
  }
  log::info("{}", to_text(back_up(deployment, {.directory = options.directory,
                                               .tool_version = options.execution.tool_version,
                                               .on_progress = options.execution.on_progress})));
}

void forget_lock(Deployment& deployment, const schema::Schema& live) {
  if (live.find_table(std::string(kLockTable)) != nullptr) {
    deployment.journal().clear_lock_owner();
  }
}

/// What was told after the backup was taken is told no more, and its offsets are given out again.
void begin_log_anew(Deployment& deployment, const schema::Schema& live) {
  if (has_event_log(live)) deployment.journal().renew_event_log();
}

BackupReport copy_in(Deployment& deployment, const std::filesystem::path& file,
                     const RestoreOptions& options) {
  require_undamaged(file);
  require_room(deployment, deployment.dialect().inspect(deployment.connection()), options);
  database::copy_database(file.string(), deployment.connection().url().database,
                          pages(options.execution.on_progress, "restore"));
  const schema::Schema restored = deployment.dialect().inspect(deployment.connection());
  forget_lock(deployment, restored);
  begin_log_anew(deployment, restored);
  return count(deployment, file);
}

void drop_all(Deployment& deployment, const schema::Schema& live) {
  const Plan steps = plan(diff(live, {}), live, deployment.dialect());
  for (const Step& step : steps.steps) {
    for (const std::string& statement : step.statements) {
      deployment.connection().execute(statement);
    }
  }
}

void require_same_engine(const Deployment& deployment, const DumpReader& reader) {
  const std::string found(reader.header().at("dialect").as_string());
  const std::string& here = deployment.dialect().capabilities().name;
  if (found == here) return;
  throw Error(ErrorCode::InvalidArgument,
              fmt::format("This backup is of {}, and the database is {}", found, here),
              "Restore it into a database of its own kind.");
}

BackupReport dump_in(Deployment& deployment, const std::filesystem::path& file,
                     const RestoreOptions& options) {
  DumpReader reader(file);
  require_same_engine(deployment, reader);
  const auto live = deployment.dialect().inspect(deployment.connection());
  require_room(deployment, live, options);
  std::optional<database::Transaction> transaction;
  if (deployment.dialect().capabilities().transactional_ddl) {
    transaction.emplace(deployment.connection());
  }
  try {
    drop_all(deployment, live);
    const DumpTotals totals = read_dump(deployment, reader, options.execution.on_progress);
    begin_log_anew(deployment, deployment.dialect().inspect(deployment.connection()));
    if (transaction) transaction->commit();
    return {.file = file, .tables = totals.tables, .rows = totals.rows};
  } catch (const Error& error) {
    if (transaction) throw;
    throw Error(ErrorCode::UpgradeIncomplete,
                fmt::format("The restore stopped in the middle: {}", error.what()),
                "Mend the cause and run it again with --force.");
  }
}

}  // namespace

std::string to_text(const BackupReport& report) {
  return fmt::format("Backup of {} tables, {} rows: {}", report.tables, grouped(report.rows),
                     report.file.string());
}

bool can_be_backed_up(const database::Connection& connection) {
  return connection.url().database != ":memory:";
}

BackupReport back_up(Deployment& deployment, const BackupOptions& options) {
  const auto file = free_name(deployment, options);
  std::error_code ignored;  // What cannot be made shows when the file is.
  if (file.has_parent_path()) std::filesystem::create_directories(file.parent_path(), ignored);
  return database::is_copyable(deployment.connection().url()) ? copy_out(deployment, file, options)
                                                              : dump_out(deployment, file, options);
}

BackupReport restore(Deployment& deployment, const std::filesystem::path& file,
                     const RestoreOptions& options) {
  if (!std::ifstream(file)) {
    throw Error(ErrorCode::FileSystem, fmt::format("{} cannot be read", file.string()),
                "Correct the name of the backup.");
  }
  const Lock lock(deployment.connection(), deployment.journal(), deployment.clock(),
                  options.execution.lock_patience);
  return database::is_copyable(deployment.connection().url()) ? copy_in(deployment, file, options)
                                                              : dump_in(deployment, file, options);
}

}  // namespace parley::migrate
