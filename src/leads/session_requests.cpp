#include "leads/session_requests.h"

#include <fmt/format.h>

#include "api/fields.h"
#include "base/error.h"
#include "base/text.h"
#include "leads/stored_json.h"

namespace parley::leads {
namespace {

using api::BodyReader;
using api::kIntegerMax;
using api::QueryReader;

constexpr std::size_t kTriggerCharactersMax = 100;
constexpr std::size_t kNameCharactersMax = 255;
constexpr std::size_t kReasonCharactersMax = 100;
constexpr std::size_t kScoreCharactersMax = 10;
constexpr std::size_t kTextCharactersMax = 16'000;

/// A body that may be left out.
JsonObject optional_object_of(const http::Request& request) {
  return trim(request.body).empty() ? JsonObject() : api::object_of(request.body);
}

[[noreturn]] void refuse(std::string_view field, std::string code, std::string message) {
  api::FieldErrors errors;
  errors.add(field, std::move(code), std::move(message));
  errors.finish();
  throw http::bad_request("not reached");
}

/// A body that may be something else than an object.
Json json_of(std::string_view body) {
  try {
    return parse_json(body);
  } catch (const Error& error) {
    refuse("", "invalid_json", error.what());
  }
}

}  // namespace

std::int64_t number_in_path(const http::Request& request, std::string_view name) {
  const auto number = api::whole_number(api::path_value(request, name));
  if (!number || *number > kIntegerMax) {
    refuse(name, "wrong_type", fmt::format("must be a whole number up to {}", kIntegerMax));
  }
  return *number;
}

NewSession read_new_session(const http::Request& request) {
  BodyReader body(request.body);
  NewSession wanted{
      .agent_id = body.integer("agent_id", 0, kIntegerMax),
      .lead_id = body.integer("lead_id", 0, kIntegerMax),
      .opening = {
          .trigger_type = body.text("trigger_type", kTriggerCharactersMax),
          .goal = body.optional_text("session_goal", kNameCharactersMax),
          .initial_context = body.optional_object("initial_context").value_or(JsonObject{}),
          .auto_timeout_hours = body.optional_integer("auto_timeout_hours", 1, kTimeoutHoursMax)
                                    .value_or(kAutoTimeoutHours),
          .max_message_count = body.optional_integer("max_message_count", 1, kIntegerMax)
                                   .value_or(kMaxMessageCount)}};
  body.finish();
  return wanted;
}

SessionFilter read_session_filter(const http::Request& request) {
  QueryReader query(request);
  SessionFilter filter{
      .status = query.optional_word<SessionStatus>("status"),
      .agent_id = query.optional_number("agent_id", 0, kIntegerMax),
      .lead_id = query.optional_number("lead_id", 0, kIntegerMax),
      .page = {.number = query.number("page", 1, 1, kIntegerMax),
               .size = query.number("page_size", kSessionsPerPage, 1, kPerPageMax)}};
  query.finish();
  return filter;
}

SessionChange read_session_change(const http::Request& request) {
  BodyReader body(request.body);
  SessionChange change{
      .status = body.optional_word<SessionStatus>("session_status"),
      .completion_reason = body.optional_text("completion_reason", kReasonCharactersMax),
      .escalated_to = body.optional_text("escalated_to", kNameCharactersMax),
      .escalation_reason = body.optional_text("escalation_reason", kTextCharactersMax),
      .satisfaction_score = body.optional_text("satisfaction_score", kScoreCharactersMax)};
  body.finish();
  return change;
}

SenderType read_counted_sender(const http::Request& request) {
  BodyReader body(optional_object_of(request), "");
  QueryReader query(request);
  const bool otherwise = query.boolean("from_agent", true);
  query.finish();
  const bool from_agent = body.optional_boolean("from_agent").value_or(otherwise);
  body.finish();
  return from_agent ? SenderType::Agent : SenderType::Lead;
}

EndOfSession read_end(const http::Request& request) {
  QueryReader query(request);
  EndOfSession end{.reason = query.text("reason", kReasonCharactersMax),
                   .escalated_to = query.text("escalated_to", kNameCharactersMax)};
  query.finish();
  return end;
}

EventRequest read_event(const http::Request& request) {
  BodyReader body(request.body);
  EventRequest event{.event_type = body.text("event_type", kTriggerCharactersMax),
                     .lead_id = body.integer("lead_id", 0, kIntegerMax),
                     .data = body.optional_object("event_data").value_or(JsonObject{})};
  body.finish();
  return event;
}

EventRequest read_event_of(const http::Request& request, TriggerType type) {
  BodyReader body(request.body);
  EventRequest event{.event_type = word(type),
                     .lead_id = body.integer("lead_id", 0, kIntegerMax),
                     .data = api::object_of(request.body)};
  body.finish();
  event.data.erase("lead_id");
  return event;
}

TriggerTrial read_trigger_trial(const http::Request& request) {
  BodyReader body(request.body);
  TriggerTrial trial{
      .agent_id = body.integer("agent_id", 0, kIntegerMax),
      .event_type = body.text("event_type", kTriggerCharactersMax),
      .source = source_in(body.optional_object("event_data").value_or(JsonObject{}))};
  body.finish();
  return trial;
}

std::optional<std::string> source_in(const JsonObject& event_data) {
  for (const std::string_view field : {"source", "lead_source"}) {
    if (auto source = text_at(event_data, field)) return source;
  }
  return std::nullopt;
}

CancelRequest read_cancel(const http::Request& request) {
  QueryReader query(request);
  CancelRequest cancel{.types = {},
                       .reason = query.text("reason", kNameCharactersMax).value_or("manual")};
  query.finish();
  if (trim(request.body).empty()) return cancel;
  const Json body = json_of(request.body);
  if (body.is_null()) return cancel;
  if (!body.is_array()) refuse("", "wrong_type", "must be a list of task types");
  for (const Json& each : body.get_array()) {
    const auto* type = each.if_string();
    if (type == nullptr || !is_storable_text(*type)) {
      refuse("", "wrong_type", "must be a list of task types");
    }
    cancel.types.emplace_back(*type);
  }
  return cancel;
}

TaskListRequest read_task_list(const http::Request& request) {
  QueryReader query(request);
  const TaskListRequest list{.status = query.optional_word<TaskStatus>("status"),
                             .limit = query.number("limit", kTasksPerPage, 1, kTasksPerPageMax)};
  query.finish();
  return list;
}

std::int64_t read_days_back(const http::Request& request) {
  QueryReader query(request);
  const std::int64_t days = query.number("days_back", kDaysBack, 1, kDaysBackMax);
  query.finish();
  return days;
}

std::int64_t read_limit(const http::Request& request, std::int64_t otherwise) {
  QueryReader query(request);
  const std::int64_t limit = query.number("limit", otherwise, 1, kTasksPerPageMax);
  query.finish();
  return limit;
}

}  // namespace parley::leads
