#pragma once

// How an engine writes the smallest pieces of SQL: names, string literals, truth values. Each
// dialect has one constant `SqlStyle`; what is common to all dialects (tokens, expressions,
// constraint texts) takes it as a parameter. Values and pure functions; any thread.

#include <span>
#include <string>
#include <string_view>

namespace parley::dialect {

struct SqlStyle {
  char name_quote = '"';
  bool backslash_escapes = false;      ///< `\'` inside a string literal is a quote.
  bool double_quoted_strings = false;  ///< `"x"` is a string and not a name.
  bool bracketed_names = false;        ///< `[x]` is a name.
  bool names_ignore_case = false;      ///< A quoted name equals the same name in lower case.
  bool truth_is_number = false;        ///< TRUE and FALSE are other words for 1 and 0.
  bool length_counts_bytes = false;    ///< `length` is another word for `octet_length`.
  bool more_strings = false;           ///< PostgreSQL's `E'…'` and `$tag$…$tag$` are strings.
  std::span<const std::string_view> reserved_words;  ///< Lower case, sorted.
};

/// `name` as an identifier: as it is when it is a plain lower-case word that is not reserved,
/// quoted otherwise.
std::string quote_name(std::string_view name, const SqlStyle& style);

/// The names as identifiers, separated by commas.
std::string quote_names(std::span<const std::string> names, const SqlStyle& style);

/// `text` as a string literal.
std::string quote_string(std::string_view text, const SqlStyle& style);

}  // namespace parley::dialect
