#include "chat/operation_shapes.h"

#include "api/fields.h"
#include "base/json_schema.h"
#include "chat/agents.h"

namespace parley::chat::operation {
namespace {

void put_ids_first(http::Operation& operation, std::initializer_list<std::string_view> ids) {
  std::vector<http::Parameter> parameters = ids_in_path(ids);
  for (http::Parameter& each : operation.parameters) parameters.push_back(std::move(each));
  operation.parameters = std::move(parameters);
}

}  // namespace

std::vector<http::Parameter> ids_in_path(std::initializer_list<std::string_view> names) {
  std::vector<http::Parameter> parameters;
  for (const std::string_view name : names) {
    parameters.push_back(api::in_path(std::string(name), json_schema::text_of("uuid")));
  }
  return parameters;
}

http::Operation reading(http::Operation operation, std::initializer_list<std::string_view> ids) {
  put_ids_first(operation, ids);
  return api::reading(std::move(operation), problem_answer_shape());
}

http::Operation writing(http::Operation operation, std::initializer_list<std::string_view> ids) {
  put_ids_first(operation, ids);
  return api::writing(std::move(operation), problem_answer_shape());
}

http::Operation open_to_all(http::Operation operation) {
  operation.problems.push_back(422);
  return api::without_token(std::move(operation), problem_answer_shape());
}

std::vector<http::Parameter> window_parameters() {
  using json_schema::integer;
  return {api::in_query("skip", api::with_default(integer(0, api::kIntegerMax), 0)),
          api::in_query("limit", api::with_default(integer(1, kWindowLimitMax), kWindowLimit))};
}

}  // namespace parley::chat::operation
