#pragma once

// A field of a request, wherever a client puts it: the query, a form, or JSON. Pure; any thread.

#include <optional>
#include <string>
#include <string_view>

#include "http/message.h"

namespace parley::chat {

/// The field of that name in the query or in a body of `application/x-www-form-urlencoded`,
/// `multipart/form-data` or JSON. Nothing when it is in none of them.
std::optional<std::string> form_field(const http::Request& request, std::string_view name);

}  // namespace parley::chat
