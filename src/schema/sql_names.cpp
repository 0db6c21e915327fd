#include "schema/sql_names.h"

#include <algorithm>

namespace parley::schema {
namespace {

bool is_word_character(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '$' || byte >= 0x80;
}

/// The end of the literal or word that starts at `start`, or of the one character there.
std::size_t piece_end(std::string_view sql, std::size_t start) {
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

}  // namespace parley::schema
