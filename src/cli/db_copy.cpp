// parley db copy: moves a database to another engine.

#include "cli/execution.h"
#include "cli/output.h"
#include "migrate/copy.h"

namespace parley::cli {
namespace {

struct CopyWords : DbOptions {
  std::string to;
  bool leaves_extras = false;
  ExecutionWords execution;
};

void print(Output& output, const app::Target& target, const migrate::CopyReport& report) {
  const std::string prefix = target.label.empty() ? "" : target.label + ": ";
  json::array tables;
  for (const migrate::CopiedTable& table : report.tables) {
    output.line("✓ {}{}: {} rows, sum {}", prefix, table.name, migrate::grouped(table.rows),
                table.sum.substr(0, 16));
    tables.push_back({{"table", table.name}, {"rows", table.rows}, {"sum", table.sum}});
  }
  for (const std::string& note : report.notes) output.line("  note: {}{}", prefix, note);
  output.line("{}Copied {} tables, {} rows; number and sum of the rows are equal on both sides.",
              prefix, report.tables.size(), migrate::grouped(report.rows()));
  output.list("copies").push_back(JsonObject{{"database", target.definition.name},
                                             {"tables", std::move(tables)},
                                             {"rows", report.rows()},
                                             {"notes", json::value_from(report.notes)}});
}

ExitCode copy(const CopyWords& words) {
  Output output(words);
  const auto sources = app::targets_of(words.where());
  const auto destinations = app::targets_of(app::moved_to(words.where(), words.to));
  const auto extras = words.leaves_extras ? migrate::Extras::LeaveBehind : migrate::Extras::Refuse;
  for (std::size_t i = 0; i < sources.size(); ++i) {
    const auto from = sources[i].open_existing();
    const auto to = destinations.at(i).open_or_create();
    const auto options = execute_options(words.execution, words, sources[i]);
    print(output, sources[i],
          migrate::copy_namespace(from->deployment(), to->deployment(), extras, options));
  }
  output.finish();
  return ExitCode::Done;
}

}  // namespace

void add_copy(VerbGroup& db) {
  auto [verb, words] = db.verb<CopyWords>(
      "copy", "Move a database to another engine, rows and ids as they are, and compare", copy);
  verb.required_option("--to", "URL", words.to,
                       "The server to copy to, or a file; what is there must have no rows");
  verb.flag("--without-extras", words.leaves_extras,
            "Leave tables and columns behind that no revision makes");
  add_patience(verb, words.execution);
  verb.example("parley db copy --data parley-data --to postgresql://parley@db.example.org/parley");
}

}  // namespace parley::cli
