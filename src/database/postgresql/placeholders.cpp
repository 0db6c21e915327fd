#include "database/postgresql/placeholders.h"

#include <algorithm>
#include <cctype>

namespace parley::database {
namespace {

constexpr std::size_t kEnd = std::string_view::npos;

bool is_identifier_character(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return std::isalnum(byte) != 0 || c == '_' || byte >= 0x80;
}

std::size_t end_of(std::string_view sql, std::size_t found, std::size_t length) {
  return found == kEnd ? sql.size() : found + length;
}

// Past the quote that closes the one at `start`. A doubled quote reads as one piece behind another,
// which comes to the same.
std::size_t skip_quoted(std::string_view sql, std::size_t start) {
  return end_of(sql, sql.find(sql[start], start + 1), 1);
}

// E'…' has backslash escapes.
std::size_t skip_escape_string(std::string_view sql, std::size_t start) {
  for (std::size_t i = start + 1; i < sql.size(); ++i) {
    if (sql[i] == '\\') {
      ++i;
    } else if (sql[i] == '\'') {
      return i + 1;
    }
  }
  return sql.size();
}

// $tag$…$tag$; a `$` that opens none is passed by itself.
std::size_t skip_dollar_quoted(std::string_view sql, std::size_t start) {
  std::size_t tag_end = start + 1;
  while (tag_end < sql.size() && is_identifier_character(sql[tag_end])) ++tag_end;
  const bool is_digit =
      std::isdigit(static_cast<unsigned char>(sql[std::min(start + 1, sql.size() - 1)])) != 0;
  if (tag_end == sql.size() || sql[tag_end] != '$' || is_digit) return start + 1;
  const std::string_view tag = sql.substr(start, tag_end + 1 - start);
  return end_of(sql, sql.find(tag, tag_end + 1), tag.size());
}

// Block comments nest.
std::size_t skip_block_comment(std::string_view sql, std::size_t start) {
  int depth = 0;
  for (std::size_t i = start; i + 1 < sql.size(); ++i) {
    const std::string_view pair = sql.substr(i, 2);
    if (pair != "/*" && pair != "*/") continue;
    depth += pair == "/*" ? 1 : -1;
    if (depth == 0) return i + 2;
    ++i;
  }
  return sql.size();
}

// True when the quote at `quote` belongs to an E prefix, which is not the end of a longer word.
bool has_escape_prefix(std::string_view sql, std::size_t quote) {
  if (quote == 0 || (sql[quote - 1] != 'E' && sql[quote - 1] != 'e')) return false;
  return quote == 1 || !(is_identifier_character(sql[quote - 2]) || sql[quote - 2] == '$');
}

// Past the quoted text, comment, word or single character that begins at `at`.
std::size_t skip_token(std::string_view sql, std::size_t at) {
  const char c = sql[at];
  if (c == '\'' && has_escape_prefix(sql, at)) return skip_escape_string(sql, at);
  if (c == '\'' || c == '"') return skip_quoted(sql, at);
  if (c == '$') return skip_dollar_quoted(sql, at);
  if (sql.substr(at, 2) == "--") return end_of(sql, sql.find('\n', at), 1);
  if (sql.substr(at, 2) == "/*") return skip_block_comment(sql, at);
  if (!is_identifier_character(c)) return at + 1;
  // A word is passed as a whole: a `$` inside it (section 4.1.1) opens no quote.
  std::size_t end = at + 1;
  while (end < sql.size() && (is_identifier_character(sql[end]) || sql[end] == '$')) ++end;
  return end;
}

}  // namespace

NumberedSql number_placeholders(std::string_view sql) {
  NumberedSql result;
  result.sql.reserve(sql.size() + 32);
  for (std::size_t at = 0; at < sql.size();) {
    if (sql[at] == '?') {
      result.sql += "$" + std::to_string(++result.parameters);
      ++at;
      continue;
    }
    const std::size_t end = skip_token(sql, at);
    result.sql += sql.substr(at, end - at);
    at = end;
  }
  return result;
}

}  // namespace parley::database
