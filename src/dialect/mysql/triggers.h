#pragma once

// Triggers: their statements, and what the catalogue keeps of them. A condition, which the engine
// does not have, becomes an IF around the whole body, and is found again as one. DEFINER and
// sql_mode are those of the session that creates the trigger, and several triggers for one event
// fire in the order of their creation. Pure; any thread.

#include <string>
#include <string_view>

#include "dialect/mysql/clauses.h"
#include "schema/change.h"

namespace parley::dialect {

Statements create_mysql_trigger(const schema::Trigger& trigger, const MysqlState& state);

/// May be run again. A trigger without a body for this engine is dropped.
Statements replace_mysql_trigger(const schema::Trigger& trigger, const MysqlFlavor& flavor);

/// What ACTION_STATEMENT of the catalogue says: the statements between BEGIN and END, or the one
/// statement with a semicolon.
std::string mysql_trigger_body(std::string_view action);

/// Triggers in one form, as `normalize_mysql_views` does it for views.
void normalize_mysql_triggers(schema::Schema& schema, std::string_view dialect);

}  // namespace parley::dialect
