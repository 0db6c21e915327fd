// parley db backup: keeps what is in a database.

#include "cli/execution.h"
#include "cli/output.h"
#include "migrate/backup.h"

namespace parley::cli {
namespace {

struct BackupWords : DbOptions {
  std::string file;
};

ExitCode backup(const BackupWords& words) {
  Output output(words);
  app::TargetOptions where = words.where();
  where.may_lack_directory = true;  // A copy needs no revisions.
  const auto targets = app::targets_of(where);
  if (!words.file.empty()) app::only_namespace(where);
  for (const app::Target& target : targets) {
    const auto opened = target.open_existing();
    const auto report =
        migrate::back_up(opened->deployment(), {.file = words.file,
                                                .directory = backup_directory(words, target),
                                                .tool_version = std::string(app::tool_version()),
                                                .on_progress = progress_listener(words)});
    output.line("{}", migrate::to_text(report));
    output.list("backups").push_back(JsonObject{{"database", target.definition.name},
                                                {"file", report.file.string()},
                                                {"tables", report.tables},
                                                {"rows", report.rows}});
  }
  output.finish();
  return ExitCode::Done;
}

}  // namespace

void add_backup(VerbGroup& db) {
  auto [verb, words] =
      db.verb<BackupWords>("backup", "Write a consistent copy of the database to a file", backup);
  verb.option("--output", "FILE", words.file,
              "The file to write (default: beside the database, with the time in its name)");
  verb.example("parley db backup --module live_agent --output before.db");
}

}  // namespace parley::cli
