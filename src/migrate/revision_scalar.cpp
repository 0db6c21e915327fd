#include "migrate/revision_scalar.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>

#include "base/text.h"

namespace parley::migrate {
namespace {

enum class Place { Block, Flow };

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }

/// Words that YAML 1.1 or 1.2 readers take for null or a truth value.
bool is_special_word(std::string_view text) {
  constexpr auto kWords = std::to_array<std::string_view>(
      {"~", "null", "true", "false", "yes", "no", "on", "off", "y", "n"});
  return std::ranges::any_of(kWords, [&](auto word) { return equals_ignoring_case(text, word); });
}

bool can_stand_bare(std::string_view text, Place place) {
  if (text.empty() || is_special_word(text)) return false;
  if (text.front() == ' ' || text.back() == ' ' || text.back() == ':') return false;
  constexpr std::string_view kIndicators = "-?:,[]{}#&*!|>'\"%@`";
  if (kIndicators.find(text.front()) != kIndicators.npos || text.starts_with("\xEF\xBB\xBF"))
    return false;
  if (text.find(": ") != text.npos || text.find(" #") != text.npos) return false;
  if (place == Place::Flow && text.find_first_of(",[]{}?:") != text.npos) return false;
  return std::ranges::none_of(text, is_control);
}

std::string double_quoted(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      quoted += '\\';
      quoted += c;
    } else if (c == '\n') {
      quoted += "\\n";
    } else if (c == '\t') {
      quoted += "\\t";
    } else if (is_control(c)) {
      quoted += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    } else {
      quoted += c;
    }
  }
  return quoted + '"';
}

std::string single_quoted(std::string_view text) {
  std::string quoted = "'";
  for (const char c : text) quoted += c == '\'' ? "''" : std::string(1, c);
  return quoted + '\'';
}

std::string scalar(std::string_view text, Place place) {
  if (can_stand_bare(text, place)) return std::string(text);
  const bool has_escapes = text.find_first_of("\"\\") != text.npos;
  if (has_escapes && std::ranges::none_of(text, is_control)) return single_quoted(text);
  return double_quoted(text);
}

/// A literal block keeps every character but those that YAML reads as indentation or line breaks.
bool fits_literal_block(std::string_view text) {
  if (text.find('\n') == text.npos || text.front() == ' ' || text.front() == '\n') return false;
  if (text.ends_with("\n\n") || text.starts_with("\xEF\xBB\xBF")) return false;
  for (const std::string& line : split(text, '\n')) {
    if (!line.empty() && (line.back() == ' ' || line.front() == '\t')) return false;
    if (std::ranges::any_of(line, [](char c) { return is_control(c) && c != '\t'; })) return false;
  }
  return true;
}

}  // namespace

std::string yaml_scalar(std::string_view text) { return scalar(text, Place::Block); }

std::string yaml_list(const std::vector<std::string>& texts) {
  std::vector<std::string> items;
  for (const std::string& text : texts) items.push_back(scalar(text, Place::Flow));
  return "[" + join(items, ", ") + "]";
}

Lines yaml_field(std::string_view key, std::string_view text) {
  if (!fits_literal_block(text))
    return {fmt::format("{}: {}", yaml_scalar(key), yaml_scalar(text))};
  const bool ends_line = text.ends_with('\n');
  Lines lines = {fmt::format("{}: {}", yaml_scalar(key), ends_line ? "|" : "|-")};
  if (ends_line) text.remove_suffix(1);
  append(lines, indented(split(text, '\n')));
  return lines;
}

Lines indented(Lines lines) {
  for (std::string& line : lines) {
    if (!line.empty()) line.insert(0, "  ");
  }
  return lines;
}

Lines list_item(Lines lines) {
  lines = indented(std::move(lines));
  if (!lines.empty()) lines.front()[0] = '-';
  return lines;
}

void append(Lines& lines, Lines more) { std::ranges::move(more, std::back_inserter(lines)); }

}  // namespace parley::migrate
