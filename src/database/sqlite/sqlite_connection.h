#pragma once

// The SQLite driver's way in. See database/connection.h.

#include <memory>

#include "database/connection.h"

namespace parley::database {

/// Opens the file `url.database` (":memory:": a database of this connection alone) with the
/// settings for durable writes: WAL, synchronous=FULL, foreign keys on. The URL's option `mode=ro`
/// opens it for reading. Throws CannotConnect or PermissionDenied when the file cannot be opened or
/// made, UnknownDatabase when it is missing and may not be made, NotADatabase when it is something
/// else.
std::unique_ptr<Connection> open_sqlite(const Url& url, Open mode);

}  // namespace parley::database
