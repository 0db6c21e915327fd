#include "live_agent/operation_parts.h"

#include "live_agent/fields.h"
#include "live_agent/wire_schema.h"

namespace parley::live_agent::operation {
namespace {

using http::Operation;
using http::Parameter;

constexpr std::size_t kIdempotencyKeyCharactersMax = 255;
constexpr std::size_t kPasswordCharactersMin = 8;
constexpr std::size_t kPasswordCharactersMax = 256;

Operation with_token(Operation operation) {
  operation.problem = problem_answer_shape();
  operation.parameters.push_back(in_header("X-Tenant-Domain", json_schema::text(),
                                           "The tenant, where the token does not say it."));
  for (const int status : {401, 403, 429, 503}) operation.problems.push_back(status);
  return operation;
}

}  // namespace

Operation reading(Operation operation) {
  operation = with_token(std::move(operation));
  if (operation.parameters.size() > 1) operation.problems.push_back(422);
  return operation;
}

Operation writing(Operation operation) {
  operation = with_token(std::move(operation));
  operation.parameters.push_back(
      in_header("Idempotency-Key", json_schema::text(kIdempotencyKeyCharactersMax, 1),
                "The same key with the same body within 24 hours gets the same answer."));
  for (const int status : {409, 422}) operation.problems.push_back(status);
  return operation;
}

Operation without_token(Operation operation) {
  operation.access = http::Access::Public;
  operation.problem = problem_answer_shape();
  for (const int status : {429, 503}) operation.problems.push_back(status);
  return operation;
}

Parameter session_id_in_path() {
  return {.place = Parameter::Place::Path,
          .name = "id",
          .schema = json_schema::text_of("uuid"),
          .meaning = "The session's id."};
}

Parameter number_in_path() {
  return {.place = Parameter::Place::Path,
          .name = "id",
          .schema = json_schema::integer(0, kIntegerMax)};
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

void add_page(Operation& operation, std::int64_t size, std::int64_t size_max) {
  operation.parameters.push_back(
      in_query("page", with_default(json_schema::integer(1, kIntegerMax), 1)));
  operation.parameters.push_back(
      in_query("per_page", with_default(json_schema::integer(1, size_max), size)));
}

JsonObject email_schema() {
  JsonObject schema = json_schema::text_of("email");
  schema["maxLength"] = kNameCharactersMax;
  return schema;
}

JsonObject new_password_schema() {
  return json_schema::text(kPasswordCharactersMax, kPasswordCharactersMin);
}

}  // namespace parley::live_agent::operation
