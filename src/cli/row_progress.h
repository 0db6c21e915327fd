#pragma once

// One line at the bottom of a terminal while rows go by: how many are done, how fast, and how long
// it still takes. Elsewhere, and with --quiet, nothing. One thread.

#include <chrono>
#include <cstdint>
#include <string>

#include "cli/commands.h"

namespace parley::cli {

class RowProgress {
 public:
  /// `total` 0: not known.
  RowProgress(std::string what, std::int64_t total, const CommonOptions& options);
  /// Wipes the line.
  ~RowProgress();
  RowProgress(const RowProgress&) = delete;
  RowProgress& operator=(const RowProgress&) = delete;

  void show(std::int64_t done);

 private:
  using Clock = std::chrono::steady_clock;

  const std::string what_;
  const std::int64_t total_;
  const bool is_shown_;
  const Clock::time_point begin_ = Clock::now();
  Clock::time_point drawn_at_;
};

}  // namespace parley::cli
