// The table of lint rules. Ids are printed by tools and written into comments: they are never given
// to another rule.

#include <algorithm>
#include <array>

#include "migrate/lint.h"

namespace parley::migrate {
namespace {

using enum Severity;

constexpr auto kRules = std::to_array<LintRule>({
    // 1: values are lost.
    {"PL101", "drop-table", Warning, "Dropping a table loses its rows.",
     "Rename it, let a release pass in which nobody misses it, and drop it then."},
    {"PL102", "drop-column", Warning, "Dropping a column loses its values.",
     "Release code that does not use the column first, and drop it then."},
    {"PL103", "narrow-type", Warning,
     "The new type holds less than the old one: values may be cut or refused.",
     "Add a column of the new type, fill it with a backfill that says what becomes of values that "
     "do not fit, and drop the old column later."},
    {"PL104", "remove-enum-value", Warning,
     "A value is taken out of an enum without saying what becomes of the rows that hold it.",
     "Say it in `replace`."},
    {"PL105", "no-way-back", Warning, "This change cannot be undone by a downgrade.",
     "Give the execute an `undo`."},
    // 2: rows that are there may refuse it.
    {"PL201", "add-not-null", Warning,
     "A NOT NULL column without a default cannot be added to a table that has rows.",
     "Add it nullable, fill it, and then forbid NULL."},
    {"PL202", "forbid-null", Warning, "Rows that hold NULL make this fail.",
     "Fill the column with a backfill in front of it."},
    {"PL203", "add-unique", Warning, "Rows that are doubled make this fail.",
     "Look for duplicates first (`parley db plan` counts them), and remove them with an execute in "
     "front of it."},
    {"PL204", "add-check", Warning, "Rows that break the condition make this fail.",
     "Correct such rows with a backfill in front of it."},
    {"PL205", "add-foreign-key", Warning, "Rows without a parent make this fail.",
     "Set the column of such rows to NULL, or remove them, in front of it."},
    // 3: the application waits.
    {"PL301", "blocking-index", Warning, "Building the index stops all writes to the table.",
     "Build it CONCURRENTLY: an execute that stands for create_index."},
    {"PL302", "rewrite-table", Warning,
     "Changing the type rewrites the whole table under an exclusive lock.",
     "Add a column of the new type, fill it in batches, and swap the two."},
    {"PL303", "computed-default", Warning,
     "A default that is computed for each row rewrites the whole table when the column is added.",
     "Add the column without it, set the default afterwards, and fill old rows in batches."},
    {"PL304", "update-in-one", Warning,
     "The statement changes many rows in one transaction: locks and log grow with the table.",
     "Write it as a backfill, which runs in batches and can be resumed."},
    // 4: the code that is still running breaks.
    {"PL401", "rename-table", Warning,
     "The running code still uses the old name of the table from this moment on.",
     "Let both names work: a view of the old name over the renamed table, dropped a release "
     "later."},
    {"PL402", "rename-column", Warning,
     "The running code still uses the old name of the column from this moment on.",
     "Add a column of the new name, fill it, let the code move, and drop the old one later."},
    // 5: not on every engine.
    {"PL501", "not-supported", Error, "An engine cannot do this.",
     "See the reason; leave it out, or write it as an execute for the engines that can."},
    {"PL502", "long-name", Error, "The name is longer than an engine keeps.",
     "Use at most 63 characters."},
    {"PL503", "missing-engine", Advice, "The SQL is there for some engines only.",
     "Add a text for the others, or an empty revision for them, if the history is to run there."},
    // 6: the shape could be better.
    {"PL601", "no-primary-key", Advice,
     "Without a primary key rows cannot be told apart: replication, backfills and repairs need "
     "one.",
     "Add one."},
    {"PL602", "foreign-key-without-index", Advice,
     "Deleting or changing a parent row reads the whole table, because no index begins with the "
     "foreign key's columns.",
     "Create an index on them."},
    {"PL603", "redundant-index", Advice,
     "Another index begins with the same columns: this one costs writes and helps no query.",
     "Leave one of them out."},
});

constexpr bool is_sorted_and_unique() {
  for (std::size_t i = 1; i < kRules.size(); ++i) {
    if (kRules[i - 1].id >= kRules[i].id) return false;
  }
  return true;
}
static_assert(is_sorted_and_unique(), "rules stand in the order of their ids, each id once");

}  // namespace

std::span<const LintRule> lint_rules() { return kRules; }

const LintRule* find_lint_rule(std::string_view id_or_name) {
  const auto found = std::ranges::find_if(kRules, [&](const LintRule& rule) {
    return rule.id == id_or_name || rule.name == id_or_name;
  });
  return found == kRules.end() ? nullptr : &*found;
}

std::string_view name_of(Severity severity) {
  switch (severity) {
    case Error: return "error";
    case Warning: return "warning";
    case Advice: return "advice";
  }
  return "";
}

}  // namespace parley::migrate
