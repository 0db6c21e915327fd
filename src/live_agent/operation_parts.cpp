#include "live_agent/operation_parts.h"

#include "api/fields.h"
#include "live_agent/wire_schema.h"

namespace parley::live_agent::operation {
namespace {

using http::Operation;
using http::Parameter;

constexpr std::size_t kPasswordCharactersMin = 8;
constexpr std::size_t kPasswordCharactersMax = 256;

Parameter tenant_in_header() {
  return in_header("X-Tenant-Domain", json_schema::text(),
                   "The tenant, where the token does not say it.");
}

}  // namespace

Operation reading(Operation operation) {
  operation = api::reading(std::move(operation), problem_answer_shape());
  operation.parameters.push_back(tenant_in_header());
  return operation;
}

Operation writing(Operation operation) {
  operation.parameters.push_back(tenant_in_header());
  return api::writing(std::move(operation), problem_answer_shape());
}

Operation without_token(Operation operation) {
  return api::without_token(std::move(operation), problem_answer_shape());
}

Parameter session_id_in_path() {
  return api::in_path("id", json_schema::text_of("uuid"), "The session's id.");
}

void add_page(Operation& operation, std::int64_t size, std::int64_t size_max) {
  api::add_page(operation, "per_page", size, size_max);
}

JsonObject email_schema() {
  JsonObject schema = json_schema::text_of("email");
  schema["maxLength"] = api::kNameCharactersMax;
  return schema;
}

JsonObject new_password_schema() {
  return json_schema::text(kPasswordCharactersMax, kPasswordCharactersMin);
}

}  // namespace parley::live_agent::operation
