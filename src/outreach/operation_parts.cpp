#include "outreach/operation_parts.h"

#include "api/fields.h"
#include "outreach/lists.h"

namespace parley::outreach::operation {

using http::Operation;

Operation reading(Operation operation) {
  operation.parameters.push_back(
      api::in_header("X-User-Id", json_schema::text(), "Whose rows, while there is no key."));
  return api::reading(std::move(operation), http::problem_shape());
}

Operation writing(Operation operation) {
  operation.parameters.push_back(
      api::in_header("X-User-Id", json_schema::text(), "Whose rows, while there is no key."));
  operation.problems.push_back(400);
  return api::writing(std::move(operation), http::problem_shape());
}

void add_days(Operation& operation) {
  operation.parameters.push_back(api::in_query(
      "days", api::with_default(json_schema::integer(1, kDaysMax), kDays), "How far back."));
}

void add_list(Operation& operation) {
  add_days(operation);
  operation.parameters.push_back(
      api::in_query("limit", api::with_default(json_schema::integer(1, kPerPageMax), kPerPage)));
  operation.parameters.push_back(
      api::in_query("cursor", json_schema::text(), "`next` of the page before."));
  operation.problems.push_back(400);
}

http::Parameter id_in_path(std::string name) {
  return api::in_path(std::move(name), json_schema::text());
}

}  // namespace parley::outreach::operation
