#include "live_agent/requests.h"

#include "api/fields.h"
#include "base/ids.h"
#include "base/text.h"
#include "live_agent/problems.h"

namespace parley::live_agent {
namespace {

api::Page page_in(api::QueryReader& query, std::int64_t size, std::int64_t size_max) {
  return {.number = query.number("page", 1, 1, api::kIntegerMax),
          .size = query.number("per_page", size, 1, size_max)};
}

AssigneeRequest agent_with_id(api::BodyReader& body, std::optional<std::int64_t> id) {
  if (id && *id >= 0 && *id <= api::kIntegerMax) {
    return {.kind = AssigneeRequest::Kind::Agent, .agent_id = *id};
  }
  body.errors().add("assigned_agent_id", "wrong_type", "must be the number of an agent");
  return {};
}

/// The clients send a number, a number as text, or "" for the caller.
AssigneeRequest assignee_in(api::BodyReader& body) {
  const Json* value = body.find("assigned_agent_id");
  if (value == nullptr) return {};
  if (const auto* text = value->if_string()) {
    const std::string_view trimmed = trim(*text);
    if (trimmed.empty()) return {.kind = AssigneeRequest::Kind::Caller};
    return agent_with_id(body, api::whole_number(trimmed));
  }
  return agent_with_id(body, value->is_int64() ? std::optional(value->get_int64()) : std::nullopt);
}

}  // namespace

std::string session_id_of(const http::Request& request) {
  const std::string& id = api::path_value(request, "id");
  if (!is_uuid(id)) throw session_not_found();
  return lower(id);
}

std::int64_t row_id_of(const http::Request& request, const http::Problem& missing) {
  const std::optional<std::int64_t> id = api::whole_number(api::path_value(request, "id"));
  if (!id || *id > api::kIntegerMax) throw missing;
  return *id;
}

NewSession read_new_session(const http::Request& request) {
  api::BodyReader body(request.body);
  NewSession opening{.initial_message = body.text("initial_message", kMessageCharactersMax),
                     .user_context = body.optional_object("user_context").value_or(JsonObject{})};
  body.finish();
  return opening;
}

SessionFilter read_session_filter(const http::Request& request) {
  api::QueryReader query(request);
  SessionFilter filter{.status = query.optional_word<SessionStatus>("status"),
                       .tenant = query.text("tenant", api::kNameCharactersMax),
                       .assigned_to_me = query.boolean("assigned_to_me", false),
                       .agent_id = query.optional_number("agent_id", 0, api::kIntegerMax),
                       .page = page_in(query, kSessionsPerPage, kSessionsPerPageMax)};
  query.finish();
  return filter;
}

StatusChange read_status_change(const http::Request& request) {
  api::BodyReader body(request.body);
  StatusChange change{
      .status = body.word<SessionStatus>("status"),
      .assignee = assignee_in(body),
      .assigned_agent_name = body.text_or_empty("assigned_agent_name", api::kNameCharactersMax)};
  if (!has_visible_character(change.assigned_agent_name)) change.assigned_agent_name.clear();
  body.finish();
  return change;
}

MessageToSend read_message_to_send(const http::Request& request) {
  api::BodyReader body(request.body);
  MessageToSend sending{
      .session_id = lower(body.text("session_id", api::kNameCharactersMax)),
      .message = {.message_text = body.text("message_text", kMessageCharactersMax),
                  .sender = body.word<Side>("sender_type"),
                  .metadata = body.optional_object("metadata")}};
  body.finish();
  if (!is_uuid(sending.session_id)) throw session_not_found();
  return sending;
}

MessageListRequest read_message_list(const http::Request& request) {
  api::QueryReader query(request);
  MessageListRequest list{.mark_as_read = query.boolean("mark_as_read", false),
                          .page = page_in(query, kMessagesPerPage, kMessagesPerPageMax)};
  query.finish();
  return list;
}

MessageWindow read_message_window(const http::Request& request) {
  api::QueryReader query(request);
  MessageWindow window{.limit = query.number("limit", kMessagesPerPage, 1, kMessagesPerPageMax),
                       .offset = query.number("offset", 0, 0, api::kIntegerMax),
                       .since = {},
                       .since_id = query.optional_number("since_id", 0, api::kIntegerMax)};
  const std::optional<std::string> since = query.text("since", api::kNameCharactersMax);
  query.finish();
  if (!since) return window;
  window.since = api::time_in(*since);
  if (!window.since) throw http::bad_request("since must be a time as RFC 3339 writes it");
  return window;
}

Side read_reader(const http::Request& request) {
  api::BodyReader body(request.body);
  const Side reader = body.word<Side>("read_by");
  body.finish();
  return reader;
}

StatisticsRequest read_statistics(const http::Request& request) {
  api::QueryReader query(request);
  StatisticsRequest statistics{
      .date_filter = query.optional_word<DateFilter>("date_filter").value_or(DateFilter::All),
      .agent = query.text("agent_id", api::kNameCharactersMax).value_or("")};
  query.finish();
  return statistics;
}

api::Page read_page(const http::Request& request) {
  api::QueryReader query(request);
  const api::Page page = page_in(query, kSessionsPerPage, kSessionsPerPageMax);
  query.finish();
  return page;
}

}  // namespace parley::live_agent
