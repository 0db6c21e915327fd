#pragma once

// Plain text as HTML and HTML as plain text, for messages that carry both. Pure functions; any
// thread.

#include <string>
#include <string_view>

namespace parley::outreach {

/// HTML as people read it without a browser: tags are gone, blocks stand on lines of their own,
/// references such as `&amp;` are what they stand for.
std::string text_of_html(std::string_view html);

/// Plain text as a page: escaped, with its lines kept.
std::string html_of_text(std::string_view text);

}  // namespace parley::outreach
