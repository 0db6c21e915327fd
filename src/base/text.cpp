#include "base/text.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <utility>

namespace parley {
namespace {

constexpr std::string_view kAsciiWhiteSpace = " \t\n\v\f\r";

char lower_letter(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
char upper_letter(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

template <class Map>
std::string mapped(std::string_view text, Map map) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(), map);
  return result;
}

unsigned byte_at(std::string_view text, std::size_t position) {
  return static_cast<unsigned char>(text[position]);
}

bool is_continuation(unsigned byte) { return (byte & 0xC0U) == 0x80U; }

/// A row of Unicode 15, table 3-7: the lead bytes, how many bytes follow, what the first of them
/// may be.
struct Utf8Form {
  unsigned lead_first, lead_last;
  std::size_t length;
  unsigned second_first, second_last;
};
constexpr auto kUtf8Forms = std::to_array<Utf8Form>({
    {0xC2, 0xDF, 2, 0x80, 0xBF},
    {0xE0, 0xE0, 3, 0xA0, 0xBF},
    {0xE1, 0xEC, 3, 0x80, 0xBF},
    {0xED, 0xED, 3, 0x80, 0x9F},
    {0xEE, 0xEF, 3, 0x80, 0xBF},
    {0xF0, 0xF0, 4, 0x90, 0xBF},
    {0xF1, 0xF3, 4, 0x80, 0xBF},
    {0xF4, 0xF4, 4, 0x80, 0x8F},
});

/// Length of the well-formed sequence that `text` starts with; 0 when it starts with none.
std::size_t sequence_length(std::string_view text) {
  const unsigned lead = byte_at(text, 0);
  if (lead < 0x80) return 1;
  const auto form = std::find_if(kUtf8Forms.begin(), kUtf8Forms.end(), [&](const Utf8Form& each) {
    return lead >= each.lead_first && lead <= each.lead_last;
  });
  if (form == kUtf8Forms.end() || text.size() < form->length) return 0;
  const unsigned second = byte_at(text, 1);
  if (second < form->second_first || second > form->second_last) return 0;
  for (std::size_t i = 2; i < form->length; ++i) {
    if (!is_continuation(byte_at(text, i))) return 0;
  }
  return form->length;
}

/// The code point of the well-formed sequence `text`.
char32_t decode(std::string_view text) {
  const unsigned lead = byte_at(text, 0);
  if (text.size() == 1) return lead;
  char32_t code = lead & (0x7FU >> text.size());
  for (std::size_t i = 1; i < text.size(); ++i) code = (code << 6U) | (byte_at(text, i) & 0x3FU);
  return code;
}

bool is_white_space(char32_t c) {
  return (c >= 0x09 && c <= 0x0D) || c == 0x20 || c == 0x85 || c == 0xA0 || c == 0x1680 ||
         (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F ||
         c == 0x3000;
}

/// Edits (insert, delete, replace, swap of neighbours) that lead from `a` to `b`, letter case
/// aside.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before_last;
  std::vector<std::size_t> last(b.size() + 1);
  std::iota(last.begin(), last.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::vector<std::size_t> row{i};
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const bool same = lower_letter(a[i - 1]) == lower_letter(b[j - 1]);
      row.push_back(std::min({row[j - 1] + 1, last[j] + 1, last[j - 1] + (same ? 0U : 1U)}));
      const bool swapped = i > 1 && j > 1 && lower_letter(a[i - 1]) == lower_letter(b[j - 2]) &&
                           lower_letter(a[i - 2]) == lower_letter(b[j - 1]);
      if (swapped) row[j] = std::min(row[j], before_last[j - 2] + 1);
    }
    before_last = std::exchange(last, std::move(row));
  }
  return last.back();
}

}  // namespace

std::string_view trim(std::string_view text) {
  const std::size_t first = text.find_first_not_of(kAsciiWhiteSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kAsciiWhiteSpace) - first + 1);
}

std::string lower(std::string_view text) { return mapped(text, lower_letter); }

std::string upper(std::string_view text) { return mapped(text, upper_letter); }

bool equals_ignoring_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower_letter(x) == lower_letter(y); });
}

std::string join(std::span<const std::string> parts, std::string_view separator) {
  std::string result;
  for (const std::string& part : parts) {
    if (&part != parts.data()) result += separator;
    result += part;
  }
  return result;
}

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  std::size_t start = 0;
  for (std::size_t end = text.find(separator); end != std::string_view::npos;
       end = text.find(separator, start)) {
    parts.emplace_back(text.substr(start, end - start));
    start = end + 1;
  }
  parts.emplace_back(text.substr(start));
  return parts;
}

std::string collapse_white_space(std::string_view text) {
  std::string result;
  for (const char c : trim(text)) {
    if (kAsciiWhiteSpace.find(c) == std::string_view::npos) {
      result += c;
    } else if (result.back() != ' ') {
      result += ' ';
    }
  }
  return result;
}

bool is_storable_text(std::string_view text) {
  while (!text.empty()) {
    const std::size_t length = sequence_length(text);
    if (length == 0 || text.front() == '\0') return false;
    text.remove_prefix(length);
  }
  return true;
}

std::size_t code_points(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return !is_continuation(static_cast<unsigned char>(c));
  }));
}

std::string_view first_code_points(std::string_view text, std::size_t count) {
  std::size_t end = 0;
  while (end < text.size() && (count > 0 || is_continuation(byte_at(text, end)))) {
    if (!is_continuation(byte_at(text, end))) --count;
    ++end;
  }
  return text.substr(0, end);
}

bool has_visible_character(std::string_view text) {
  while (!text.empty()) {
    const std::size_t length = std::max<std::size_t>(sequence_length(text), 1);
    if (!is_white_space(decode(text.substr(0, length)))) return true;
    text.remove_prefix(length);
  }
  return false;
}

std::string nearest(std::string_view word, std::span<const std::string> candidates) {
  std::string best;
  // A third of the letters may be wrong: more than that is a different word.
  std::size_t best_distance = std::max<std::size_t>(word.size() / 3, 1) + 1;
  for (const std::string& candidate : candidates) {
    const std::size_t distance = edit_distance(word, candidate);
    if (distance < best_distance) {
      best = candidate;
      best_distance = distance;
    }
  }
  return best;
}

}  // namespace parley
