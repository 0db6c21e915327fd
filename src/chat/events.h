#pragma once

// The events of the module: what is appended to the log when something happened, and who may see
// it. `data` is the object that the API answers with, secrets masked. Pure functions; any thread.

#include <map>
#include <string>
#include <string_view>

#include "base/json.h"
#include "chat/tables.h"
#include "store/unit_of_work.h"

namespace parley::chat {

// Seen by the chat's user only; the topic is the chat's id.
store::Event chat_created(const ChatRow& chat);
store::Event chat_updated(const ChatRow& chat);
store::Event chat_deleted(const ChatRow& chat);
store::Event message_created(const ChatRow& chat, const ChatMessageRow& message);
store::Event message_updated(const ChatRow& chat, const ChatMessageRow& message);

// Seen by the members who may use the agent; the topic is the agent's id.
store::Event agent_created(const AgentRow& agent);
store::Event agent_updated(const AgentRow& agent);
store::Event agent_deleted(const AgentRow& agent);

/// `member.updated`, `member.removed`: seen by the members of the account; the topic is the
/// account's id.
store::Event member_updated(const MembershipRow& membership);
store::Event member_removed(const MembershipRow& membership);

/// True for an event after which the user may see something else than before.
bool changes_sight_of(const store::Event& event, const std::string& user_id);

/// Who sees what happens in a chat; also for what is not logged, such as the pieces of an answer.
JsonObject audience_of(const ChatRow& chat);

/// What somebody may see, by the accounts they are a member of.
struct Sight {
  std::string user_id;
  std::map<std::string, MembershipRow, std::less<>> by_account;
};

/// True when `audience`, that of an event, includes them.
bool may_see(const JsonObject& audience, const Sight& sight);

}  // namespace parley::chat
