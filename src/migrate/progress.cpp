#include "migrate/progress.h"

#include <fmt/format.h>

#include <algorithm>

namespace parley::migrate {
namespace {

std::string duration_text(std::chrono::seconds left) {
  const auto seconds = left.count();
  if (seconds < 60) return fmt::format("{} s", seconds);
  if (seconds < 3600) return fmt::format("{} min {} s", seconds / 60, seconds % 60);
  return fmt::format("{} h {} min", seconds / 3600, seconds % 3600 / 60);
}

}  // namespace

std::optional<double> Progress::rate() const {
  const std::int64_t rows = rows_done - rows_before;
  if (rows <= 0 || elapsed.count() <= 0) return std::nullopt;
  return static_cast<double>(rows) * 1000 / static_cast<double>(elapsed.count());
}

std::optional<int> Progress::percent() const {
  if (rows_total <= 0) return std::nullopt;
  return static_cast<int>(std::min<std::int64_t>(100, rows_done * 100 / rows_total));
}

std::optional<std::chrono::seconds> Progress::remaining() const {
  const auto per_second = rate();
  if (!per_second || rows_total <= 0) return std::nullopt;
  const std::int64_t left = std::max<std::int64_t>(0, rows_total - rows_done);
  return std::chrono::seconds(static_cast<std::int64_t>(static_cast<double>(left) / *per_second));
}

std::string grouped(std::int64_t number) {
  std::string digits = std::to_string(number);
  const std::size_t first = digits.starts_with('-') ? 1 : 0;
  for (std::size_t at = digits.size(); at > first + 3;) digits.insert(at -= 3, 1, ' ');
  return digits;
}

std::string to_text(const Progress& progress) {
  std::string text = fmt::format("{}: step {} of {}, {}", progress.task,
                                 std::min(progress.steps_done + 1, progress.steps_total),
                                 progress.steps_total, progress.step);
  if (progress.rows_done == 0 && progress.rows_total == 0) return text;
  text += ": " + grouped(progress.rows_done);
  if (progress.rows_total > 0) text += " of " + grouped(progress.rows_total);
  text += " rows";
  if (const auto percent = progress.percent()) text += fmt::format(" ({} %)", *percent);
  if (const auto rate = progress.rate()) {
    text += fmt::format(", {} rows/s", grouped(static_cast<std::int64_t>(*rate)));
  }
  if (const auto left = progress.remaining()) text += ", " + duration_text(*left) + " left";
  return text;
}

}  // namespace parley::migrate
