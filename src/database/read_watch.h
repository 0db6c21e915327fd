#pragma once

// What every driver watches while it reads for database/reader.h: the time, the cancellation, the
// bytes. One thread.

#include <chrono>

#include "database/reader.h"

namespace parley::database {

class ReadWatch {
 public:
  ReadWatch(const ReadLimits& limits, const Cancellation& cancellation);

  const ReadLimits& limits() const { return limits_; }

  /// True once the time is over, with some to spare for a server that ends the statement itself, or
  /// somebody has cancelled.
  bool is_over() const;

  /// True once the statement has had the time that it may take.
  bool has_used_its_time() const;

  /// Throws Unavailable with the reason when it is over.
  void check() const;
  [[noreturn]] void throw_too_late() const;

  /// Waits until the socket has something to read; throws as `check`.
  void wait_for_input(int socket) const;

  /// Adds a row, unless it is one too many; false then, and the result is marked as cut.
  bool add(ReadRows& result, std::vector<std::optional<std::string>> row);

 private:
  const ReadLimits& limits_;
  const Cancellation& cancellation_;
  const std::chrono::steady_clock::time_point deadline_;
  std::size_t bytes_ = 0;
};

/// The bytes of a value as text, or how many there are when they are none.
std::string readable(std::string_view bytes);

}  // namespace parley::database
