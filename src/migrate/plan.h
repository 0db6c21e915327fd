#pragma once

// What will be done, before it is done: the statements of a list of changes on one engine, each
// step a value with its reason. Pure; the executor runs plans, `--sql` prints them.

#include <string>
#include <vector>

#include "dialect/dialect.h"
#include "migrate/revision.h"
#include "schema/change.h"
#include "schema/schema.h"

namespace parley::migrate {

struct Step {
  schema::Change change;
  std::vector<std::string> statements;
  std::string reason;                   ///< One line: what the change is.
  bool needs_foreign_keys_off = false;  ///< See Dialect::needs_foreign_keys_off.
  dialect::TransactionNeed transaction = dialect::TransactionNeed::Inside;
  /// The tables that the statements make anew. Of several changes that are done together only the
  /// last has statements.
  std::vector<std::string> rebuilt;
  /// Filled only then, for a backfill and behind a step that writes rows: what they do, and whether
  /// they can, depends on it.
  schema::Schema before;
};

struct Plan {
  std::vector<Step> steps;
  schema::Schema after;  ///< What inspection must find when all steps are done, in normal form.
};

/// True for changes of rows, which those behind them may depend on.
bool writes_rows(const schema::Change& change);

/// Plans `changes` on a database in state `before`. Throws Error{UnsupportedChange} when the engine
/// cannot do one, and Error{InvalidRevisionFile} when one does not fit the state.
Plan plan(const std::vector<schema::Change>& changes, const schema::Schema& before,
          const dialect::Dialect& dialect);

/// The changes that undo `revision`: its own `downgrade`, or the derived way back from `before`,
/// the state in which the revision was applied. What a later DROP TABLE makes needless is left out:
/// on MySQL an index that a foreign key needs cannot be dropped by itself (error 1553).
std::vector<schema::Change> changes_back(const Revision& revision, const schema::Schema& before);

}  // namespace parley::migrate
