#include "app/setting_names.h"

#include <algorithm>
#include <vector>

#include "base/text.h"

namespace parley::app {
namespace {

/// What stands before and after the member's place.
struct Family {
  std::string_view before;
  std::string_view after;
};

std::optional<Family> family_of(std::string_view declared) {
  const std::size_t star = declared.find('*');
  if (star == std::string_view::npos) return std::nullopt;
  return Family{declared.substr(0, star), declared.substr(star + 1)};
}

bool is_member_name(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  });
}

/// The text between `before` and `after`, when it has both and something between.
std::optional<std::string_view> between(const Family& family, std::string_view text) {
  const std::size_t fixed = family.before.size() + family.after.size();
  if (text.size() <= fixed || !text.starts_with(family.before) || !text.ends_with(family.after))
    return std::nullopt;
  return text.substr(family.before.size(), text.size() - fixed);
}

}  // namespace

std::string environment_name(std::string_view setting) {
  std::string name = "PARLEY_" + upper(setting);
  std::ranges::replace(name, '.', '_');
  return name;
}

bool declares(std::string_view declared, std::string_view name) {
  const auto family = family_of(declared);
  if (!family) return declared == name;
  const auto member = between(*family, name);
  return member && is_member_name(*member);
}

std::optional<std::string> member_of_variable(std::string_view declared,
                                              std::string_view variable) {
  const auto family = family_of(declared);
  if (!family) return std::nullopt;
  const std::string wanted = environment_name(declared);
  const auto member = between(*family_of(wanted), variable);
  if (!member || !is_member_name(lower(*member))) return std::nullopt;
  return std::string(family->before) + lower(*member) + std::string(family->after);
}

std::string likened(std::string_view declared, std::string_view name, char separator) {
  std::vector<std::string> words = split(declared, separator);
  const std::vector<std::string> given = split(name, separator);
  const auto star = std::ranges::find(words, "*");
  if (star == words.end() || given.size() < words.size()) return std::string(declared);
  // The member has the words that are too many.
  const auto at = star - words.begin();
  const auto count = static_cast<std::ptrdiff_t>(given.size() - words.size()) + 1;
  const std::string member =
      join(std::span(given).subspan(static_cast<std::size_t>(at), static_cast<std::size_t>(count)),
           std::string_view(&separator, 1));
  *star = member;
  return join(words, std::string_view(&separator, 1));
}

}  // namespace parley::app
