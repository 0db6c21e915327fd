#pragma once

// How far a run has come, as a value that is handed to whoever shows it: the executor reports, the
// command line draws. Pure; the listener is called on the thread that does the work, after every
// step and batch, so it must be quick.

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace parley::migrate {

struct Progress {
  std::string task;  ///< What it is part of: a revision's id, `backup`.
  std::string step;  ///< One line: what is done now.
  std::int64_t steps_done = 0;
  std::int64_t steps_total = 0;
  std::int64_t rows_done = 0;   ///< Of the step; 0 unless it goes through rows.
  std::int64_t rows_total = 0;  ///< 0: not known.
  std::int64_t rows_before = 0;  ///< Of `rows_done`, what an earlier run did.
  std::chrono::milliseconds elapsed{0};  ///< Since the step began in this run.

  /// Rows per second of this run; nothing before there is something to tell.
  std::optional<double> rate() const;
  /// 0 to 100; nothing when the total is not known.
  std::optional<int> percent() const;
  /// What is left at the present rate.
  std::optional<std::chrono::seconds> remaining() const;
};

using ProgressListener = std::function<void(const Progress&)>;

/// One line: `003_more: step 2 of 5, fill messages.kind: 12 000 of 50 000 rows (24 %), 30 000
/// rows/s, 2 s left`.
std::string to_text(const Progress& progress);

/// A whole number with thin groups of three: `1 234 567`.
std::string grouped(std::int64_t number);

}  // namespace parley::migrate
