#pragma once

// Which tables a list of changes has to do with. Planning and verifying one of a thousand revisions
// looks at these alone, so that a run takes time in proportion to what it does and not to the size
// of the schema. Pure; any thread.

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "schema/change.h"
#include "schema/schema.h"

namespace parley::migrate {

/// Table names; nothing means the whole schema, which is the safe answer.
using Scope = std::optional<std::set<std::string>>;

/// The tables that `changes` touch, those that refer to them and those they refer to, in `before`
/// and while the changes go on. The whole schema as soon as one change is not about a table alone,
/// or might concern a view or trigger that mentions its table.
Scope scope_of(const std::vector<schema::Change>& changes, const schema::Schema& before);

/// `schema` with only the tables of `scope`; views, triggers and enums are all there.
schema::Schema part_of(const schema::Schema& schema, const Scope& scope);

/// `shown`, a schema as an engine shows it, with what of `known` it cannot show: an enum that no
/// column uses yet, a view or trigger meant for other engines. Changes are planned on this.
schema::Schema with_hidden(schema::Schema shown, const schema::Schema& known);

/// Puts the tables of `part` in the place of those of `scope`; all of `part` when that is the whole
/// schema.
void replace_part(schema::Schema& schema, const Scope& scope, const schema::Schema& part);

}  // namespace parley::migrate
