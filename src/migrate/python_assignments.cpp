#include "migrate/python_assignments.h"

#include "base/text.h"

namespace parley::migrate {
namespace {

/// Where the literal that begins at `at` ends, behind its closing quote; a triple quote counts as
/// one.
std::size_t end_of_literal(std::string_view text, std::size_t at, std::string& content) {
  const std::string triple(3, text[at]);
  const std::string quote = text.substr(at, 3) == triple ? triple : triple.substr(0, 1);
  at += quote.size();
  while (at < text.size() && text.substr(at, quote.size()) != quote) {
    if (text[at] == '\\' && at + 1 < text.size()) ++at;
    content += text[at++];
  }
  return std::min(at + quote.size(), text.size());
}

/// The strings of the value that begins at `at`; it ends with the line, or with its last bracket.
std::vector<std::string> strings_of_value(std::string_view text, std::size_t at) {
  std::vector<std::string> found;
  for (int depth = 0; at < text.size();) {
    const char c = text[at];
    if (c == '"' || c == '\'') {
      at = end_of_literal(text, at, found.emplace_back());
      continue;
    }
    if (c == '#') {
      at = std::min(text.find('\n', at), text.size());
      continue;
    }
    if (c == '(' || c == '[' || c == '{') ++depth;
    if (c == ')' || c == ']' || c == '}') --depth;
    if (c == '\n' && depth <= 0) break;
    ++at;
  }
  return found;
}

/// Where the value of an assignment to `name` begins, when this line is one.
std::optional<std::size_t> value_in_line(std::string_view line, std::string_view name) {
  if (!line.starts_with(name)) return std::nullopt;
  const std::string_view rest = line.substr(name.size());
  const std::size_t sign = rest.find_first_not_of(" \t");
  if (sign == std::string_view::npos || (rest[sign] != '=' && rest[sign] != ':')) {
    return std::nullopt;
  }
  const std::size_t equals = rest.find('=', sign);
  const bool is_comparison = equals != std::string_view::npos && rest.substr(equals, 2) == "==";
  if (equals == std::string_view::npos || is_comparison) return std::nullopt;
  return name.size() + equals + 1;
}

}  // namespace

std::optional<std::vector<std::string>> assigned_strings(std::string_view python,
                                                         std::string_view name) {
  for (std::size_t start = 0; start < python.size();) {
    const std::size_t end = std::min(python.find('\n', start), python.size());
    if (const auto value = value_in_line(python.substr(start, end - start), name)) {
      return strings_of_value(python, start + *value);
    }
    start = end + 1;
  }
  return std::nullopt;
}

std::string docstring_title(std::string_view python) {
  std::size_t at = 0;
  while (at < python.size() && (python[at] == '#' || python[at] == '\n' || python[at] == '\r')) {
    at = std::min(python.find('\n', at), python.size() - 1) + 1;
  }
  if (at >= python.size() || (python[at] != '"' && python[at] != '\'')) return {};
  std::string content;
  end_of_literal(python, at, content);
  const std::string_view body = trim(content);
  return std::string(trim(body.substr(0, body.find('\n'))));
}

}  // namespace parley::migrate
