#pragma once

// What is wrong with rows rather than with tables: rows that refer to none, rows that a key to be
// added forbids, and what a module's own rules find. Each finding says what would mend it, as
// changes that go into the same plan as those of the tables. Reads only; one thread.

#include <set>
#include <string>
#include <vector>

#include "database/connection.h"
#include "dialect/dialect.h"
#include "migrate/verify.h"
#include "schema/adoption.h"
#include "schema/change.h"
#include "schema/schema.h"

namespace parley::migrate {

struct RowFinding {
  Difference difference;
  std::vector<schema::Change> mend;
  std::string done;    ///< What repair says of it: `Moved 2 rows of chats to orphaned_chats`.
  std::string option;  ///< Mended only with this option; empty: always.
  bool is_in_the_way = false;  ///< Of keys that are to be added: mended before the tables.
};

/// Everything that is wrong with the rows of `live`, which should be `wanted`. Foreign keys that a
/// database enforces have no orphans, so on big tables this costs one pass per key.
std::vector<RowFinding> row_findings(database::Connection& connection,
                                     const dialect::Dialect& dialect, const schema::Schema& live,
                                     const schema::Schema& wanted,
                                     const schema::AdoptionRules& rules);

/// The tables with rows that refer to rows which are not there.
std::set<std::string> tables_with_orphans(const std::vector<RowFinding>& findings);

/// The text of the SQL for this engine; empty when there is none.
std::string text_for(const schema::SqlTexts& texts, const dialect::Dialect& dialect);

}  // namespace parley::migrate
