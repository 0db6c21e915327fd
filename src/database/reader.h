#pragma once

// Reading somebody else's database with statements that nobody has checked: written by a model, or
// by a stranger who talks to one. The database itself holds them to it: the transaction (SQLite:
// the file and the connection) is read-only, a second statement is a syntax error, and there are
// limits of time, rows and bytes, which hold on this side too, should the server not keep them.
// Every call has a connection of its own, which ends with it, so that nothing a statement did to
// its session lasts. Functions block; any thread.
//
// What a user of that database may do beyond tables is the server's to say: give it one that may
// only read.

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/cancellation.h"
#include "database/url.h"

namespace parley::database {

struct ReadLimits {
  std::chrono::milliseconds timeout{30'000};
  std::size_t rows_max = 200;
  std::size_t bytes_max = std::size_t{1} << 20;  ///< Of all values together.
};

/// What a statement gave, as text; NULL is nothing, and bytes that are no text are only counted.
struct ReadRows {
  std::vector<std::string> columns;
  std::vector<std::vector<std::optional<std::string>>> rows;
  bool is_cut = false;  ///< There was more than the limits allow.
};

/// Runs one statement. Throws Error: SyntaxError, UnknownTable… as the engine says, also for what
/// would write; Unavailable when it takes too long or is cancelled; PayloadTooLarge for a value
/// that is too large to be received; CannotConnect, PermissionDenied, UnknownDatabase. Messages
/// never show the password.
ReadRows read(const Url& url, std::string_view sql, const ReadLimits& limits,
              const Cancellation& cancellation);

/// A column of a table or view.
struct ColumnFact {
  std::string table;  ///< With its schema in front when that is not searched anyway.
  std::string name;
  std::string type;  ///< In the engine's words.

  friend bool operator==(const ColumnFact&, const ColumnFact&) = default;
};

/// All columns that the user may see, by table, in the order of the table; without the engine's own
/// tables. Throws as `read`.
std::vector<ColumnFact> read_columns(const Url& url, const ReadLimits& limits,
                                     const Cancellation& cancellation);

}  // namespace parley::database
