#pragma once

// Text that goes into pages and mails. Pure functions; any thread.

#include <string>
#include <string_view>

namespace parley {

/// The text as HTML, between tags or as the value of an attribute: `&`, `<`, `>` and both quotes
/// escaped.
std::string escaped_html(std::string_view text);

}  // namespace parley
