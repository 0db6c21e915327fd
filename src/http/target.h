#pragma once

// The request target (RFC 9112 section 3.2) taken apart: path and query, percent-decoded. Pure; any
// thread.

#include <string_view>

#include "http/message.h"

namespace parley::http {

/// Puts path and query of `target` into `request`. Origin form (`/path?query`), absolute form
/// (`http://host/path`) and `*` are understood. Segments `.` and `..` stay as they are: no path
/// here names a file. In the query, `+` is a space. False, when the
/// target has another form, a `%` without two hexadecimal digits, anything that is not well-formed
/// UTF-8 without U+0000 once decoded, or an encoded slash in the path; the path is set all the same
/// when only the query or a slash is wrong, and nothing else is.
[[nodiscard]] bool read_target(std::string_view target, Request& request);

/// The path of a target as it was sent, for log lines: it cannot hold a line break, and no query.
std::string_view raw_path(std::string_view target);

}  // namespace parley::http
