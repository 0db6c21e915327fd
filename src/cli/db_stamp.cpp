// parley db stamp and ensure_version: the commands that write the record and leave the schema
// alone.

#include <fmt/format.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/log.h"
#include "base/text.h"
#include "cli/applied.h"
#include "cli/execution.h"
#include "cli/output.h"
#include "cli/verb.h"
#include "migrate/deployment.h"
#include "migrate/executor.h"
#include "migrate/stamp_script.h"

namespace parley::cli {
namespace {

struct StampOptions : DbOptions {
  std::vector<std::string> expressions;
  bool purges = false;
  bool is_forced = false;
  bool is_sql = false;
  ExecutionWords execution;
};

struct EnsureVersionOptions : DbOptions {
  bool is_sql = false;
  ExecutionWords execution;
};

void print_script(const std::string& sql, Output& output) {
  output.text(sql);
  output.document()["sql"] = sql;
  output.finish();
}

/// `start:end` of each; they must have one start in common.
std::string start_of_all(std::vector<std::string>& expressions) {
  std::string start;
  for (std::string& expression : expressions) {
    if (!is_range(expression)) continue;
    const RangeWords words = range_words(expression);
    if (!start.empty() && start != words.start) {
      throw Error(ErrorCode::InvalidArgument,
                  "Stamp operation with --sql only supports a single starting revision at a time",
                  "Write one script per starting revision.");
    }
    start = words.start;
    expression = words.end;
  }
  return start;
}

ExitCode print_stamp_script(const StampOptions& options) {
  const app::Target target = app::only_target(options.where());
  const auto& graph = target.definition.graph;
  auto expressions = options.expressions;
  const std::string start = start_of_all(expressions);
  const auto applied = applied_for(target, {start});
  migrate::StampScript script{.history = target.history,
                              .expressions = expressions,
                              .tool_version = std::string(app::tool_version()),
                              .now = SystemClock().now()};
  if (options.purges) {
    script.record = migrate::Record::Unknown;
  } else {
    script.from = graph.ancestors(
        graph.resolve(start.empty() ? "base" : start, applied, target.history), migrate::Ties::All);
  }
  Output output(options);
  print_script(migrate::stamp_script(target.definition, script,
                                     app::offline_dialect(options.where(), target)),
               output);
  return ExitCode::Done;
}

ExitCode stamp(const StampOptions& options) {
  if (options.is_sql) return print_stamp_script(options);
  const app::Target target = app::only_target(options.where());
  const auto opened = target.open_existing();
  migrate::Deployment& deployment = opened->deployment();
  migrate::stamp(
      deployment,
      {.expressions = options.expressions,
       .history = target.history,
       .purges = options.purges,
       .check = options.is_forced ? migrate::StampCheck::Force : migrate::StampCheck::Verify},
      execute_options(options.execution, options, target));
  const auto stamped = target.definition.graph.marker(deployment.state().applied, target.history);
  log::info("Stamped {}", stamped.empty() ? "base" : join(stamped, ", "));
  Output output(options);
  output.document()["stamped"] = to_json(stamped);
  output.finish();
  return ExitCode::Done;
}

ExitCode ensure_version(const EnsureVersionOptions& options) {
  Output output(options);
  if (options.is_sql) {
    const app::Target target = app::only_target(options.where());
    print_script(migrate::record_tables_script(target.definition.marker,
                                               app::offline_dialect(options.where(), target)),
                 output);
    return ExitCode::Done;
  }
  for (const app::Target& target : app::targets_of(options.where())) {
    const auto opened = target.open_or_create();
    migrate::ensure_version(opened->deployment(),
                            execute_options(options.execution, options, target));
    output.list("namespaces").push_back(JsonObject{{"module", target.definition.name}});
  }
  output.finish();
  return ExitCode::Done;
}

}  // namespace

void add_stamp(VerbGroup& db) {
  auto [verb, options] =
      db.verb<StampOptions>("stamp", "Record revisions as applied without running anything", stamp);
  verb.arguments("revisions", options.expressions,
                 "head, heads, base, an id or its beginning; several for several branches; "
                 "start:end with --sql");
  verb.flag("--purge", options.purges,
            "Forget first what is recorded, even revisions that no file has");
  verb.flag("--force", options.is_forced, "Even when the schema is another one");
  add_patience(verb, options.execution);
  verb.flag("--sql", options.is_sql, "Print the SQL instead of running it; needs no database");
  verb.option("--dialect", "NAME", options.dialect,
              "For --sql: sqlite, postgresql, mysql or mariadb");
  verb.example("parley db stamp head --module live_agent");
}

void add_ensure_version(VerbGroup& db) {
  auto [verb, options] = db.verb<EnsureVersionOptions>(
      "ensure_version", "Create the tables of the record, nothing else", ensure_version);
  add_patience(verb, options.execution);
  verb.flag("--sql", options.is_sql, "Print the SQL instead of running it; needs no database");
  verb.option("--dialect", "NAME", options.dialect,
              "For --sql: sqlite, postgresql, mysql or mariadb");
  verb.example("parley db ensure_version --url sqlite:///shop.db");
}

}  // namespace parley::cli
