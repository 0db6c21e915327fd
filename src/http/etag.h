#pragma once

// Entity tags for answers and conditions (RFC 9110 sections 8.8.3 and 13): reading without
// transferring the same again, and changing only what one has seen. A tag here names a state of the
// resource and not the bytes of one answer, so `W/`, which gzip adds, makes no difference in either
// condition; for If-Match the standard would be stricter. Pure; any thread.

#include <initializer_list>
#include <string>
#include <string_view>

#include "http/message.h"

namespace parley::http {

/// A tag, with its quotes, of what makes up the state: `etag_of({id, updated_at, status})`.
std::string etag_of(std::initializer_list<std::string_view> state);

/// True when the request sets no condition, or its `If-Match` names `current`, or is `*`.
bool fits_if_match(const Request& request, std::string_view current);

/// The 412 for a request whose condition does not fit: `detail` says what the state is now.
Problem precondition_failed(std::string detail);

/// True when `If-None-Match` names `current`, or is `*`: the client of a GET has it already.
bool is_known_to_client(const Request& request, std::string_view current);

/// The 304 with the tag.
Response not_modified(std::string_view current);

}  // namespace parley::http
