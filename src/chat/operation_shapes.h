#pragma once

// What the operations of the module have in common. Pure functions, called at start.

#include <initializer_list>
#include <string>

#include "api/operation_parts.h"
#include "chat/wire_schema.h"

namespace parley::chat::operation {

/// The ids of the path, in order.
std::vector<http::Parameter> ids_in_path(std::initializer_list<std::string_view> names);

/// Routes of members: the ids of the path come first, and who is refused hears 401, 403 or 422.
http::Operation reading(http::Operation operation, std::initializer_list<std::string_view> ids);
http::Operation writing(http::Operation operation, std::initializer_list<std::string_view> ids);

/// Routes without a token that read a body or a query.
http::Operation open_to_all(http::Operation operation);

/// `skip` and `limit`.
std::vector<http::Parameter> window_parameters();

}  // namespace parley::chat::operation
