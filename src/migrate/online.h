#pragma once

// Runs a statement in the way that disturbs others least, where the engine knows several ways
// (MySQL, MariaDB: ALGORITHM and LOCK). Throws as `Connection::execute`.

#include <string>

#include "database/connection.h"
#include "dialect/dialect.h"
#include "schema/change.h"

namespace parley::migrate {

/// Tries `statement` of `change` in the forms that `dialect` gives, and as it is when the engine
/// can do none of them: then others may have to wait, which is logged. A user's own SQL runs as it
/// is.
void execute_online(database::Connection& connection, const dialect::Dialect& dialect,
                    const schema::Change& change, const std::string& statement);

}  // namespace parley::migrate
