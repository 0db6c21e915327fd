#include "base/text_diff.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace parley {
namespace {

constexpr std::size_t kContext = 3;
constexpr std::size_t kTableMax = 25'000'000;  // Cells; past it the exact answer costs too much.

using Lines = std::vector<std::string_view>;

struct Edit {
  char kind;  // ' ', '-' or '+'.
  std::string_view line;
};

Lines lines_of(std::string_view text) {
  Lines lines;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    lines.push_back(text.substr(0, end));
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
  }
  return lines;
}

/// lengths[i][j]: of the longest common subsequence of before[i…] and after[j…].
std::vector<std::vector<std::uint32_t>> common_lengths(const Lines& before, const Lines& after) {
  std::vector lengths(before.size() + 1, std::vector<std::uint32_t>(after.size() + 1));
  for (std::size_t i = before.size(); i-- > 0;) {
    for (std::size_t j = after.size(); j-- > 0;) {
      lengths[i][j] = before[i] == after[j] ? lengths[i + 1][j + 1] + 1
                                            : std::max(lengths[i + 1][j], lengths[i][j + 1]);
    }
  }
  return lengths;
}

void append(std::vector<Edit>& edits, char kind, std::span<const std::string_view> lines) {
  for (const std::string_view line : lines) edits.push_back({kind, line});
}

/// The edits between two lists that differ at both ends.
void append_middle(std::vector<Edit>& edits, const Lines& before, const Lines& after) {
  std::size_t i = 0;
  std::size_t j = 0;
  if (before.size() * after.size() <= kTableMax) {
    const auto lengths = common_lengths(before, after);
    while (i < before.size() && j < after.size()) {
      if (before[i] == after[j]) {
        edits.push_back({' ', before[i]});
        ++i, ++j;
      } else if (lengths[i + 1][j] >= lengths[i][j + 1]) {
        edits.push_back({'-', before[i++]});
      } else {
        edits.push_back({'+', after[j++]});
      }
    }
  }
  append(edits, '-', std::span(before).subspan(i));
  append(edits, '+', std::span(after).subspan(j));
}

std::vector<Edit> edits_between(const Lines& before, const Lines& after) {
  const auto [b, a] = std::ranges::mismatch(before, after);
  const auto head = static_cast<std::size_t>(b - before.begin());
  std::size_t tail = 0;
  while (tail < before.size() - head && tail < after.size() - head &&
         before[before.size() - 1 - tail] == after[after.size() - 1 - tail]) {
    ++tail;
  }
  const auto middle = [&](const Lines& lines) {
    return Lines(lines.begin() + static_cast<std::ptrdiff_t>(head),
                 lines.end() - static_cast<std::ptrdiff_t>(tail));
  };
  std::vector<Edit> edits;
  append(edits, ' ', std::span(before).first(head));
  append_middle(edits, middle(before), middle(after));
  append(edits, ' ', std::span(before).last(tail));
  return edits;
}

/// One past the last edit of the hunk that begins with the change at `first`.
std::size_t end_of_hunk(const std::vector<Edit>& edits, std::size_t first) {
  std::size_t end = first;
  for (std::size_t at = first; at < edits.size() && at <= end + 2 * kContext; ++at) {
    if (edits[at].kind != ' ') end = at + 1;
  }
  return std::min(edits.size(), end + kContext);
}

std::string range_text(std::size_t first, std::size_t count) {
  const std::size_t shown = count == 0 ? first : first + 1;
  return count == 1 ? std::to_string(shown) : fmt::format("{},{}", shown, count);
}

}  // namespace

std::string unified_diff(std::string_view before, std::string_view after,
                         std::string_view before_name, std::string_view after_name) {
  const auto edits = edits_between(lines_of(before), lines_of(after));
  std::string text;
  std::size_t before_line = 0;
  std::size_t after_line = 0;
  std::size_t told = 0;
  const auto count = [](std::span<const Edit> part, char other) {
    return static_cast<std::size_t>(
        std::ranges::count_if(part, [&](const Edit& edit) { return edit.kind != other; }));
  };
  for (std::size_t at = 0; at < edits.size(); ++at) {
    if (edits[at].kind == ' ' || at < told) continue;
    const std::size_t start = std::max(told, at < kContext ? 0 : at - kContext);
    const std::size_t end = end_of_hunk(edits, at);
    const auto skipped = std::span(edits).subspan(told, start - told);
    const auto hunk = std::span(edits).subspan(start, end - start);
    before_line += count(skipped, '+');
    after_line += count(skipped, '-');
    text += fmt::format("@@ -{} +{} @@\n", range_text(before_line, count(hunk, '+')),
                        range_text(after_line, count(hunk, '-')));
    for (const Edit& edit : hunk) text += fmt::format("{}{}\n", edit.kind, edit.line);
    before_line += count(hunk, '+');
    after_line += count(hunk, '-');
    told = end;
  }
  if (text.empty()) return text;
  return fmt::format("--- {}\n+++ {}\n{}", before_name, after_name, text);
}

}  // namespace parley
