#pragma once

// Which `ErrorCode` a failure of SQLite is. Pure.

#include <string_view>

#include "base/error.h"

namespace parley::database {

/// `extended_code` is sqlite3_extended_errcode, `message` sqlite3_errmsg, which alone tells the
/// kinds of SQLITE_ERROR apart.
ErrorCode classify_sqlite(int extended_code, std::string_view message);

}  // namespace parley::database
