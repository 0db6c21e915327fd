#pragma once

// Tells the listener of a run how far it came. Internal to the executor; one thread.

#include <chrono>
#include <cstdint>
#include <string>
#include <utility>

#include "migrate/plan.h"
#include "migrate/progress.h"

namespace parley::migrate {

class Reporter {
 public:
  /// The listener must outlive it; it may be empty.
  Reporter(const ProgressListener& listener, std::string task, std::int64_t steps_total)
      : listener_(listener) {
    progress_.task = std::move(task);
    progress_.steps_total = steps_total;
  }

  void begin(const Step& step, std::int64_t position) {
    progress_.step = step.reason;
    progress_.steps_done = position;
    progress_.rows_done = progress_.rows_total = progress_.rows_before = 0;
    started_ = std::chrono::steady_clock::now();
    tell();
  }
  void resume_at(std::int64_t rows) { progress_.rows_before = rows; }
  void rows(std::int64_t done, std::int64_t total) {
    progress_.rows_done = done;
    progress_.rows_total = total;
    tell();
  }

 private:
  void tell() {
    if (!listener_) return;
    progress_.elapsed = std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::steady_clock::now() - started_);
    listener_(progress_);
  }

  const ProgressListener& listener_;
  Progress progress_;
  std::chrono::steady_clock::time_point started_;
};

}  // namespace parley::migrate
