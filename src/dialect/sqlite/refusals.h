#pragma once

// What SQLite cannot do, known before anything is done. Pure; any thread.

#include "schema/change.h"
#include "schema/schema.h"

namespace parley::dialect {

/// Throws Error{UnsupportedChange} with the reason and the way out when SQLite, in state `before`,
/// cannot do `change`.
void refuse_what_sqlite_cannot(const schema::Change& change, const schema::Schema& before);

}  // namespace parley::dialect
