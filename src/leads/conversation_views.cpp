#include "leads/conversation_views.h"

#include <cmath>
#include <map>
#include <set>

#include "leads/rows.h"
#include "leads/takeover.h"
#include "leads/wire.h"
#include "leads/workflows.h"
#include "store/query.h"

namespace parley::leads {
namespace {

using store::equals;
using store::Order;

store::Condition<MessageRow> later_than(const MessageWindow& window) {
  const auto later = store::greater<&MessageRow::created_at>(*window.since);
  if (!window.since_id) return later;
  return any_of(later, all_of(equals<&MessageRow::created_at>(*window.since),
                              store::greater<&MessageRow::id>(*window.since_id)));
}

/// The rows whose `Id` is among these, by it.
template <auto Id>
std::map<std::int64_t, store::RowOf<Id>> rows_with(store::Connection& connection,
                                                   const std::set<std::int64_t>& ids) {
  const std::vector<std::int64_t> values(ids.begin(), ids.end());
  std::map<std::int64_t, store::RowOf<Id>> rows;
  for (auto& row : store::select<store::RowOf<Id>>()
                       .where(store::one_of<Id>(std::span(values)))
                       .all(connection)) {
    const std::int64_t id = row.*Id;
    rows.emplace(id, std::move(row));
  }
  return rows;
}

/// The last message of each session, by session.
std::map<std::int64_t, std::string> last_contents(store::Connection& connection,
                                                  const std::set<std::int64_t>& session_ids) {
  const std::vector<std::int64_t> sessions(session_ids.begin(), session_ids.end());
  std::set<std::int64_t> ids;
  for (const auto& [session, id] : store::max_by<&MessageRow::agent_session_id, &MessageRow::id>(
           connection, store::one_of<&MessageRow::agent_session_id>(std::span(sessions)))) {
    ids.insert(id);
  }
  std::map<std::int64_t, std::string> contents;
  for (auto& [id, message] : rows_with<&MessageRow::id>(connection, ids)) {
    contents.emplace(message.agent_session_id, std::move(message.content));
  }
  return contents;
}

std::vector<Conversation> with_people(store::Connection& connection,
                                      std::vector<AgentSessionRow> sessions) {
  std::set<std::int64_t> leads;
  std::set<std::int64_t> agents;
  std::set<std::int64_t> ids;
  for (const AgentSessionRow& session : sessions) {
    leads.insert(session.lead_id);
    agents.insert(session.agent_id);
    ids.insert(session.id);
  }
  const auto leads_by_id = rows_with<&LeadRow::id>(connection, leads);
  const auto agents_by_id = rows_with<&AgentRow::id>(connection, agents);
  const auto contents = last_contents(connection, ids);
  std::vector<Conversation> conversations;
  for (AgentSessionRow& session : sessions) {
    const auto lead = leads_by_id.find(session.lead_id);
    const auto agent = agents_by_id.find(session.agent_id);
    const auto content = contents.find(session.id);
    // An adopted database may have children without parents.
    conversations.push_back({.session = std::move(session),
                             .lead = lead == leads_by_id.end() ? LeadRow{} : lead->second,
                             .agent = agent == agents_by_id.end() ? AgentRow{} : agent->second,
                             .last_content = content == contents.end()
                                                 ? std::nullopt
                                                 : std::optional(content->second)});
  }
  return conversations;
}

std::optional<Conversation> with_people(store::Connection& connection,
                                        std::optional<AgentSessionRow> session) {
  if (!session) return std::nullopt;
  return std::move(with_people(connection, std::vector{*std::move(session)}).front());
}

Json text_json(const std::optional<std::string>& text) { return value_json(text); }

/// Of a hundred, with two decimals.
double rate(std::int64_t part, std::int64_t whole) {
  if (whole == 0) return 0;
  return std::round(static_cast<double>(part) * 10'000 / static_cast<double>(whole)) / 100;
}

JsonObject counts_json(const std::vector<std::pair<std::string, std::int64_t>>& counts) {
  JsonObject object;
  for (const auto& [name, count] : counts) object[name] = count;
  return object;
}

}  // namespace

std::vector<MessageRow> messages_of(store::Connection& connection, std::int64_t lead_id,
                                    const MessageWindow& window,
                                    const store::Condition<MessageRow>& condition) {
  auto in_window = all_of(equals<&MessageRow::lead_id>(lead_id), condition);
  if (window.since) in_window = all_of(in_window, later_than(window));
  return store::select<MessageRow>()
      .where(in_window)
      .order_by<&MessageRow::created_at>()
      .order_by<&MessageRow::id>()
      .limit(window.limit)
      .all(connection);
}

std::vector<Conversation> recent_conversations(store::Connection& connection, std::int64_t limit) {
  return with_people(connection,
                     store::select<AgentSessionRow>()
                         .order_by_nulls_last<&AgentSessionRow::last_message_at>(Order::Descending)
                         .order_by<&AgentSessionRow::created_at>(Order::Descending)
                         .order_by<&AgentSessionRow::id>(Order::Descending)
                         .limit(limit)
                         .all(connection));
}

std::optional<Conversation> find_conversation(store::Connection& connection,
                                              std::int64_t session_id) {
  return with_people(connection, find_session(connection, session_id));
}

std::optional<Conversation> live_conversation(store::Connection& connection, std::int64_t lead_id) {
  return with_people(connection, live_session(connection, lead_id));
}

JsonObject conversation_json(const Conversation& conversation) {
  const auto& [session, lead, agent, last_content] = conversation;
  return {{"session_id", session.id},
          {"lead_id", session.lead_id},
          {"lead_name", text_json(lead.name)},
          {"agent_id", session.agent_id},
          {"agent_name", agent.name},
          {"session_status", session.session_status},
          {"session_goal", text_json(session.session_goal)},
          {"message_count", session.message_count},
          {"last_message_at", time_json(session.last_message_at)},
          {"last_message_from", text_json(session.last_message_from)},
          {"created_at", schema::to_json(session.created_at)},
          {"trigger_type", session.trigger_type},
          {"lead_phone", text_json(lead.phone)},
          {"lead_email", lead.email},
          {"last_message_content", text_json(last_content)}};
}

JsonObject context_json(const Conversation& conversation) {
  const auto& [session, lead, agent, last_content] = conversation;
  return {{"session_id", session.id},
          {"agent", JsonObject{{"id", agent.id},
                               {"name", agent.name},
                               {"use_case", text_json(agent.use_case)},
                               {"prompt_template", agent.prompt_template}}},
          {"lead", JsonObject{{"id", lead.id},
                              {"name", text_json(lead.name)},
                              {"email", lead.email},
                              {"company", text_json(lead.company)}}},
          {"session", JsonObject{{"goal", text_json(session.session_goal)},
                                 {"message_count", session.message_count},
                                 {"created_at", schema::to_json(session.created_at)},
                                 {"initial_context", session_json(session).at("initial_context")},
                                 {"trigger_type", session.trigger_type}}}};
}

JsonObject status_json(const AgentSessionRow& session) {
  const TakeoverState takeover = takeover_of(session);
  return {{"session_id", session.id},
          {"session_status", session.session_status},
          {"business_owner_active", session.session_status == word(SessionStatus::TakenOver)},
          {"last_message_at", time_json(session.last_message_at)},
          {"last_message_from", text_json(session.last_message_from)},
          {"message_count", session.message_count},
          {"created_at", schema::to_json(session.created_at)},
          {"takeover_reason", text_json(takeover.reason)},
          {"business_owner_takeover_at", text_json(takeover.taken_over_at)},
          {"business_owner_release_at", text_json(takeover.released_at)}};
}

JsonObject routing_figures_json(store::Connection& connection) {
  const SessionFigures figures = session_figures(connection);
  const std::int64_t completed = figures.with_status(SessionStatus::Completed);
  const std::int64_t escalated = figures.with_status(SessionStatus::Escalated);
  return {{"active_sessions", figures.active},
          {"total_messages_processed", store::count<MessageRow>(connection)},
          {"sessions_by_status", counts_json(figures.by_status)},
          {"sessions_by_trigger_type", counts_json(figures.by_trigger_type)},
          {"routing_stats", JsonObject{{"total_sessions_created", figures.total},
                                       {"completion_rate", rate(completed, figures.total)},
                                       {"escalation_rate", rate(escalated, figures.total)}}}};
}

}  // namespace parley::leads
