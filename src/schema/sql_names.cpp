#include "schema/sql_names.h"

#include <algorithm>
#include <utility>

#include "base/text.h"

namespace parley::schema {
namespace {

bool is_word_character(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '$' || byte >= 0x80;
}

std::size_t end_behind(std::string_view sql, std::string_view closing, std::size_t start) {
  const std::size_t at = sql.find(closing, start);
  return at == std::string_view::npos ? sql.size() : at + closing.size();
}

/// The end of the literal, comment or word that starts at `start`, or of the one character there.
std::size_t piece_end(std::string_view sql, std::size_t start) {
  if (sql.substr(start).starts_with("--")) return end_behind(sql, "\n", start);
  if (sql.substr(start).starts_with("/*")) return end_behind(sql, "*/", start + 2);
  if (sql[start] == '\'') {
    const std::size_t quote = sql.find('\'', start + 1);
    return quote == std::string_view::npos ? sql.size() : quote + 1;
  }
  std::size_t end = start;
  while (end < sql.size() && is_word_character(sql[end])) ++end;
  return std::max(end, start + 1);
}

bool is_call(std::string_view sql, std::size_t word_end) {
  const std::size_t next = sql.find_first_not_of(" \t\r\n", word_end);
  return next != std::string_view::npos && sql[next] == '(';
}

/// Calls `visit(piece)` with all pieces of `sql` in order.
template <class Visit>
void for_each_piece(std::string_view sql, const Visit& visit) {
  for (std::size_t start = 0; start < sql.size();) {
    const std::size_t end = piece_end(sql, start);
    visit(sql.substr(start, end - start));
    start = end;
  }
}

bool is_same_word(std::string_view a, std::string_view b) { return lower(a) == lower(b); }

}  // namespace

bool mentions_column(std::string_view sql, std::string_view column) {
  for (std::size_t start = 0; start < sql.size();) {
    const std::size_t end = piece_end(sql, start);
    if (sql.substr(start, end - start) == column && !is_call(sql, end)) return true;
    start = end;
  }
  return false;
}

std::string rename_column_in(std::string_view sql, std::string_view column,
                             std::string_view new_name) {
  std::string result;
  for (std::size_t start = 0; start < sql.size();) {
    const std::size_t end = piece_end(sql, start);
    const std::string_view piece = sql.substr(start, end - start);
    result += piece == column && !is_call(sql, end) ? new_name : piece;
    start = end;
  }
  return result;
}

bool mentions_name(std::string_view sql, std::string_view name) {
  bool is_found = false;
  for_each_piece(sql, [&](std::string_view piece) { is_found |= is_same_word(piece, name); });
  return is_found;
}

std::string rename_in(std::string_view sql, std::string_view name, std::string_view new_name) {
  std::string result;
  for_each_piece(
      sql, [&](std::string_view piece) { result += is_same_word(piece, name) ? new_name : piece; });
  return result;
}

std::string rename_row_column_in(std::string_view sql, std::string_view column,
                                 std::string_view new_name) {
  std::string result;
  std::string_view before;  // The two pieces in front: `NEW` and `.`.
  std::string_view dot;
  for_each_piece(sql, [&](std::string_view piece) {
    if (piece == "\"" || piece == "`") {  // Quotes stand around a name and count for nothing.
      result += piece;
      return;
    }
    const bool is_of_row =
        dot == "." && (is_same_word(before, "new") || is_same_word(before, "old"));
    result += is_of_row && is_same_word(piece, column) ? new_name : piece;
    before = std::exchange(dot, piece);
  });
  return result;
}

}  // namespace parley::schema
