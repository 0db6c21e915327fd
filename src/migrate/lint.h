#pragma once

// Reads revisions as a careful reviewer does: what would lose values, fail on the rows that are
// there, stop the application while it runs, break the version of the code that is still running,
// or not work on an engine. It needs no database: what depends on the rows is asked by the verdicts
// of a plan. Each rule has an id that never changes its meaning, and a safe way to reach the same
// end. docs/guide/lint.md explains every rule. Pure; any thread.

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "dialect/dialect.h"
#include "migrate/history.h"
#include "migrate/revision.h"
#include "schema/change.h"

namespace parley::migrate {

enum class Severity {
  Error,    ///< It cannot work on one of the engines.
  Warning,  ///< It may lose, fail or block.
  Advice,   ///< It works, and there is something better.
};
std::string_view name_of(Severity severity);

struct LintRule {
  std::string_view id;    ///< `PL101`: the first digit tells the chapter of the guide.
  std::string_view name;  ///< `drop-table`
  Severity severity;
  std::string_view problem;  ///< One sentence.
  std::string_view advice;   ///< The safe way, in one sentence.
};

/// All rules, by id.
std::span<const LintRule> lint_rules();

/// The rule of that id or name, or null.
const LintRule* find_lint_rule(std::string_view id_or_name);

struct Finding {
  const LintRule* rule = nullptr;
  std::string revision;
  std::string file;
  std::size_t position = 0;           ///< Of the change in the revision's `upgrade`, from 0.
  std::string subject;                ///< `drop column messages.body`
  std::string detail;                 ///< What is particular to this case; may be empty.
  std::vector<std::string> dialects;  ///< Where it holds; all that were asked for when empty.
  /// The safe way as changes: a list for each revision it takes, in order. Between two of them the
  /// code moves on. Empty when there is only the advice.
  std::vector<std::vector<schema::Change>> rewrite;
};

/// What the changes of `revision` do to a database in state `before`. `dialects` are the engines it
/// is to run on. Findings come in the order of the changes.
std::vector<Finding> lint(const Revision& revision, const schema::Schema& before,
                          std::span<const dialect::Dialect* const> dialects);

/// The rules that the text of a revision file allows, by comments: `# lint: allow PL101, PL201`.
std::vector<std::string> allowed_rules(std::string_view yaml);

}  // namespace parley::migrate
