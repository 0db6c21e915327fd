// parley db restore: brings a backup back.

#include "cli/execution.h"
#include "cli/output.h"
#include "migrate/backup.h"

namespace parley::cli {
namespace {

struct RestoreWords : DbOptions {
  std::string file;
  bool is_forced = false;
  ExecutionWords execution;
};

ExitCode restore(const RestoreWords& words) {
  Output output(words);
  app::TargetOptions where = words.where();
  where.may_lack_directory = true;  // What is brought back needs no revisions.
  const app::Target target = app::only_namespace(where);
  const auto opened = target.open_or_create();
  const auto report =
      migrate::restore(opened->deployment(), words.file,
                       {.replaces = words.is_forced,
                        .directory = backup_directory(words, target),
                        .execution = execute_options(words.execution, words, target)});
  output.line("Restored {} tables, {} rows", report.tables, migrate::grouped(report.rows));
  output.document()["tables"] = report.tables;
  output.document()["rows"] = report.rows;
  output.finish();
  return ExitCode::Done;
}

}  // namespace

void add_restore(VerbGroup& db) {
  auto [verb, words] =
      db.verb<RestoreWords>("restore", "Fill an empty database with what a backup holds", restore);
  verb.argument("file", words.file, "What parley db backup has written");
  verb.flag("--force", words.is_forced, "Replace what is there, after taking a backup of it");
  add_patience(verb, words.execution);
  verb.example("parley db restore before.db --module live_agent");
}

}  // namespace parley::cli
