#include "dialect/sql_style.h"

#include <algorithm>

namespace parley::dialect {
namespace {

bool is_plain_name(std::string_view name) {
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; };
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  return !name.empty() && is_letter(name.front()) &&
         std::all_of(name.begin(), name.end(), [&](char c) { return is_letter(c) || is_digit(c); });
}

}  // namespace

std::string quote_name(std::string_view name, const SqlStyle& style) {
  const auto& words = style.reserved_words;
  if (is_plain_name(name) && !std::binary_search(words.begin(), words.end(), name)) {
    return std::string(name);
  }
  std::string quoted(1, style.name_quote);
  for (const char c : name) {
    if (c == style.name_quote) quoted += c;
    quoted += c;
  }
  return quoted + style.name_quote;
}

std::string quote_names(std::span<const std::string> names, const SqlStyle& style) {
  std::string list;
  for (const std::string& name : names) {
    if (!list.empty()) list += ", ";
    list += quote_name(name, style);
  }
  return list;
}

std::string quote_string(std::string_view text, const SqlStyle& style) {
  std::string quoted = "'";
  for (const char c : text) {
    if (c == '\'' || (c == '\\' && style.backslash_escapes)) quoted += c;
    quoted += c;
  }
  return quoted + "'";
}

}  // namespace parley::dialect
