#include "cli/target_options.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <iostream>

#include "base/error.h"
#include "base/text.h"
#include "migrate/autogenerate.h"

namespace parley::cli {
namespace {

using migrate::ProbableRename;
using migrate::Renames;

bool is_at_terminal() { return isatty(STDIN_FILENO) == 1 && isatty(STDERR_FILENO) == 1; }

std::string what_goes(const ProbableRename& rename) {
  return rename.table.empty() ? "table " + rename.from
                              : fmt::format("column {}.{}", rename.table, rename.from);
}

/// Asks until the answer is one of the numbers; nothing means none of the candidates.
std::string ask(const ProbableRename& rename) {
  fmt::print(stderr, "{} is gone, and others are new. Is it one of them, under a new name?\n",
             what_goes(rename));
  int number = 1;
  for (const std::string& candidate : rename.candidates) {
    const std::string why = number == 1 ? fmt::format(" ({})", rename.reason) : "";
    fmt::print(stderr, "  {}  yes, {}{}\n", number, candidate, why);
    ++number;
  }
  fmt::print(stderr, "  {}  no, it goes\n", number);
  while (true) {
    fmt::print(stderr, "Your choice [1-{}]: ", number);
    std::string line;
    if (!std::getline(std::cin, line)) {
      throw Error(ErrorCode::RefusedForSafety, "The question was not answered",
                  "Say it beforehand with --rename old=new or --no-renames.");
    }
    const std::string answer(trim(line));
    int chosen = 0;
    const auto read = std::from_chars(answer.data(), answer.data() + answer.size(), chosen);
    if (read.ec != std::errc() || chosen < 1 || chosen > number) continue;
    return chosen == number ? "" : rename.candidates[static_cast<std::size_t>(chosen - 1)];
  }
}

[[noreturn]] void refuse(const std::vector<ProbableRename>& questions, const std::string& command) {
  std::string text;
  std::string answers;
  for (const ProbableRename& question : questions) {
    text += fmt::format("{}{} is gone, and {} may be it under a new name ({})",
                        text.empty() ? "" : "\n", what_goes(question), question.candidates.front(),
                        question.reason);
    answers += " " + migrate::rename_option(question, question.candidates.front());
  }
  throw Error(ErrorCode::RefusedForSafety, text,
              fmt::format("If it is: {0}{1}\nIf it is not: {0} --no-renames", command, answers));
}

void add_answer(const ProbableRename& question, const std::string& answer, Renames& renames) {
  if (question.table.empty()) {
    renames.tables.push_back({question.from, answer});
  } else {
    renames.columns.push_back({question.table, question.from, answer});
  }
}

}  // namespace

void add_target_options(Verb& verb, TargetChoice& options) {
  verb.option(
      "--target", "FILE", options.target,
      "The wanted schema: FILE.sql in the engine's own SQL, or FILE.yaml (default: what the "
      "module declares)");
  verb.option("--rename", "OLD=NEW", options.renames,
              "A table, table.column or enum.value that has a new name (may be repeated)");
  verb.flag("--no-renames", options.has_no_renames, "What is gone is gone: ask about no rename");
}

std::vector<app::Target> declarative_targets(const TargetFileOptions& options) {
  app::TargetOptions where = options.where();
  where.may_lack_directory = true;
  std::vector<app::Target> targets;
  if (options.target.empty()) return app::targets_of(where);
  targets = app::targets_of(where);
  if (targets.size() == 1) return targets;
  throw Error(ErrorCode::InvalidArgument, "A target is the schema of one database",
              "Name it with --url, or with --module.");
}

migrate::WantedSchema wanted_schema(const app::Target& target, const TargetFileOptions& options,
                                    migrate::Deployment& deployment) {
  if (!options.target.empty()) return migrate::read_target(options.target, deployment.connection());
  schema::Schema declared = target.definition.declared();
  if (declared.tables.empty()) {
    throw Error(ErrorCode::InvalidArgument,
                "Nothing says what the schema shall be: only the modules of this program declare "
                "theirs",
                "Name a file with it: --target FILE.sql or --target FILE.yaml.");
  }
  return migrate::wanted_of(declared, deployment.connection());
}

Renames answered_renames(const schema::Schema& live, const migrate::WantedSchema& wanted,
                         const TargetChoice& options, const std::string& command) {
  Renames renames = migrate::read_renames(options.renames, live, wanted.schema,
                                          migrate::effective(wanted.renames, live, wanted.schema));
  if (options.has_no_renames) return renames;
  auto questions = migrate::probable_renames(live, wanted.schema, renames);
  if (questions.empty()) return renames;
  if (!is_at_terminal()) refuse(questions, command);
  // The answer about a table leads to questions about its columns, so that one is asked at a time.
  std::vector<std::string> denied;
  while (true) {
    std::erase_if(questions, [&](const ProbableRename& each) {
      return std::ranges::find(denied, what_goes(each)) != denied.end();
    });
    if (questions.empty()) return renames;
    const std::string answer = ask(questions.front());
    if (answer.empty()) {
      denied.push_back(what_goes(questions.front()));
    } else {
      add_answer(questions.front(), answer, renames);
    }
    questions = migrate::probable_renames(live, wanted.schema, renames);
  }
}

std::string command_line(const std::string& verb, const DbOptions& where,
                         const TargetChoice& choice) {
  std::string line = "parley db " + verb;
  const auto add = [&](std::string_view name, const std::string& value) {
    if (!value.empty()) line += fmt::format(" {} {}", name, value);
  };
  add("--module", where.module);
  add("--url", app::redacted(where.url));
  add("--dir", where.directory);
  add("--target", choice.target);
  for (const std::string& rename : choice.renames) add("--rename", rename);
  return line;
}

std::vector<schema::Change> changes_to_write(const app::Target& target,
                                             const migrate::HistoryDefinition& history,
                                             const TargetChoice& choice,
                                             const std::string& command) {
  migrate::Comparison comparison;
  if (choice.target.empty()) {
    comparison = migrate::declared_comparison(target.definition, history);
  } else if (migrate::is_yaml(choice.target)) {
    comparison = migrate::yaml_comparison(target.definition, history, choice.target);
  } else {
    const auto opened = target.open_existing();
    comparison = migrate::sql_comparison(target.definition, history, choice.target,
                                         opened->deployment().connection());
  }
  const auto renames = answered_renames(comparison.recorded, comparison.wanted, choice, command);
  return migrate::changes_to_write(comparison, renames);
}

}  // namespace parley::cli
