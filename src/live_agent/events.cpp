#include "live_agent/events.h"

#include <fmt/format.h>

#include "base/text.h"
#include "live_agent/wire.h"
#include "schema/json_text.h"

namespace parley::live_agent {
namespace {

// The keys of an audience are short, because every event is stored with one.
constexpr std::string_view kTenant = "tenant";
constexpr std::string_view kAccount = "account";
constexpr std::string_view kAssignees = "agents";  ///< Ids; null stands for "to nobody".
constexpr std::string_view kStaff = "staff";       ///< The id of an account that is managed.
constexpr std::string_view kEveryAgent = "every_agent";

Json assignee(const SessionRow& session) {
  return session.assigned_agent_id ? Json(*session.assigned_agent_id) : Json(nullptr);
}

store::Event event(std::string_view kind, std::string topic, const JsonObject& audience,
                   std::string data) {
  return {.kind = std::string(kind),
          .topic = std::move(topic),
          .audience = to_text(audience),
          .data = std::move(data)};
}

store::Event agent_event(std::string_view kind, const Agent& agent) {
  return event(kind, agent_topic(agent.user.id), JsonObject{{kStaff, agent.user.id}},
               to_text(agent_json(agent)));
}

bool is_among(const Json& assignees, const Caller& caller) {
  for (const Json& each : assignees.as_array()) {
    if (each.is_null() || (caller.agent_id && each.as_int64() == *caller.agent_id)) return true;
  }
  return false;
}

}  // namespace

JsonObject audience_of(const SessionRow& session) {
  return {{kTenant, lower(trim(session.tenant_domain))},
          {kAccount, session.user_account},
          {kAssignees, json::array{assignee(session)}}};
}

std::string audience_text(const SessionRow& session) {
  std::string text = "{";
  const auto put = [&](std::string_view key, const auto& value) {
    schema::append_json(text, key);
    text += ':';
    schema::append_json(text, value);
    text += ',';
  };
  text.reserve(128);
  put(kTenant, std::string_view(lower(trim(session.tenant_domain))));
  put(kAccount, std::string_view(session.user_account));
  schema::append_json(text, kAssignees);
  text += ":[";
  session.assigned_agent_id ? schema::append_json(text, *session.assigned_agent_id)
                            : schema::append_json(text, Json(nullptr));
  return text + "]}";
}

std::string agent_topic(std::int64_t id) { return fmt::format("agent:{}", id); }

std::string api_key_topic(std::int64_t id) { return fmt::format("api_key:{}", id); }

store::Event api_key_revoked(std::int64_t id) {
  return event(kApiKeyRevoked, api_key_topic(id), {}, to_text(JsonObject{{"api_key_id", id}}));
}

JsonObject audience_of_agents() { return {{kEveryAgent, true}}; }

store::Event session_created(const SessionView& view) {
  return event("session.created", view.session.id, audience_of(view.session), session_text(view));
}

store::Event session_status_changed(const SessionRow& before, const SessionView& after,
                                    Side changed_by) {
  JsonObject audience = audience_of(after.session);
  if (before.assigned_agent_id != after.session.assigned_agent_id) {
    audience[kAssignees].as_array().push_back(assignee(before));
  }
  JsonObject data = session_json(after);
  data["old_status"] = word(status_of(before.status));
  data["changed_by"] = word(changed_by);
  return event("session.status_changed", after.session.id, audience, to_text(data));
}

store::Event message_created(const SessionRow& session, const MessageRow& message) {
  return {.kind = "message.created",
          .topic = session.id,
          .audience = audience_text(session),
          .data = message_text(message)};
}

store::Event messages_read(const SessionRow& session, const Receipt& receipt) {
  JsonObject data{{"session_id", session.id},
                  {"read_by", word(receipt.reader)},
                  {"messages_updated", receipt.messages_updated},
                  {"read_at", schema::to_json(receipt.read_at)},
                  {"unread_count_user", session.unread_count_user.value_or(0)},
                  {"unread_count_agent", session.unread_count_agent.value_or(0)}};
  data["message_id"] = receipt.message_id ? Json(*receipt.message_id) : Json(nullptr);
  return event("messages.read", session.id, audience_of(session), to_text(data));
}

store::Event agent_created(const Agent& agent) { return agent_event("agent.created", agent); }
store::Event agent_updated(const Agent& agent) { return agent_event(kAgentUpdated, agent); }

bool may_see(const JsonObject& audience, const Caller& caller) {
  if (caller.only_tenant) {
    const Json* tenant = audience.if_contains(kTenant);
    if (tenant == nullptr || !is_in_reach(tenant->as_string(), caller)) return false;
  }
  if (const Json* staff = audience.if_contains(kStaff)) {
    return caller.is_agent() && (caller.rights.can_manage_agents ||
                                 (caller.agent_id && staff->as_int64() == *caller.agent_id));
  }
  if (audience.contains(kEveryAgent)) return caller.is_agent();
  if (!audience.contains(kTenant)) return false;
  if (!caller.is_agent()) {
    return audience.at(kTenant).as_string() == caller.tenant &&
           audience.at(kAccount).as_string() == caller.account;
  }
  return caller.rights.can_view_all_sessions || is_among(audience.at(kAssignees), caller);
}

}  // namespace parley::live_agent
