#include "leads/operation_parts.h"

#include "leads/problems.h"
#include "leads/session_requests.h"

namespace parley::leads::operation {

http::Operation reading(http::Operation operation) {
  return api::reading(std::move(operation), problem_answer_shape());
}

http::Operation writing(http::Operation operation) {
  return api::writing(std::move(operation), problem_answer_shape());
}

http::Parameter list_limit(std::int64_t otherwise) {
  return api::in_query("limit",
                       api::with_default(json_schema::integer(1, kTasksPerPageMax), otherwise));
}

}  // namespace parley::leads::operation
