// parley db dump: a schema as SQL, as a schema file, or as a picture.

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "cli/output.h"
#include "cli/verb.h"
#include "migrate/schema_dump.h"
#include "migrate/schema_file.h"

namespace parley::cli {
namespace {

struct DumpOptions : DbOptions {
  std::string format = "sql";
  bool is_recorded = false;
  bool is_declared = false;
};

/// What is printed, and for which engine.
struct Subject {
  schema::Schema schema;
  const dialect::Dialect* dialect;
};

Subject subject_of(const DumpOptions& options, const app::Target& target) {
  if (!options.is_recorded && !options.is_declared) {
    const auto opened = target.open_existing();
    const migrate::Deployment& deployment = opened->deployment();
    return {deployment.live(), &deployment.dialect()};
  }
  Subject subject{.dialect = nullptr};
  if (options.is_declared) {
    subject.schema = target.definition.declared();
  } else {
    migrate::Applied all;
    for (const auto& revision : target.definition.graph.revisions()) all.insert(revision.id);
    subject.schema = target.definition.graph.replay(all);
  }
  if (options.format != "sql") return subject;
  subject.dialect = &app::offline_dialect(options.where(), target);
  subject.schema = subject.dialect->normalize(subject.schema);
  return subject;
}

void check(const DumpOptions& options) {
  const std::vector<std::string> formats = {"sql", "yaml", "mermaid", "svg"};
  if (options.is_recorded && options.is_declared) {
    throw Error(ErrorCode::InvalidArgument, "--recorded and --declared are two schemas",
                "Ask for one of them.");
  }
  if (std::ranges::find(formats, options.format) != formats.end()) return;
  const std::string near = nearest(options.format, formats);
  throw Error(ErrorCode::InvalidArgument,
              fmt::format("There is no format '{}'{}", options.format,
                          near.empty() ? "" : fmt::format("; did you mean '{}'?", near)),
              "The formats are sql, yaml, mermaid and svg.");
}

std::string text_of(const DumpOptions& options, const Subject& subject) {
  if (options.format == "yaml") return migrate::to_yaml(subject.schema);
  if (options.format == "mermaid") return migrate::to_mermaid(subject.schema);
  if (options.format == "svg") return migrate::to_svg(subject.schema);
  return migrate::to_sql(subject.schema, *subject.dialect);
}

ExitCode dump(const DumpOptions& options) {
  check(options);
  app::TargetOptions where = options.where();
  where.may_lack_directory = true;  // What is live needs no revisions.
  const app::Target target = app::only_target(where);
  const std::string text = text_of(options, subject_of(options, target));
  Output output(options);
  output.text(text);
  output.document()["format"] = options.format;
  output.document()["schema"] = text;
  output.finish();
  return ExitCode::Done;
}

}  // namespace

void add_dump(VerbGroup& db) {
  auto [verb, options] =
      db.verb<DumpOptions>("dump", "Print the schema as SQL, as a file or as a picture", dump);
  verb.option("--format", "FORMAT", options.format,
              "sql (the default), yaml for a schema file, mermaid or svg for a diagram");
  verb.flag("--recorded", options.is_recorded,
            "The schema that the revision files lead to; needs no database");
  verb.flag("--declared", options.is_declared,
            "The schema that the program declares; needs no database");
  verb.option("--dialect", "NAME", options.dialect,
              "For SQL without a database: sqlite, postgresql, mysql or mariadb");
  verb.example("parley db dump --module live_agent --format svg > live_agent.svg");
  verb.example("parley db dump --url sqlite:///shop.db --format yaml > schema.yaml");
}

}  // namespace parley::cli
