#pragma once

// The closed sets of words that the module stores and sends. Anything outside a set is refused with
// 422 before it reaches a table. Constants; any thread.

#include "base/vocabulary.h"

namespace parley::live_agent {

enum class SessionStatus { Pending, Active, Resolved, Closed };
enum class Side { User, Agent };  ///< `sender_type` and `read_by`.
enum class AgentStatus { Online, Offline, Busy };
enum class DateFilter { Today, LastWeek, ThisMonth, ThisYear, All };
enum class DeviceType { Android, Ios };
enum class Role { User, Agent, Supervisor, Admin };

/// The status that a stored text means: NULL, as old rows have it, and words nobody knows are
/// pending.
SessionStatus status_of(const std::optional<std::string>& stored);

}  // namespace parley::live_agent

namespace parley {

template <>
inline constexpr auto words_of<live_agent::SessionStatus> =
    std::to_array<std::string_view>({"pending", "active", "resolved", "closed"});
template <>
inline constexpr auto words_of<live_agent::Side> =
    std::to_array<std::string_view>({"user", "agent"});
template <>
inline constexpr auto words_of<live_agent::AgentStatus> =
    std::to_array<std::string_view>({"online", "offline", "busy"});
template <>
inline constexpr auto words_of<live_agent::DateFilter> =
    std::to_array<std::string_view>({"today", "last_week", "this_month", "this_year", "all"});
template <>
inline constexpr auto words_of<live_agent::DeviceType> =
    std::to_array<std::string_view>({"android", "ios"});
template <>
inline constexpr auto words_of<live_agent::Role> =
    std::to_array<std::string_view>({"user", "agent", "supervisor", "admin"});

}  // namespace parley

namespace parley::live_agent {

inline SessionStatus status_of(const std::optional<std::string>& stored) {
  return parse_word<SessionStatus>(stored.value_or("pending")).value_or(SessionStatus::Pending);
}

}  // namespace parley::live_agent
