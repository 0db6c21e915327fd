#include "cli/row_progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>

#include "migrate/progress.h"

namespace parley::cli {
namespace {

constexpr std::chrono::milliseconds kDrawInterval{100};

}  // namespace

RowProgress::RowProgress(std::string what, std::int64_t total, const CommonOptions& options)
    : what_(std::move(what)),
      total_(total),
      is_shown_(isatty(STDERR_FILENO) != 0 && !options.is_quiet) {}

RowProgress::~RowProgress() {
  if (is_shown_) fmt::print(stderr, "\r\x1b[K");
}

void RowProgress::show(std::int64_t done) {
  const auto now = Clock::now();
  if (!is_shown_ || now - drawn_at_ < kDrawInterval) return;
  drawn_at_ = now;
  const migrate::Progress progress{
      .task = what_,
      .step = "rows",
      .steps_done = 0,
      .steps_total = 1,
      .rows_done = done,
      .rows_total = total_,
      .elapsed = std::chrono::duration_cast<std::chrono::milliseconds>(now - begin_)};
  fmt::print(stderr, "\r\x1b[K{}", migrate::to_text(progress));
  std::fflush(stderr);
}

}  // namespace parley::cli
