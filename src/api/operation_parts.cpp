#include "api/operation_parts.h"

#include "api/fields.h"
#include "api/idempotent_write.h"

namespace parley::api {
namespace {

using http::Operation;
using http::Parameter;

Operation with_token(Operation operation, http::ProblemShape shape) {
  operation.problem = std::move(shape);
  for (const int status : {401, 403, 429, 503}) operation.problems.push_back(status);
  return operation;
}

}  // namespace

Operation reading(Operation operation, http::ProblemShape shape) {
  if (!operation.parameters.empty()) operation.problems.push_back(422);
  return with_token(std::move(operation), std::move(shape));
}

Operation writing(Operation operation, http::ProblemShape shape) {
  operation = with_token(std::move(operation), std::move(shape));
  operation.parameters.push_back(
      in_header("Idempotency-Key", json_schema::text(kIdempotencyKeyBytesMax, 1),
                "The same key with the same body within 24 hours gets the same answer."));
  for (const int status : {409, 422}) operation.problems.push_back(status);
  return operation;
}

Operation without_token(Operation operation, http::ProblemShape shape) {
  operation.access = http::Access::Public;
  operation.problem = std::move(shape);
  for (const int status : {429, 503}) operation.problems.push_back(status);
  return operation;
}

Parameter in_path(std::string name, JsonObject schema, std::string meaning) {
  return {.place = Parameter::Place::Path,
          .name = std::move(name),
          .schema = std::move(schema),
          .meaning = std::move(meaning)};
}

Parameter number_in_path(std::string name) {
  return in_path(std::move(name), json_schema::integer(0, kIntegerMax));
}

Parameter in_query(std::string name, JsonObject schema, std::string meaning) {
  return {.name = std::move(name), .schema = std::move(schema), .meaning = std::move(meaning)};
}

Parameter in_header(std::string name, JsonObject schema, std::string meaning) {
  return {.place = Parameter::Place::Header,
          .name = std::move(name),
          .schema = std::move(schema),
          .meaning = std::move(meaning)};
}

JsonObject with_default(JsonObject schema, const Json& value) {
  schema["default"] = value;
  return schema;
}

void add_page(Operation& operation, std::string size_name, std::int64_t size,
              std::int64_t size_max) {
  operation.parameters.push_back(
      in_query("page", with_default(json_schema::integer(1, kIntegerMax), 1)));
  operation.parameters.push_back(
      in_query(std::move(size_name), with_default(json_schema::integer(1, size_max), size)));
}

}  // namespace parley::api
