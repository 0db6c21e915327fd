#include "leads/routing.h"

#include "leads/conversation.h"
#include "leads/events.h"
#include "leads/follow_ups.h"
#include "leads/message_agents.h"
#include "leads/reply_jobs.h"
#include "leads/rows.h"
#include "leads/session_life.h"
#include "leads/stored_json.h"
#include "leads/workflows.h"
#include "store/query.h"

namespace parley::leads {
namespace {

using store::equals;
using store::set;

constexpr std::string_view kOwnersPlatform = "web_ui";
constexpr std::string_view kOwnersName = "Business Owner";

/// Where the message goes, and what had to be done for it.
struct Place {
  AgentSessionRow session;
  RoutingDecision decision = RoutingDecision::ExistingSession;
};

/// The live session, unless it was silent for too long: then it has just ended.
std::optional<AgentSessionRow> current_session(store::UnitOfWork& unit, std::int64_t lead_id,
                                               Timestamp now) {
  std::optional<AgentSessionRow> session = lock_live_session(unit.connection, lead_id);
  if (!session || !is_idle(*session, now)) return session;
  time_out(unit, *session, now);
  return std::nullopt;
}

std::optional<AgentSessionRow> latest_session(store::Connection& connection, std::int64_t lead_id) {
  return store::select<AgentSessionRow>()
      .where(equals<&AgentSessionRow::lead_id>(lead_id))
      .order_by<&AgentSessionRow::id>(store::Order::Descending)
      .for_update()
      .first(connection);
}

JsonObject context_of(const LeadRow& lead, const Incoming& incoming) {
  JsonObject context{{"first_message", incoming.content}, {"source", lead.source}};
  if (incoming.conversation_id) context["conversation_id"] = *incoming.conversation_id;
  if (incoming.platform) context["platform"] = *incoming.platform;
  return context;
}

Opening opening_for(const LeadRow& lead, const AgentRow& agent, const Incoming& incoming,
                    SessionStatus status) {
  return {.trigger_type = word(TriggerType::MessageReceived),
          .goal = goal_of_message(agent, incoming.content),
          .initial_context = context_of(lead, incoming),
          .status = status};
}

/// Hands a session that held messages over to an agent.
AgentSessionRow hand_over(store::UnitOfWork& unit, AgentSessionRow session, const AgentRow& agent,
                          const std::string& goal, Timestamp now) {
  const std::string before = session.session_status;
  session.agent_id = agent.id;
  session.session_status = word(SessionStatus::Active);
  session.session_goal = goal;
  session.updated_at = now;
  store::update(unit.connection, equals<&AgentSessionRow::id>(session.id),
                set<&AgentSessionRow::agent_id>(session.agent_id),
                set<&AgentSessionRow::session_status>(session.session_status),
                set<&AgentSessionRow::session_goal>(session.session_goal),
                set<&AgentSessionRow::updated_at>(session.updated_at));
  if (before != session.session_status)
    unit.events.push_back(session_status_changed(session, before));
  return session;
}

/// A session with the agent who takes the lead; one that waits, when nobody does. `held` is one
/// that waits already.
Place place_with_somebody(store::UnitOfWork& unit, const LeadRow& lead, const Incoming& incoming,
                          std::optional<AgentSessionRow> held, Timestamp now) {
  const std::optional<AgentRow> agent = agent_for_message(unit.connection);
  if (agent) {
    const Opening opening = opening_for(lead, *agent, incoming, SessionStatus::Active);
    return {held ? hand_over(unit, *std::move(held), *agent, *opening.goal, now)
                 : open_session(unit, *agent, lead, opening, now),
            RoutingDecision::NewSessionCreated};
  }
  if (held) return {*std::move(held), RoutingDecision::NoAgentAvailable};
  const AgentRow nobody = holding_agent(unit, now);
  return {open_session(unit, nobody, lead,
                       opening_for(lead, nobody, incoming, SessionStatus::Paused), now),
          RoutingDecision::NoAgentAvailable};
}

Place place_for_lead(store::UnitOfWork& unit, const LeadRow& lead, const Incoming& incoming,
                     Timestamp now) {
  std::optional<AgentSessionRow> session = current_session(unit, lead.id, now);
  if (!session) {
    return place_with_somebody(unit, lead, incoming, lock_held_session(unit.connection, lead.id),
                               now);
  }
  if (session->session_status == word(SessionStatus::TakenOver)) {
    return {*std::move(session), RoutingDecision::ExistingSessionTakenOver};
  }
  // One that waited, was taken over by a person, and released.
  const auto agent = find_agent(unit.connection, session->agent_id);
  if (agent && agent->type == kHoldingType) {
    return place_with_somebody(unit, lead, incoming, std::move(session), now);
  }
  return {*std::move(session), RoutingDecision::ExistingSession};
}

Place place_for_owner(store::UnitOfWork& unit, const LeadRow& lead, const Incoming& incoming,
                      Timestamp now) {
  std::optional<AgentSessionRow> session = lock_live_session(unit.connection, lead.id);
  if (!session) session = latest_session(unit.connection, lead.id);
  if (session) return {*std::move(session), RoutingDecision::OwnerMessage};
  std::optional<AgentRow> agent = agent_for_message(unit.connection);
  if (!agent) agent = holding_agent(unit, now);
  return {open_session(unit, *agent, lead,
                       opening_for(lead, *agent, incoming, SessionStatus::TakenOver), now),
          RoutingDecision::OwnerMessage};
}

MessageRow message_of(const LeadRow& lead, const Incoming& incoming) {
  const bool is_owner = incoming.from == From::Owner;
  MessageRow message =
      blank_message(is_owner ? SenderType::BusinessOwner : SenderType::Lead, incoming.content);
  message.message_type = incoming.message_type;
  message.message_metadata = incoming.metadata;
  message.external_conversation_id = incoming.conversation_id;
  message.external_platform = incoming.platform;
  message.sender_name = lead.name;
  if (is_owner) {
    message.sender_name =
        text_at(incoming.metadata, "business_owner_name").value_or(std::string(kOwnersName));
    if (!message.external_platform) message.external_platform = std::string(kOwnersPlatform);
  }
  return message;
}

/// Ends the session that has become too long, and tells the lead so.
void escalate(store::UnitOfWork& unit, Routed& routed, Timestamp now) {
  MessageRow text = blank_message(
      SenderType::System,
      "This conversation has reached its limit. A member of our team will take over from here.");
  text.message_type = word(MessageType::SystemNotification);
  text.external_platform = routed.message.external_platform;
  text.external_conversation_id = routed.message.external_conversation_id;
  routed.escalation = add_message(unit, routed.session, std::move(text), now, Counted::No);
  routed.session = end_session(unit, std::move(routed.session),
                               {.status = SessionStatus::Escalated,
                                .completion_reason = std::string(kMaxMessagesReached),
                                .escalated_to = {},
                                .escalation_reason = std::string(kMaxMessagesReached)},
                               now);
  routed.decision = RoutingDecision::SessionEscalated;
}

void respond(store::UnitOfWork& unit, Routed& routed, Responding responding, Timestamp now) {
  if (responding == Responding::ByModel) {
    routed.job = claim_reply(unit.connection, routed.message, now);
    return;
  }
  routed.reply = add_reply(unit, routed.session, routed.lead, *routed.agent, routed.message,
                           offline_reply(routed.lead, *routed.agent), now);
}

}  // namespace

From sender_in(const JsonObject& metadata) {
  return text_at(metadata, "sender") == word(SenderType::BusinessOwner) ? From::Owner : From::Lead;
}

Routed route_message(store::UnitOfWork& unit, const LeadRow& lead, const Incoming& incoming,
                     Responding responding, Timestamp now) {
  const bool is_owner = incoming.from == From::Owner;
  Place place = is_owner ? place_for_owner(unit, lead, incoming, now)
                         : place_for_lead(unit, lead, incoming, now);
  Routed routed{.decision = place.decision, .lead = lead, .session = std::move(place.session)};
  std::optional<AgentRow> agent = find_agent(unit.connection, routed.session.agent_id);
  if (agent && agent->type != kHoldingType) routed.agent = std::move(agent);
  routed.message = add_message(unit, routed.session, message_of(lead, incoming), now);
  if (is_owner) {
    routed.skip_reason = "business_owner_message";
    return routed;
  }
  cancel_on_reply(unit, routed.session.id, now);
  if (routed.decision == RoutingDecision::NoAgentAvailable) {
    routed.skip_reason = "no_agent_available";
  } else if (routed.decision == RoutingDecision::ExistingSessionTakenOver) {
    routed.skip_reason = "session_taken_over";
  } else if (routed.session.message_count >= routed.session.max_message_count) {
    escalate(unit, routed, now);
  } else {
    respond(unit, routed, responding, now);
  }
  return routed;
}

}  // namespace parley::leads
