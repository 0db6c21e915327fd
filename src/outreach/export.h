#pragma once

// Everything that a user logged in the last days, as a document of any length: made piece by piece,
// each from a page of rows, so that it needs the memory of one. Between two pieces no transaction
// is open: a message that changes meanwhile may be told as it was or as it is, and none that was
// there at the start and still is at the end is left out. One thread at a time.

#include <optional>
#include <string>

#include "base/clock.h"
#include "outreach/export_format.h"
#include "outreach/queries.h"
#include "store/connection.h"

namespace parley::outreach {

class Export {
 public:
  Export(ExportRequest request, std::string user_id, Timestamp now);

  /// The next piece; empty at the end. Runs inside a transaction; may be called again for the same
  /// piece until `advance`.
  std::string piece(database::Connection& connection, Times times);

  /// The piece was taken.
  void advance() { state_ = next_; }

  /// Rows in the pieces so far.
  std::int64_t rows() const { return state_.rows; }

 private:
  enum class Part { Begin, MessageRows, Middle, SessionRows, End, Done };
  struct State {
    Part part = Part::Begin;
    std::optional<ListPosition> after;
    std::int64_t rows = 0;
  };

  std::string messages(database::Connection& connection, Times times);
  std::string sessions(database::Connection& connection, Times times);

  const ExportRequest request_;
  const std::string user_id_;
  const Timestamp now_;
  const Timestamp since_;
  State state_;
  State next_;
};

}  // namespace parley::outreach
