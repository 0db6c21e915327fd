#pragma once

// What the operations of all modules have in common (http/operation.h): their parameters, and how
// a call fails. Pure functions, called at start.

#include <cstdint>
#include <string>

#include "base/json_schema.h"
#include "base/vocabulary.h"
#include "http/operation.h"

namespace parley::api {

/// A route that reads with a token: 401, 403, 429 and 503 beside what is given, and 422 when it has
/// parameters. Problems look like `shape`.
http::Operation reading(http::Operation operation, http::ProblemShape shape);

/// A route that writes with a token: it also takes an Idempotency-Key, and answers 409 and 422.
http::Operation writing(http::Operation operation, http::ProblemShape shape);

/// A route without a token: 429 and 503 beside what is given.
http::Operation without_token(http::Operation operation, http::ProblemShape shape);

http::Parameter in_path(std::string name, JsonObject schema, std::string meaning = {});
/// A number in the path: the id of a row.
http::Parameter number_in_path(std::string name = "id");
http::Parameter in_query(std::string name, JsonObject schema, std::string meaning = {});
http::Parameter in_header(std::string name, JsonObject schema, std::string meaning);

/// The schema of a parameter that stands for `value` when it is absent.
JsonObject with_default(JsonObject schema, const Json& value);

/// `page`, and the size of a page under the name `size_name`.
void add_page(http::Operation& operation, std::string size_name, std::int64_t size,
              std::int64_t size_max);

/// One of the words of an enum.
template <class Enum>
JsonObject words_schema() {
  return json_schema::words(words_of<Enum>);
}

}  // namespace parley::api
