#pragma once

// Which `ErrorCode` a failure of PostgreSQL is. Pure.

#include <string_view>

#include "base/error.h"

namespace parley::database {

/// By SQLSTATE (PostgreSQL manual, Appendix A); DatabaseFailure when it says nothing special.
ErrorCode classify_sqlstate(std::string_view sqlstate);

/// Of a failed attempt to connect, for which libpq has only a text. CannotConnect when in doubt.
ErrorCode classify_postgresql_connect(std::string_view message);

}  // namespace parley::database
