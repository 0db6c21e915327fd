#pragma once

// The closed sets of words that the module stores and sends. Anything outside a set is refused with
// 422 before it reaches a table. Constants; any thread.

#include "base/vocabulary.h"

namespace parley::chat {

using parley::word;  // Beside the `word` of an action (answerer.h), which would hide it.

/// What a member may do in an account.
enum class Role { Owner, Admin, Member, Viewer };

/// What an agent is bound to.
enum class ConnectionType { PowerBi, Db };

/// Who says a message.
enum class Speaker { User, Assistant };

}  // namespace parley::chat

namespace parley {

template <>
inline constexpr auto words_of<chat::Role> =
    std::to_array<std::string_view>({"OWNER", "ADMIN", "MEMBER", "VIEWER"});
template <>
inline constexpr auto words_of<chat::ConnectionType> =
    std::to_array<std::string_view>({"POWERBI", "DB"});
template <>
inline constexpr auto words_of<chat::Speaker> =
    std::to_array<std::string_view>({"user", "assistant"});

}  // namespace parley
