#include "ai/prompt_template.h"

#include <algorithm>
#include <array>
#include <optional>

namespace parley::ai {
namespace {

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_of_name(char c) { return is_letter(c) || (c >= '0' && c <= '9'); }

struct Form {
  std::string_view open;
  std::string_view close;
};

constexpr std::array kForms{Form{"{{", "}}"}, Form{"<", "/>"}, Form{"<", ">"}};

struct Hole {
  std::string_view name;
  std::string_view whole;  ///< With what stands around the name.
};

/// The hole at the very start of `text`.
std::optional<Hole> hole_at(std::string_view text) {
  for (const auto& [open, close] : kForms) {
    if (!text.starts_with(open)) continue;
    const std::string_view rest = text.substr(open.size());
    const auto end = std::ranges::find_if_not(rest, is_of_name);
    const std::string_view name =
        rest.substr(0, static_cast<std::size_t>(std::ranges::distance(rest.begin(), end)));
    if (name.empty() || !is_letter(name.front())) continue;
    if (!rest.substr(name.size()).starts_with(close)) continue;
    return Hole{.name = name, .whole = text.substr(0, open.size() + name.size() + close.size())};
  }
  return std::nullopt;
}

/// Calls `on_text` with what is between the holes and `on_hole` with each, in order.
template <class OnText, class OnHole>
void walk(std::string_view text, OnText on_text, OnHole on_hole) {
  while (!text.empty()) {
    const std::size_t next = text.find_first_of("{<");
    on_text(text.substr(0, next));
    if (next == std::string_view::npos) return;
    text.remove_prefix(next);
    if (const auto hole = hole_at(text)) {
      on_hole(*hole);
      text.remove_prefix(hole->whole.size());
    } else {
      on_text(text.substr(0, 1));
      text.remove_prefix(1);
    }
  }
}

void add_once(std::vector<std::string>& names, std::string_view name) {
  if (std::ranges::find(names, name) == names.end()) names.emplace_back(name);
}

}  // namespace

Filled fill(std::string_view text, const Variables& values) {
  Filled filled;
  walk(
      text, [&](std::string_view piece) { filled.text += piece; },
      [&](const Hole& hole) {
        const auto value = values.find(hole.name);
        const bool is_missing = value == values.end() || value->second.empty();
        filled.text += is_missing ? hole.whole : std::string_view(value->second);
        if (is_missing) add_once(filled.missing, hole.name);
      });
  return filled;
}

std::vector<std::string> variables_of(std::string_view text) {
  std::vector<std::string> names;
  walk(text, [](std::string_view) {}, [&](const Hole& hole) { add_once(names, hole.name); });
  return names;
}

}  // namespace parley::ai
