#include "outreach/split.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <optional>
#include <set>

#include "base/clock.h"
#include "base/text.h"

namespace parley::outreach {
namespace {

constexpr std::string_view kCut = "...";

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

void add_trimmed(std::vector<std::string>& parts, std::string_view part) {
  part = trim(part);
  if (!part.empty()) parts.emplace_back(part);
}

bool is_number(std::string_view text) {
  double number = 0;
  const auto [rest, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  return problem == std::errc() && rest == text.data() + text.size() && std::isfinite(number);
}

bool is_truth(std::string_view text) {
  static constexpr std::array<std::string_view, 4> kWords{"true", "false", "yes", "no"};
  return std::ranges::any_of(kWords, [&](auto word) { return equals_ignoring_case(text, word); });
}

/// `2025-03-15`, with or without a time.
bool is_date(std::string_view text) {
  if (text.size() == 10) return parse_timestamp(fmt::format("{} 00:00:00", text)).has_value();
  return parse_timestamp(text).has_value();
}

bool is_email(std::string_view text) {
  const std::size_t at = text.find('@');
  const bool has_one =
      at != std::string_view::npos && text.find('@', at + 1) == std::string_view::npos;
  if (!has_one || at == 0 || std::ranges::any_of(text, is_blank)) return false;
  const std::size_t dot = text.rfind('.');
  return dot != std::string_view::npos && dot > at + 1 && dot + 1 < text.size();
}

/// `+49 30 123456`, `(030) 123-456`: a telephone number has seven digits at least. Without a plus
/// or another sign it would be a number.
bool is_phone(std::string_view text) {
  const auto is_sign = [](char c) {
    return std::string_view("+-()/. ").find(c) != std::string_view::npos;
  };
  return std::ranges::count_if(text, is_digit) >= 7 && std::ranges::any_of(text, is_sign) &&
         std::ranges::all_of(text, [&](char c) { return is_digit(c) || is_sign(c); });
}

bool is_url(std::string_view text) {
  return (text.starts_with("https://") || text.starts_with("http://")) && text.size() > 8 &&
         std::ranges::none_of(text, is_blank);
}

struct Kind {
  std::string_view name;
  bool (*matches)(std::string_view);
};
constexpr std::array<Kind, 6> kKinds{Kind{"number", is_number}, Kind{"boolean", is_truth},
                                     Kind{"date", is_date},     Kind{"email", is_email},
                                     Kind{"phone", is_phone},   Kind{"url", is_url}};

std::string variable_name(std::string_view column) {
  std::string name;
  for (const char c : lower(column)) {
    const bool is_kept = is_digit(c) || (c >= 'a' && c <= 'z');
    if (is_kept) name += c;
    if (!is_kept && !name.empty() && name.back() != '_') name += '_';
  }
  while (name.ends_with('_')) name.pop_back();
  if (name.empty()) return "unnamed_column";
  return is_digit(name.front()) ? "col_" + name : name;
}

}  // namespace

std::vector<std::string> paragraphs_of(std::string_view text) {
  std::vector<std::string> parts;
  std::string paragraph;
  for (const std::string& line : split(text, '\n')) {
    if (!trim(line).empty()) {
      paragraph += line + '\n';
      continue;
    }
    add_trimmed(parts, paragraph);
    paragraph.clear();
  }
  add_trimmed(parts, paragraph);
  return parts;
}

std::vector<std::string> sentences_of(std::string_view text) {
  std::vector<std::string> parts;
  std::size_t begin = 0;
  for (std::size_t i = 0; i + 1 < text.size(); ++i) {
    const bool is_end = text[i] == '.' || text[i] == '!' || text[i] == '?';
    if (!is_end || !is_blank(text[i + 1])) continue;
    add_trimmed(parts, text.substr(begin, i + 1 - begin));
    begin = i + 1;
  }
  add_trimmed(parts, text.substr(begin));
  return parts;
}

std::vector<std::string> pieces_between(std::string_view text, std::string_view delimiter) {
  std::vector<std::string> parts;
  for (;;) {
    const std::size_t end = text.find(delimiter);
    add_trimmed(parts, text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + delimiter.size());
  }
}

SplitText fit(std::vector<std::string> parts, std::size_t parts_max) {
  SplitText split;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    std::string& part = parts[i];
    if (i >= parts_max) {
      split.cut.push_back({i, CutPart::Reason::Surplus, std::move(part)});
    } else if (code_points(part) > kPartCharactersMax) {
      const auto kept = first_code_points(part, kPartCharactersMax - kCut.size());
      split.parts.push_back(fmt::format("{}{}", kept, kCut));
      split.cut.push_back({i, CutPart::Reason::TooLong, std::move(part)});
    } else {
      split.parts.push_back(std::move(part));
    }
  }
  return split;
}

std::vector<std::string> variable_names(const std::vector<std::string>& columns) {
  std::vector<std::string> names;
  std::set<std::string> taken;
  for (const std::string& column : columns) {
    const std::string name = variable_name(column);
    std::string candidate = name;
    for (int number = 2; !taken.insert(candidate).second; ++number)
      candidate = fmt::format("{}_{}", name, number);
    names.push_back(std::move(candidate));
  }
  return names;
}

std::string data_type_of(const std::vector<std::string>& values) {
  std::vector<std::string_view> filled;
  for (const std::string& value : values) {
    if (!trim(value).empty()) filled.push_back(trim(value));
  }
  if (filled.empty()) return "text";
  for (const Kind& kind : kKinds) {
    if (std::ranges::all_of(filled, kind.matches)) return std::string(kind.name);
  }
  return "text";
}

}  // namespace parley::outreach
