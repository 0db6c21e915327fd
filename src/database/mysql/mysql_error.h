#pragma once

// Which `ErrorCode` a failure of MySQL or MariaDB is. Pure.

#include "base/error.h"

namespace parley::database {

/// By error number, of the server or of the client library; DatabaseFailure when it says nothing
/// special.
ErrorCode classify_mysql(unsigned error_number);

}  // namespace parley::database
