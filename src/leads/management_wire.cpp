#include "leads/management_wire.h"

#include "leads/variables.h"
#include "leads/wire.h"
#include "schema/json_schema.h"

namespace parley::leads {
namespace {

using namespace json_schema;

JsonObject share_schema() { return {{"type", "number"}, {"minimum", 0}, {"maximum", 100}}; }

JsonObject count_object(const std::vector<std::pair<std::string, std::int64_t>>& counts) {
  JsonObject all;
  for (const auto& [name, count] : counts) all[name] = count;
  return all;
}

JsonObject only_fields(const JsonObject& all, std::initializer_list<std::string_view> names) {
  JsonObject some;
  for (const std::string_view name : names) some[name] = all.at(name);
  return some;
}

const std::initializer_list<std::string_view> kListedTaskFields{"id",
                                                                "agent_session_id",
                                                                "lead_id",
                                                                "sequence_position",
                                                                "status",
                                                                "task_type",
                                                                "delay_minutes",
                                                                "original_delay",
                                                                "original_unit",
                                                                "scheduled_at",
                                                                "executed_at",
                                                                "message_template",
                                                                "sequence_name",
                                                                "total_sequence_steps",
                                                                "failure_reason",
                                                                "retry_count",
                                                                "next_retry_at",
                                                                "generated_message_id"};

const std::initializer_list<std::string_view> kRecentLeadFields{
    "id",        "name", "email", "phone", "company", "status", "source", "service_requested",
    "created_at"};

std::string_view word_of(FollowUpResult::Outcome outcome) {
  switch (outcome) {
    case FollowUpResult::Outcome::Executed: return "executed";
    case FollowUpResult::Outcome::Skipped: return "skipped";
    case FollowUpResult::Outcome::Failed: return "failed";
  }
  return {};
}

JsonObject result_json(const FollowUpResult& result) {
  JsonObject task{{"task_id", result.task_id}, {"status", word_of(result.outcome)}};
  if (result.message_id) task["message_id"] = *result.message_id;
  if (result.outcome == FollowUpResult::Outcome::Skipped) task["reason"] = result.reason;
  if (result.outcome == FollowUpResult::Outcome::Failed) task["error"] = result.reason;
  if (!result.sequence_progress.empty()) task["sequence_progress"] = result.sequence_progress;
  return task;
}

JsonObject trigger_json(const Trigger& trigger) {
  return {
      {"event", trigger.event},
      {"active", trigger.is_active},
      {"lead_sources", list_json(trigger.sources, [](const std::string& each) { return each; })}};
}

}  // namespace

JsonObject page_json(std::string_view name, json::array items, std::int64_t total,
                     const api::Page& page, std::string_view size_name) {
  JsonObject object;
  object[name] = std::move(items);
  object["total"] = total;
  object["page"] = page.number;
  object[size_name] = page.size;
  object["total_pages"] = (total + page.size - 1) / page.size;
  return object;
}

JsonObject page_schema(std::string_view name, const JsonObject& item, std::string_view size_name) {
  return object({{name, list_of(item)},
                 {"total", integer(0)},
                 {"page", integer(1)},
                 {size_name, integer(1)},
                 {"total_pages", integer(0)}});
}

JsonObject removal_json(const RemovedLead& removed) {
  const JsonObject records{{"messages", removed.messages},
                           {"sessions", removed.sessions},
                           {"follow_ups", removed.follow_ups},
                           {"calls", 0},
                           {"lead", 1}};
  return {{"message", "Lead deleted"},
          {"summary", JsonObject{{"lead_id", removed.lead.id},
                                 {"lead_name", full_name_of(removed.lead)},
                                 {"deleted_records", records},
                                 {"total_deleted", removed.total()}}}};
}

JsonObject removal_schema() {
  const JsonObject records = object({{"messages", integer(0)},
                                     {"sessions", integer(0)},
                                     {"follow_ups", integer(0)},
                                     {"calls", integer(0)},
                                     {"lead", integer(1)}});
  return object({{"message", text()},
                 {"summary", object({{"lead_id", integer(0)},
                                     {"lead_name", text()},
                                     {"deleted_records", records},
                                     {"total_deleted", integer(1)}})}});
}

JsonObject lead_figures_json(const LeadFigures& figures) {
  return {{"total_leads", figures.total},
          {"active_leads", figures.active},
          {"won_leads", figures.won},
          {"conversion_rate", figures.conversion_rate()}};
}

JsonObject lead_figures_schema() {
  return object({{"total_leads", integer(0)},
                 {"active_leads", integer(0)},
                 {"won_leads", integer(0)},
                 {"conversion_rate", share_schema()}});
}

json::array counts_json(std::string_view name,
                        const std::vector<std::pair<std::string, std::int64_t>>& counts) {
  return list_json(counts, [&](const auto& each) {
    JsonObject entry;
    entry[name] = each.first;
    entry["count"] = each.second;
    return entry;
  });
}

JsonObject counts_schema(std::string_view name) {
  return list_of(object({{name, text()}, {"count", integer(0)}}));
}

JsonObject agent_figures_json(const AgentFigures& figures) {
  const JsonObject all = agent_json(figures.agent);
  JsonObject object =
      only_fields(all, {"total_interactions", "success_rate", "avg_response_time", "last_used_at"});
  object["agent_id"] = figures.agent.id;
  object["agent_name"] = figures.agent.name;
  object["is_active"] = figures.agent.is_active;
  object["total_sessions"] = figures.sessions.total;
  object["active_sessions"] = figures.sessions.active;
  object["completed_sessions"] = figures.sessions.with_status(SessionStatus::Completed);
  object["escalated_sessions"] = figures.sessions.with_status(SessionStatus::Escalated);
  object["total_messages"] = figures.messages;
  return object;
}

JsonObject agent_figures_schema() {
  return object({{"agent_id", integer(0)},
                 {"agent_name", text()},
                 {"is_active", boolean()},
                 {"total_interactions", integer(0)},
                 {"success_rate", text()},
                 {"avg_response_time", text()},
                 {"last_used_at", nullable(text_of("date-time"))},
                 {"total_sessions", integer(0)},
                 {"active_sessions", integer(0)},
                 {"completed_sessions", integer(0)},
                 {"escalated_sessions", integer(0)},
                 {"total_messages", integer(0)}});
}

JsonObject agents_figures_json(const AgentsFigures& figures) {
  return {{"total_agents", figures.total},
          {"active_agents", figures.active},
          {"inactive_agents", figures.total - figures.active},
          {"total_interactions", figures.interactions},
          {"total_sessions", figures.sessions},
          {"active_sessions", figures.active_sessions}};
}

JsonObject agents_figures_schema() {
  return object({{"total_agents", integer(0)},
                 {"active_agents", integer(0)},
                 {"inactive_agents", integer(0)},
                 {"total_interactions", integer(0)},
                 {"total_sessions", integer(0)},
                 {"active_sessions", integer(0)}});
}

JsonObject fired_json(const FiredEvent& fired, const std::string& event_type,
                      std::int64_t lead_id) {
  json::array sessions;
  if (fired.session) sessions.emplace_back(fired.session->id);
  return {{"success", true},
          {"event_type", event_type},
          {"lead_id", lead_id},
          {"sessions_created", std::move(sessions)},
          {"message", fired.message}};
}

JsonObject fired_schema() {
  return named("FiredEvent", object({{"success", boolean()},
                                     {"event_type", text()},
                                     {"lead_id", integer(0)},
                                     {"sessions_created", list_of(integer(0))},
                                     {"message", text()}}));
}

JsonObject trigger_summary_json(const TriggerSummary& summary) {
  return {{"agent_id", summary.agent.id},
          {"agent_name", summary.agent.name},
          {"is_active", summary.agent.is_active},
          {"triggers", list_json(summary.triggers, trigger_json)},
          {"unknown_triggers", summary.unknown_triggers},
          {"unknown_steps", summary.unknown_steps}};
}

JsonObject trigger_summary_schema() {
  const JsonObject trigger =
      object({{"event", text()}, {"active", boolean()}, {"lead_sources", list_of(text())}});
  return named("TriggerSummary", object({{"agent_id", integer(0)},
                                         {"agent_name", text()},
                                         {"is_active", boolean()},
                                         {"triggers", list_of(trigger)},
                                         {"unknown_triggers", list_of(JsonObject{})},
                                         {"unknown_steps", list_of(JsonObject{})}}));
}

JsonObject session_figures_json(const SessionFigures& figures) {
  return {{"total_sessions", figures.total},
          {"active_sessions", figures.active},
          {"sessions_by_trigger_type", count_object(figures.by_trigger_type)},
          {"sessions_by_status", count_object(figures.by_status)}};
}

JsonObject session_figures_schema() {
  return object({{"total_sessions", integer(0)},
                 {"active_sessions", integer(0)},
                 {"sessions_by_trigger_type", any_object()},
                 {"sessions_by_status", any_object()}});
}

JsonObject listed_task_json(const FollowUpTaskRow& task) {
  return only_fields(task_json(task), kListedTaskFields);
}

JsonObject listed_task_schema() {
  return named("FollowUpTask", only(schema::json_schema_of<FollowUpTaskRow>(), kListedTaskFields));
}

JsonObject follow_up_round_json(const FollowUpRound& round) {
  using Outcome = FollowUpResult::Outcome;
  return {{"executed", round.count(Outcome::Executed)},
          {"failed", round.count(Outcome::Failed)},
          {"skipped", round.count(Outcome::Skipped)},
          {"tasks", list_json(round.tasks, result_json)}};
}

JsonObject follow_up_round_schema() {
  JsonObject outcome = text();
  outcome["enum"] = json::array{"executed", "skipped", "failed"};
  const JsonObject task = object({{"task_id", integer(0)},
                                  {"status", outcome},
                                  {"message_id", integer(0), false},
                                  {"reason", text(), false},
                                  {"error", text(), false},
                                  {"sequence_progress", text(), false}});
  return object({{"executed", integer(0)},
                 {"failed", integer(0)},
                 {"skipped", integer(0)},
                 {"tasks", list_of(task)}});
}

JsonObject follow_up_figures_json(const FollowUpFigures& figures, std::int64_t days) {
  return {{"period_days", days},
          {"total_tasks", figures.total},
          {"executed", figures.executed},
          {"failed", figures.failed},
          {"pending", figures.pending},
          {"cancelled", figures.cancelled},
          {"success_rate", figures.success_rate()}};
}

JsonObject follow_up_figures_schema() {
  return object({{"period_days", integer(1)},
                 {"total_tasks", integer(0)},
                 {"executed", integer(0)},
                 {"failed", integer(0)},
                 {"pending", integer(0)},
                 {"cancelled", integer(0)},
                 {"success_rate", share_schema()}});
}

JsonObject metrics_json(const DashboardMetrics& metrics) {
  JsonObject object = lead_figures_json(metrics.leads);
  object["new_leads_today"] = metrics.leads_today;
  object["total_agents"] = metrics.agents;
  object["active_agents"] = metrics.active_agents;
  object["total_sessions"] = metrics.sessions.total;
  object["active_sessions"] = metrics.sessions.active;
  object["total_conversations"] = metrics.sessions.total;
  object["total_messages"] = metrics.messages;
  object["pending_follow_ups"] = metrics.pending_follow_ups;
  for (const char* name : {"total_calls", "calls_today", "total_appointments", "appointments_today",
                           "upcoming_appointments"}) {
    object[name] = 0;
  }
  return object;
}

JsonObject metrics_schema() {
  std::vector<Field> fields{{"conversion_rate", share_schema()}};
  for (const std::string_view name :
       {"total_leads", "active_leads", "won_leads", "new_leads_today", "total_agents",
        "active_agents", "total_sessions", "active_sessions", "total_conversations",
        "total_messages", "pending_follow_ups", "total_calls", "calls_today", "total_appointments",
        "appointments_today", "upcoming_appointments"}) {
    fields.push_back({name, integer(0)});
  }
  return object(fields);
}

JsonObject recent_lead_json(const LeadRow& lead) {
  return only_fields(lead_json(lead), kRecentLeadFields);
}

JsonObject recent_lead_schema() {
  return only(schema::json_schema_of<LeadRow>(), kRecentLeadFields);
}

JsonObject activity_json(const Activity& activity) {
  return {{"id", activity.id},
          {"type", activity.type},
          {"title", activity.title},
          {"description", activity.description},
          {"lead_id", activity.lead_id},
          {"session_id", activity.session_id ? Json(*activity.session_id) : Json(nullptr)},
          {"timestamp", schema::to_json(activity.at)}};
}

JsonObject activity_schema() {
  return object({{"id", text()},
                 {"type", text()},
                 {"title", text()},
                 {"description", text()},
                 {"lead_id", integer(0)},
                 {"session_id", nullable(integer(0))},
                 {"timestamp", text_of("date-time")}});
}

}  // namespace parley::leads
