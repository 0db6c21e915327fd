#pragma once

// What the operations of this module have in common beside api/operation_parts.h: the header that
// names a tenant, and how its problems look. Pure functions, called at start.

#include <cstdint>
#include <string>

#include "api/operation_parts.h"

namespace parley::live_agent::operation {

using api::in_header;
using api::in_query;
using api::number_in_path;
using api::with_default;
using api::words_schema;

/// A route that reads with a token.
http::Operation reading(http::Operation operation);

/// A route that writes with a token, and may be repeated.
http::Operation writing(http::Operation operation);

/// A route without a token.
http::Operation without_token(http::Operation operation);

http::Parameter session_id_in_path();

/// `page` and `per_page`.
void add_page(http::Operation& operation, std::int64_t size, std::int64_t size_max);

/// Of an account that is made or changed.
JsonObject email_schema();
JsonObject new_password_schema();

}  // namespace parley::live_agent::operation
