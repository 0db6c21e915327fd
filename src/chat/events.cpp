#include "chat/events.h"

#include "base/text.h"
#include "chat/access.h"
#include "chat/wire.h"

namespace parley::chat {
namespace {

// The keys of an audience are short, because every event is stored with one.
constexpr std::string_view kUser = "user";
constexpr std::string_view kAccount = "account";
constexpr std::string_view kAgent = "agent";

constexpr std::string_view kMemberUpdated = "member.updated";
constexpr std::string_view kMemberRemoved = "member.removed";

store::Event event(std::string_view kind, const std::string& topic, const JsonObject& audience,
                   const JsonObject& data) {
  return {.kind = std::string(kind),
          .topic = topic,
          .audience = to_text(audience),
          .data = to_text(data)};
}

store::Event agent_event(std::string_view kind, const AgentRow& agent) {
  return event(kind, agent.id, {{kAccount, agent.account_id}, {kAgent, agent.id}},
               agent_json(agent));
}

store::Event member_event(std::string_view kind, const MembershipRow& membership) {
  return event(kind, membership.account_id, {{kAccount, membership.account_id}},
               {{"account_id", membership.account_id},
                {"user_id", membership.user_id},
                {"role", lower(membership.role)}});
}

std::string text_at(const JsonObject& object, std::string_view name) {
  const Json* value = object.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

}  // namespace

JsonObject audience_of(const ChatRow& chat) { return {{kUser, chat.user_id}}; }

store::Event chat_created(const ChatRow& chat) {
  return event("chat.created", chat.id, audience_of(chat), chat_json(chat));
}
store::Event chat_updated(const ChatRow& chat) {
  return event("chat.updated", chat.id, audience_of(chat), chat_json(chat));
}
store::Event chat_deleted(const ChatRow& chat) {
  return event("chat.deleted", chat.id, audience_of(chat), chat_json(chat));
}
store::Event message_created(const ChatRow& chat, const ChatMessageRow& message) {
  return event("message.created", chat.id, audience_of(chat), message_json(message));
}
store::Event message_updated(const ChatRow& chat, const ChatMessageRow& message) {
  return event("message.updated", chat.id, audience_of(chat), message_json(message));
}

store::Event agent_created(const AgentRow& agent) { return agent_event("agent.created", agent); }
store::Event agent_updated(const AgentRow& agent) { return agent_event("agent.updated", agent); }
store::Event agent_deleted(const AgentRow& agent) { return agent_event("agent.deleted", agent); }

store::Event member_updated(const MembershipRow& membership) {
  return member_event(kMemberUpdated, membership);
}
store::Event member_removed(const MembershipRow& membership) {
  return member_event(kMemberRemoved, membership);
}

bool changes_sight_of(const store::Event& event, const std::string& user_id) {
  if (event.kind != kMemberUpdated && event.kind != kMemberRemoved) return false;
  return text_at(parse_json(event.data).as_object(), "user_id") == user_id;
}

bool may_see(const JsonObject& audience, const Sight& sight) {
  if (audience.contains(kUser)) return text_at(audience, kUser) == sight.user_id;
  const auto membership = sight.by_account.find(text_at(audience, kAccount));
  if (membership == sight.by_account.end()) return false;
  return !audience.contains(kAgent) || may_use(membership->second, text_at(audience, kAgent));
}

}  // namespace parley::chat
