#include "outreach/csv.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace parley::outreach {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

/// The one that the first line has most of, outside quotes.
char separator_of(std::string_view text) {
  static constexpr std::array<char, 3> kSeparators{',', ';', '\t'};
  std::array<std::size_t, 3> counts{};
  bool is_quoted = false;
  for (const char c : text.substr(0, text.find('\n'))) {
    if (c == '"') is_quoted = !is_quoted;
    const auto found = std::ranges::find(kSeparators, c);
    if (!is_quoted && found != kSeparators.end())
      ++counts[static_cast<std::size_t>(found - kSeparators.begin())];
  }
  return kSeparators[static_cast<std::size_t>(std::ranges::max_element(counts) - counts.begin())];
}

bool is_empty(const CsvRow& row) {
  return row.problem.empty() && std::ranges::all_of(row.fields, [](const std::string& field) {
           return trim(field).empty();
         });
}

}  // namespace

CsvReader::CsvReader(std::string_view text) : unread_(text) {
  if (unread_.starts_with(kByteOrderMark)) unread_.remove_prefix(kByteOrderMark.size());
  separator_ = separator_of(unread_);
}

std::optional<CsvRow> CsvReader::next() {
  while (!unread_.empty()) {
    CsvRow row = read_row();
    if (!is_empty(row)) return row;
  }
  return std::nullopt;
}

CsvRow CsvReader::read_row() {
  CsvRow row{.line = line_, .fields = {}, .problem = {}};
  const std::string_view begin = unread_;
  for (;;) {
    row.fields.push_back(read_field(row));
    if (!row.problem.empty()) {
      unread_ = begin;
      line_ = row.line;
      skip_line();
      return row;
    }
    if (unread_.empty() || is_at_end_of_line()) break;
    unread_.remove_prefix(1);  // The separator.
  }
  end_line();
  for (const std::string& field : row.fields) {
    if (!is_storable_text(field)) row.problem = "it is no UTF-8";
  }
  return row;
}

std::string CsvReader::read_field(CsvRow& row) {
  std::string field;
  if (!unread_.starts_with('"')) {
    while (!unread_.empty() && unread_.front() != separator_ && !is_at_end_of_line()) {
      field += unread_.front();
      unread_.remove_prefix(1);
    }
    return field;
  }
  unread_.remove_prefix(1);
  for (;;) {
    const std::size_t quote = unread_.find('"');
    if (quote == std::string_view::npos) {
      row.problem = "a quote does not end";
      return field;
    }
    line_ += static_cast<std::size_t>(std::ranges::count(unread_.substr(0, quote), '\n'));
    field += unread_.substr(0, quote);
    unread_.remove_prefix(quote + 1);
    if (!unread_.starts_with('"')) break;
    field += '"';
    unread_.remove_prefix(1);
  }
  const bool is_ended = unread_.empty() || unread_.front() == separator_ || is_at_end_of_line();
  if (!is_ended) row.problem = "something follows the end of a quote";
  return field;
}

bool CsvReader::is_at_end_of_line() const {
  return unread_.starts_with('\n') || unread_.starts_with("\r\n");
}

void CsvReader::end_line() {
  if (unread_.empty()) return;
  unread_.remove_prefix(unread_.front() == '\r' ? 2 : 1);
  ++line_;
}

void CsvReader::skip_line() {
  const std::size_t end = unread_.find('\n');
  unread_.remove_prefix(end == std::string_view::npos ? unread_.size() : end + 1);
  ++line_;
}

}  // namespace parley::outreach
