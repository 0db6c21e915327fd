#pragma once

// The file of a logical backup, as docs/guide/backup.md documents it: JSON texts, one a line. First
// what it is a backup of, then the schema, then table by table its rows, and at the end that this
// is the end. Writing is safe against everything: a file of that name is only there once all of it
// is on disk. One thread.

#include <array>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/value.h"

namespace parley::migrate {

inline constexpr int kDumpVersion = 1;

/// The sum of the rows of a table, whatever their order: their number, and the SHA-256 of each row's
/// line added up.
class RowSum {
 public:
  void add(std::string_view line);
  std::int64_t rows() const { return rows_; }
  std::string text() const;  ///< 64 hexadecimal digits.

 private:
  std::int64_t rows_ = 0;
  std::array<std::uint64_t, 4> words_{};
};

/// Writes under another name, readable by the owner alone; `finish` gives the file its name.
class FileWriter {
 public:
  /// Throws Error{FileSystem} when the file exists already or cannot be made.
  explicit FileWriter(std::filesystem::path file);
  /// Removes what was written unless it was finished.
  ~FileWriter();
  FileWriter(const FileWriter&) = delete;
  FileWriter& operator=(const FileWriter&) = delete;

  /// Where the bytes are until it is finished.
  const std::filesystem::path& part() const { return part_; }

  /// Throws Error{DiskFull} or {FileSystem}.
  void write_line(std::string_view line);
  void finish();

 private:
  void flush();

  std::filesystem::path file_;
  std::filesystem::path part_;
  int descriptor_ = -1;
  std::string buffer_;
  bool is_finished_ = false;
};

/// Reads the lines of a dump.
class DumpReader {
 public:
  /// Throws Error{FileSystem} when it cannot be read, and Error{InvalidArgument} when it is no dump,
  /// one of a newer program, or cut short.
  explicit DumpReader(const std::filesystem::path& file);

  const JsonObject& header() const { return header_; }

  /// The next line: an object, or the list that a row is. Nothing at the end.
  std::optional<std::string> next();

  /// Throws Error{InvalidArgument} that names the file, the line and what is wrong.
  [[noreturn]] void refuse(const std::string& what) const;

 private:
  void require_end() const;

  std::filesystem::path file_;
  std::ifstream stream_;
  std::int64_t line_ = 0;
  JsonObject header_;
};

}  // namespace parley::migrate
