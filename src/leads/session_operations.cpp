#include "api/fields.h"
#include "leads/management_operations.h"
#include "leads/management_wire.h"
#include "leads/operation_parts.h"
#include "leads/session_requests.h"
#include "leads/wire.h"

namespace parley::leads::operation {
namespace {

using namespace json_schema;
using api::in_query;
using api::kIntegerMax;
using api::number_in_path;
using api::with_default;
using api::words_schema;
using http::Operation;

constexpr const char* kSessions = "agent sessions";
constexpr const char* kWorkflows = "workflows";
constexpr const char* kFollowUps = "follow-ups";

/// `{success: true, …}`
JsonObject succeeded(const std::vector<json_schema::Field>& fields) {
  return with_fields(object({{"success", boolean()}}), fields);
}

JsonObject session_or_null() {
  return {{"anyOf", json::array{session_schema(), JsonObject{{"type", "null"}}}}};
}

/// The operation id of an event's route: `fireFormSubmission`.
std::string id_of(TriggerType type) {
  std::string id = "fire";
  bool is_first = true;
  for (const char each : word(type)) {
    if (each == '_') {
      is_first = true;
    } else {
      id += is_first ? static_cast<char>(each - 'a' + 'A') : each;
      is_first = false;
    }
  }
  return id;
}

}  // namespace

Operation open_session() {
  return writing({.id = "openAgentSession",
                  .summary = "Open a session of an agent with a lead, without a greeting",
                  .tag = kSessions,
                  .body = object({{"agent_id", integer(0, kIntegerMax)},
                                  {"lead_id", integer(0, kIntegerMax)},
                                  {"trigger_type", text(100, 1)},
                                  optional("session_goal", text(255)),
                                  optional("initial_context", any_object()),
                                  optional("auto_timeout_hours", integer(1, kTimeoutHoursMax)),
                                  optional("max_message_count", integer(1, kIntegerMax))}),
                  .answers = {{200, "The session.", session_schema()}},
                  .problems = {400, 404}});
}

Operation list_sessions() {
  Operation operation{.id = "listAgentSessions",
                      .summary = "Sessions, newest first",
                      .tag = kSessions,
                      .parameters = {in_query("status", words_schema<SessionStatus>()),
                                     in_query("agent_id", integer(0, kIntegerMax)),
                                     in_query("lead_id", integer(0, kIntegerMax))},
                      .answers = {{200, "A page of sessions.",
                                   page_schema("sessions", session_schema(), "page_size")}}};
  api::add_page(operation, "page_size", kSessionsPerPage, kPerPageMax);
  return reading(std::move(operation));
}

Operation show_session() {
  return reading({.id = "showAgentSession",
                  .summary = "One session",
                  .tag = kSessions,
                  .parameters = {number_in_path()},
                  .answers = {{200, "The session.", session_schema()}},
                  .problems = {404}});
}

Operation change_session() {
  return writing(
      {.id = "changeAgentSession",
       .summary = "Change the status of a session, and what is known of its end",
       .tag = kSessions,
       .parameters = {number_in_path()},
       .body = object({optional("session_status", words_schema<SessionStatus>()),
                       optional("completion_reason", text(100)),
                       optional("escalated_to", text(255)), optional("escalation_reason", text()),
                       optional("satisfaction_score", text(10))}),
       .answers = {{200, "The session.", session_schema()}},
       .problems = {404}});
}

Operation show_active_agent_session() {
  return reading({.id = "showActiveAgentSession",
                  .summary = "The active session of a lead, or null",
                  .tag = kSessions,
                  .parameters = {number_in_path()},
                  .answers = {{200, "The session, or null.", session_or_null()}},
                  .problems = {404}});
}

Operation count_active_sessions() {
  return reading({.id = "countActiveAgentSessions",
                  .summary = "How many sessions are active",
                  .tag = kSessions,
                  .answers = {{200, "Their number.", object({{"active_sessions", integer(0)}})}}});
}

Operation count_message() {
  return writing({.id = "countAgentSessionMessage",
                  .summary = "Count a message that was sent elsewhere",
                  .tag = kSessions,
                  .parameters = {number_in_path()},
                  .body = object({optional("from_agent", boolean())}),
                  .answers = {{200, "The session.", session_schema()}},
                  .problems = {400, 404}});
}

Operation end_session() {
  return writing({.id = "endAgentSession",
                  .summary = "End a session: completed, or escalated to somebody",
                  .tag = kSessions,
                  .parameters = {number_in_path(), in_query("reason", text(100)),
                                 in_query("escalated_to", text(255))},
                  .answers = {{200, "The session.", session_schema()}},
                  .problems = {400, 404}});
}

Operation time_out_sessions() {
  return writing({.id = "timeOutAgentSessions",
                  .summary = "Time out the sessions that were silent for too long",
                  .tag = kSessions,
                  .answers = {{200, "How many.", object({{"sessions_timed_out", integer(0)}})}}});
}

Operation fire_event() {
  return writing({.id = "fireEvent",
                  .summary = "Tell that something happened to a lead",
                  .tag = kWorkflows,
                  .body = object({{"event_type", text(100, 1)},
                                  {"lead_id", integer(0, kIntegerMax)},
                                  optional("event_data", any_object())}),
                  .answers = {{200, "What came of it.", fired_schema()}},
                  .problems = {404}});
}

Operation fire_event_of(TriggerType type) {
  return writing({.id = id_of(type),
                  .summary = "Tell of the event " + word(type),
                  .tag = kWorkflows,
                  .body = object({{"lead_id", integer(0, kIntegerMax)}}),
                  .answers = {{200, "What came of it.", fired_schema()}},
                  .problems = {404}});
}

Operation try_trigger() {
  Operation operation = reading({.id = "tryTrigger",
                                 .summary = "Whether an event would open a session with an agent",
                                 .tag = kWorkflows,
                                 .body = object({{"agent_id", integer(0, kIntegerMax)},
                                                 {"event_type", text(100, 1)},
                                                 optional("event_data", any_object())}),
                                 .answers = {{200, "Whether, and why.",
                                              object({{"would_trigger", boolean()},
                                                      {"agent_id", integer(0)},
                                                      {"agent_name", text()},
                                                      {"event_type", text()},
                                                      {"reason", text()}})}},
                                 .problems = {404, 422}});
  return operation;
}

Operation show_triggers() {
  return reading({.id = "showTriggers",
                  .summary = "The triggers of an agent, as they are understood",
                  .tag = kWorkflows,
                  .parameters = {number_in_path()},
                  .answers = {{200, "The triggers.", trigger_summary_schema()}},
                  .problems = {404}});
}

Operation list_triggers() {
  return reading({.id = "listTriggers",
                  .summary = "The triggers of all agents, as they are understood",
                  .tag = kWorkflows,
                  .answers = {{200, "The triggers.",
                               object({{"total_agents", integer(0)},
                                       {"agents_with_triggers", integer(0)},
                                       {"agents_by_event", any_object()},
                                       {"agents", list_of(trigger_summary_schema())}})}}});
}

Operation list_recent_sessions() {
  return reading({.id = "listRecentAgentSessions",
                  .summary = "The sessions that began last",
                  .tag = kWorkflows,
                  .parameters = {list_limit(10)},
                  .answers = {{200, "Sessions, newest first.",
                               object({{"sessions", list_of(session_schema())},
                                       {"total_returned", integer(0)}})}}});
}

Operation show_workflow_figures() {
  return reading({.id = "showWorkflowFigures",
                  .summary = "How many sessions there are, by how they began and how they are",
                  .tag = kWorkflows,
                  .answers = {{200, "The figures.", session_figures_schema()}}});
}

Operation execute_follow_ups() {
  return reading({.id = "executeFollowUps",
                  .summary = "Carry out the follow-ups that are due",
                  .tag = kFollowUps,
                  .answers = {{200, "What became of them.",
                               succeeded({{"execution_results", follow_up_round_schema()},
                                          {"timestamp", text_of("date-time")}})}}});
}

Operation list_session_follow_ups() {
  return reading({.id = "listSessionFollowUps",
                  .summary = "The follow-ups of a session by position",
                  .tag = kFollowUps,
                  .parameters = {number_in_path()},
                  .answers = {{200, "The tasks.",
                               succeeded({{"session_id", integer(0)},
                                          {"tasks", list_of(listed_task_schema())},
                                          {"total_tasks", integer(0)}})}},
                  .problems = {404}});
}

Operation list_follow_ups() {
  return reading(
      {.id = "listFollowUps",
       .summary = "The newest follow-ups",
       .tag = kFollowUps,
       .parameters = {in_query("status", words_schema<TaskStatus>()), list_limit(kTasksPerPage)},
       .answers = {{200, "The tasks.",
                    succeeded({{"tasks", list_of(listed_task_schema())},
                               {"total_tasks", integer(0)},
                               {"filter_status", nullable(text())}})}}});
}

Operation show_follow_up_figures() {
  return reading(
      {.id = "showFollowUpFigures",
       .summary = "How the follow-ups of the last days went",
       .tag = kFollowUps,
       .parameters = {in_query("days_back", with_default(integer(1, kDaysBackMax), kDaysBack))},
       .answers = {{200, "The figures.",
                    succeeded({{"statistics", follow_up_figures_schema()},
                               {"timestamp", text_of("date-time")}})}}});
}

Operation cancel_follow_ups() {
  JsonObject types = list_of(text());
  types["type"] = json::array{"array", "null"};
  return writing({.id = "cancelFollowUps",
                  .summary = "Cancel the pending follow-ups of a session, of some types or all",
                  .tag = kFollowUps,
                  .parameters = {number_in_path(), in_query("reason", text(255))},
                  .body = types,
                  .answers = {{200, "How many.",
                               succeeded({{"session_id", integer(0)},
                                          {"cancelled_tasks", integer(0)},
                                          {"reason", text()}})}},
                  .problems = {404}});
}

Operation simulate_response() {
  const JsonObject handling =
      object({{"session_id", integer(0)}, {"cancelled_tasks", integer(0)}, {"action", text()}});
  return writing({.id = "simulateLeadResponse",
                  .summary = "Do to the follow-ups of a session what a message of its lead does",
                  .tag = kFollowUps,
                  .parameters = {number_in_path()},
                  .answers = {{200, "What was done.",
                               succeeded({{"response_handling", handling},
                                          {"timestamp", text_of("date-time")}})}},
                  .problems = {404}});
}

}  // namespace parley::leads::operation
