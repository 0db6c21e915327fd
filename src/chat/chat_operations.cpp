#include "api/fields.h"
#include "base/json_schema.h"
#include "chat/chats.h"
#include "chat/operation_shapes.h"
#include "chat/operations.h"

namespace parley::chat::operation {
namespace {

using namespace json_schema;
using http::Operation;

constexpr const char* kChats = "chats";
constexpr std::string_view kEventStream = "text/event-stream";

JsonObject title_schema() { return text(kTitleCharactersMax); }
JsonObject content_schema() { return object({{"content", text(kContentCharactersMax, 1)}}); }

/// Clients that take no events get the answer in one piece.
http::Answer streamed() {
  return {200, "Its pieces as they are made (`ai.delta`), then the answer (`answer`) or `error`.",
          text(), std::string(kEventStream)};
}

}  // namespace

Operation create_chat() {
  return writing({.id = "createChat",
                  .summary = "Begin a chat with an agent",
                  .tag = kChats,
                  .body = object({optional("title", title_schema()), optional("agent_id", text())}),
                  .answers = {{201, "The chat.", chat_schema()}},
                  .problems = {400, 404}},
                 {"account_id", "agent_id"});
}

Operation list_chats() {
  return reading({.id = "listChats",
                  .summary = "The own chats with an agent, newest change first",
                  .tag = kChats,
                  .parameters = window_parameters(),
                  .answers = {{200, "A part of the list.",
                               object({{"chats", list_of(chat_schema())}, {"total", integer(0)}})}},
                  .problems = {404}},
                 {"account_id", "agent_id"});
}

Operation show_chat() {
  return reading({.id = "showChat",
                  .summary = "A chat with all that was said",
                  .tag = kChats,
                  .answers = {{200, "The chat.", conversation_schema()}},
                  .problems = {404}},
                 {"account_id", "agent_id", "chat_id"});
}

Operation rename_chat() {
  return writing({.id = "renameChat",
                  .summary = "Give a chat another title",
                  .tag = kChats,
                  .body = object({optional("title", title_schema())}),
                  .answers = {{200, "The chat.", chat_schema()}},
                  .problems = {404}},
                 {"account_id", "agent_id", "chat_id"});
}

Operation delete_chat() {
  return writing({.id = "deleteChat",
                  .summary = "Delete a chat with all that was said",
                  .tag = kChats,
                  .answers = {{200, "It is gone.", ok_message_schema()}},
                  .problems = {404}},
                 {"account_id", "agent_id", "chat_id"});
}

Operation send_message() {
  return writing({.id = "sendChatMessage",
                  .summary = "Ask, and get the answer, also piece by piece (Accept: "
                             "text/event-stream)",
                  .tag = kChats,
                  .body = content_schema(),
                  .answers = {{201, "The answer.", answered_schema()}, streamed()},
                  .problems = {400, 404}},
                 {"account_id", "agent_id", "chat_id"});
}

Operation edit_message() {
  return writing({.id = "editChatMessage",
                  .summary = "Change what was asked; nothing is answered again",
                  .tag = kChats,
                  .body = content_schema(),
                  .answers = {{200, "The message.", message_schema()}},
                  .problems = {400, 404}},
                 {"account_id", "agent_id", "chat_id", "message_id"});
}

Operation join_answer() {
  return reading({.id = "joinChatAnswer",
                  .summary = "The answer that is being given in a chat, from its first piece on",
                  .tag = kChats,
                  .answers = {{200, "The answer.", answered_schema()}, streamed()},
                  .problems = {404}},
                 {"account_id", "agent_id", "chat_id"});
}

}  // namespace parley::chat::operation
