#pragma once

// The closed sets of words that the module stores and sends, as enums whose texts stand beside
// them. Anything outside a set is refused with 422 before it reaches a table. Constants; any
// thread.

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace parley::live_agent {

enum class SessionStatus { Pending, Active, Resolved, Closed };
enum class Side { User, Agent };  ///< `sender_type` and `read_by`.
enum class AgentStatus { Online, Offline, Busy };
enum class DateFilter { Today, LastWeek, ThisMonth, ThisYear, All };
enum class DeviceType { Android, Ios };
enum class Role { User, Agent, Supervisor, Admin };

/// The words of an enum, in its order.
template <class Enum>
inline constexpr auto words_of = nullptr;
template <>
inline constexpr std::array<std::string_view, 4> words_of<SessionStatus>{"pending", "active",
                                                                         "resolved", "closed"};
template <>
inline constexpr std::array<std::string_view, 2> words_of<Side>{"user", "agent"};
template <>
inline constexpr std::array<std::string_view, 3> words_of<AgentStatus>{"online", "offline", "busy"};
template <>
inline constexpr std::array<std::string_view, 5> words_of<DateFilter>{
    "today", "last_week", "this_month", "this_year", "all"};
template <>
inline constexpr std::array<std::string_view, 2> words_of<DeviceType>{"android", "ios"};
template <>
inline constexpr std::array<std::string_view, 4> words_of<Role>{"user", "agent", "supervisor",
                                                                "admin"};

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

/// The status that a stored text means: NULL, as old rows have it, and words nobody knows are
/// pending.
inline SessionStatus status_of(const std::optional<std::string>& stored) {
  return parse_word<SessionStatus>(stored.value_or("pending")).value_or(SessionStatus::Pending);
}

}  // namespace parley::live_agent
