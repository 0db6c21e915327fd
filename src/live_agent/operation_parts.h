#pragma once

// What the operations of the module have in common: who may call, what a call may say, how it
// fails. Pure functions, called at start.

#include <cstdint>
#include <string>

#include "http/operation.h"

namespace parley::live_agent::operation {

/// A route that reads with a token: 401 and 403 beside what is given, and the module's problems.
http::Operation reading(http::Operation operation);

/// A route that writes with a token: it also takes an Idempotency-Key, and answers 409 and 422.
http::Operation writing(http::Operation operation);

/// A route without a token.
http::Operation without_token(http::Operation operation);

http::Parameter session_id_in_path();
http::Parameter number_in_path();
http::Parameter in_query(std::string name, JsonObject schema, std::string meaning = {});
http::Parameter in_header(std::string name, JsonObject schema, std::string meaning);

/// The schema of a parameter that stands for `value` when it is absent.
JsonObject with_default(JsonObject schema, const Json& value);

/// `page` and `per_page`.
void add_page(http::Operation& operation, std::int64_t size, std::int64_t size_max);

/// Of an account that is made or changed.
JsonObject email_schema();
JsonObject new_password_schema();

}  // namespace parley::live_agent::operation
