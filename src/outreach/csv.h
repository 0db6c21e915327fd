#pragma once

// Reading lists as spreadsheets write them (RFC 4180): fields between commas or semicolons, in
// quotes where they need it. A line that cannot be read is told, and the rest goes on. Pure; any
// thread.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace parley::outreach {

struct CsvRow {
  std::size_t line = 0;  ///< Where it begins, from 1.
  std::vector<std::string> fields;
  std::string problem;  ///< Why it cannot be read; empty when it can.
};

class CsvReader {
 public:
  /// Reads from `text`, which outlives the reader. A byte order mark is left out; the first line
  /// shows whether commas, semicolons or tabs are between fields.
  explicit CsvReader(std::string_view text);

  /// The next row that is not empty; nothing at the end. A quote that never ends spoils its own
  /// line only.
  std::optional<CsvRow> next();

 private:
  CsvRow read_row();
  std::string read_field(CsvRow& row);
  bool is_at_end_of_line() const;
  void end_line();
  void skip_line();

  std::string_view unread_;
  std::size_t line_ = 1;
  char separator_ = ',';
};

}  // namespace parley::outreach
