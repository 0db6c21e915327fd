#pragma once

// Chats and what is said in them. Only the caller's own exist for a caller. Functions run inside a
// transaction given by the store, and throw `http::Problem` for what the caller must hear. The
// connection's thread.

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "chat/agents.h"
#include "chat/auth.h"
#include "chat/tables.h"
#include "store/connection.h"
#include "store/unit_of_work.h"

namespace parley::chat {

inline constexpr std::string_view kNewChat = "New Chat";
inline constexpr std::size_t kTitleCharactersMax = 255;
inline constexpr std::size_t kContentCharactersMax = 100'000;

/// The title that the first question gives: its first 50 characters, trimmed, and `...` when it is
/// longer.
std::string title_of(std::string_view content);

/// An empty title is `New Chat`.
ChatRow create_chat(store::UnitOfWork& unit, const Caller& caller, const AgentRow& agent,
                    const std::string& title, Timestamp now);

struct ChatPage {
  std::vector<std::pair<ChatRow, std::int64_t>> chats;  ///< Each with its number of messages.
  std::int64_t total = 0;
};
/// The caller's chats with the agent of the path, newest change first.
ChatPage list_chats(database::Connection& connection, const Caller& caller, const Window& window);

/// The chat `chat_id` of the path. Throws 404, also for another user's. The second one locks it.
ChatRow chat_for(database::Connection& connection, const Caller& caller);
ChatRow locked_chat_for(database::Connection& connection, const Caller& caller);

/// Its messages, oldest first.
std::vector<ChatMessageRow> messages_of(database::Connection& connection,
                                        const std::string& chat_id);

/// Nothing for `title`: unchanged. Empty: back to `New Chat`.
ChatRow rename_chat(store::UnitOfWork& unit, ChatRow chat, const std::optional<std::string>& title,
                    Timestamp now);
void delete_chat(store::UnitOfWork& unit, const ChatRow& chat);

/// Changes what the caller said. Throws 404, and 400 for what an assistant said.
ChatMessageRow edit_message(store::UnitOfWork& unit, const Caller& caller, ChatRow chat,
                            const std::string& content, Timestamp now);

/// Appends a message with a time behind all others, and moves the chat's. Requires: the chat is
/// locked.
void append_message(store::UnitOfWork& unit, ChatRow& chat, ChatMessageRow& message, Timestamp now);

/// The latest `count` messages before `question`, oldest first, without answers that are errors.
std::vector<ChatMessageRow> history_before(database::Connection& connection,
                                           const ChatMessageRow& question, std::int64_t count);

}  // namespace parley::chat
