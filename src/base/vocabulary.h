#pragma once

// Closed sets of words that are stored and sent: enums whose texts stand beside them. A module
// gives each of its enums the words, in its order:
//
//   namespace parley {
//   template <>
//   inline constexpr auto words_of<chat::Role> = std::to_array<std::string_view>({"OWNER",
//   "ADMIN"});
//   }
//
// Constants and pure functions; any thread.

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace parley {

/// The words of an enum, in its order.
template <class Enum>
inline constexpr auto words_of = nullptr;

/// The text of a word.
template <class Enum>
std::string word(Enum value) {
  return std::string(words_of<Enum>[static_cast<std::size_t>(value)]);
}

/// The word that `text` is, exactly; nothing when it is outside the vocabulary.
template <class Enum>
std::optional<Enum> parse_word(std::string_view text) {
  const auto& words = words_of<Enum>;
  const auto found = std::ranges::find(words, text);
  if (found == words.end()) return std::nullopt;
  return static_cast<Enum>(found - words.begin());
}

/// All of them, for the text of an error: `user, agent`.
template <class Enum>
std::string list_words() {
  std::string list;
  for (const std::string_view each : words_of<Enum>) {
    if (!list.empty()) list += ", ";
    list += each;
  }
  return list;
}

}  // namespace parley
