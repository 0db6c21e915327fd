#pragma once

// Small questions about text. Pure functions.

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace parley {

std::string_view trim(std::string_view text);  ///< Without ASCII white space at both ends.
std::string lower(std::string_view text);      ///< ASCII letters only; other bytes stay.
std::string upper(std::string_view text);      ///< ASCII letters only; other bytes stay.
bool equals_ignoring_case(std::string_view a, std::string_view b);  ///< ASCII.
std::string join(std::span<const std::string> parts, std::string_view separator);
std::vector<std::string> split(std::string_view text, char separator);

/// White space runs become one space, ends trimmed: for comparing SQL and for previews.
std::string collapse_white_space(std::string_view text);

/// True when `text` is well-formed UTF-8 (Unicode 15, table 3-7) without U+0000, which PostgreSQL
/// cannot store.
bool is_storable_text(std::string_view text);

/// Number of code points of well-formed UTF-8.
std::size_t code_points(std::string_view text);

/// The first `count` code points of well-formed UTF-8.
std::string_view first_code_points(std::string_view text, std::size_t count);

/// True when some character of well-formed UTF-8 is not white space (Unicode White_Space).
bool has_visible_character(std::string_view text);

/// The candidate nearest to `word` by edit distance, for "did you mean"; empty when none is near.
std::string nearest(std::string_view word, std::span<const std::string> candidates);

}  // namespace parley
