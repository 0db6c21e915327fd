#include "cli/execution.h"

#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>

#include "base/log.h"

namespace parley::cli {
namespace {

using Clock = std::chrono::steady_clock;

constexpr auto kDrawInterval = std::chrono::milliseconds(100);
constexpr auto kLogInterval = std::chrono::seconds(10);

/// One line at the bottom of the terminal, drawn over and over, and gone when the step is done.
class Bar {
 public:
  void show(const migrate::Progress& progress) {
    const bool is_over = progress.rows_total > 0 && progress.rows_done >= progress.rows_total;
    if (progress.rows_done == 0 || is_over) return erase();
    if (Clock::now() - drawn_at_ < kDrawInterval) return;
    fmt::print(stderr, "\r\x1b[K{}", migrate::to_text(progress));
    std::fflush(stderr);
    drawn_at_ = Clock::now();
    is_drawn_ = true;
  }

 private:
  void erase() {
    if (is_drawn_) fmt::print(stderr, "\r\x1b[K");
    is_drawn_ = false;
  }

  Clock::time_point drawn_at_;
  bool is_drawn_ = false;
};

class LogLines {
 public:
  void show(const migrate::Progress& progress) {
    if (progress.rows_done == 0) began_at_ = Clock::now();
    if (Clock::now() - began_at_ < kLogInterval) return;
    log::info("{}", migrate::to_text(progress));
    began_at_ = Clock::now();
  }

 private:
  Clock::time_point began_at_ = Clock::now();
};

std::chrono::milliseconds seconds(const char* option, std::int64_t value) {
  constexpr std::int64_t kDay = 86'400;
  if (value < 0 || value > kDay) {
    throw Error(ErrorCode::InvalidArgument,
                fmt::format("{} {}: this is no number of seconds to wait", option, value),
                "Give a number from 0 to 86400.");
  }
  return std::chrono::seconds(value);
}

}  // namespace

void add_patience(Verb& verb, ExecutionWords& words) {
  verb.option("--lock-timeout", "SECONDS", words.lock_timeout,
              "How long to wait for another deployer (default 60)");
  verb.option("--statement-lock-timeout", "SECONDS", words.statement_lock_timeout,
              "How long a statement waits for locks of others before it makes way and tries again "
              "(default 5)");
}

void add_backup(Verb& verb, ExecutionWords& words) {
  verb.flag("!--no-backup", words.takes_backup, "Take no backup before rows or values are dropped");
}

void add_park(Verb& verb, ExecutionWords& words) {
  verb.flag("--park", words.parks,
            "Keep the tables and columns that are dropped aside, for the way back");
}

migrate::ExecuteOptions execute_options(const ExecutionWords& words, const DbOptions& options,
                                        const app::Target& target) {
  migrate::ExecuteOptions execution = app::execute_options();
  execution.lock_patience = seconds("--lock-timeout", words.lock_timeout);
  execution.statement_lock_timeout =
      seconds("--statement-lock-timeout", words.statement_lock_timeout);
  execution.on_progress = progress_listener(options);
  execution.parks = words.parks;
  if (words.takes_backup) execution.backup_directory = backup_directory(options, target);
  return execution;
}

std::filesystem::path backup_directory(const DbOptions& options, const app::Target& target) {
  if (target.definition.name.empty() || !options.url.empty()) return ".";
  return options.configuration().data_directory();
}

migrate::ProgressListener progress_listener(const CommonOptions& options) {
  if (options.is_quiet) return {};
  if (isatty(STDERR_FILENO) == 0) {
    return
        [lines = LogLines()](const migrate::Progress& progress) mutable { lines.show(progress); };
  }
  return [bar = Bar()](const migrate::Progress& progress) mutable { bar.show(progress); };
}

}  // namespace parley::cli
