#include "live_agent/operations.h"

#include "api/fields.h"
#include "live_agent/messages.h"
#include "live_agent/operation_parts.h"
#include "live_agent/requests.h"
#include "live_agent/wire_schema.h"

namespace parley::live_agent::operation {
namespace {

using namespace json_schema;
using http::Operation;

constexpr const char* kSessions = "sessions";
constexpr const char* kMessages = "messages";

JsonObject message_text_schema() { return text(kMessageCharactersMax, 1); }

JsonObject read_by_schema() { return object({{"read_by", words_schema<Side>()}}); }

/// A number, a number as text, or "" for the caller.
JsonObject assignee_schema() { return {{"type", json::array{"integer", "string", "null"}}}; }

}  // namespace

Operation open_session() {
  const JsonObject opened = with_fields(
      only(session_row_schema(),
           {"session_id", "tenant_domain", "user_account", "user_name", "status", "created_at"}),
      {{"message", text()}});
  return writing({.id = "openSession",
                  .summary = "Open a session with its first message",
                  .tag = kSessions,
                  .body = object({{"initial_message", message_text_schema()},
                                  optional("user_context", any_object())}),
                  .answers = {{201, "The session.", opened}}});
}

Operation list_sessions() {
  Operation operation{
      .id = "listSessions",
      .summary = "The sessions that the caller may see, newest message first",
      .tag = kSessions,
      .parameters = {in_query("status", words_schema<SessionStatus>()),
                     in_query("tenant", text(api::kNameCharactersMax)),
                     in_query("assigned_to_me", with_default(boolean(), false)),
                     in_query("agent_id", integer(0, api::kIntegerMax))},
      .answers = {{200, "A page of sessions.", page_schema("sessions", session_schema())}}};
  add_page(operation, kSessionsPerPage, kSessionsPerPageMax);
  return reading(std::move(operation));
}

Operation show_session() {
  return reading({.id = "showSession",
                  .summary = "One session",
                  .tag = kSessions,
                  .parameters = {session_id_in_path()},
                  .answers = {{200, "The session.", session_schema()}},
                  .problems = {404}});
}

Operation change_status() {
  const JsonObject changed =
      only(session_row_schema(),
           {"session_id", "status", "assigned_agent_id", "assigned_agent_name", "updated_at"});
  return writing(
      {.id = "changeSessionStatus",
       .summary = "Take, release, resolve, close or reopen a session; for agents",
       .tag = kSessions,
       .parameters = {session_id_in_path(),
                      in_header("If-Match", text(), "Only if the session is still in this state.")},
       .body = object({{"status", words_schema<SessionStatus>()},
                       {"assigned_agent_id", assignee_schema(), false},
                       optional("assigned_agent_name", text(api::kNameCharactersMax))}),
       .answers = {{200, "The session's status and assignee.", changed}},
       .problems = {404, 412}});
}

Operation send_message() {
  const JsonObject sent = with_fields(message_schema(), {{"notification_sent", boolean()}});
  return writing({.id = "sendMessage",
                  .summary = "Send a message",
                  .tag = kMessages,
                  .body = object({{"session_id", text_of("uuid")},
                                  {"message_text", message_text_schema()},
                                  {"sender_type", words_schema<Side>()},
                                  optional("metadata", any_object())}),
                  .answers = {{201, "The message.", sent}},
                  .problems = {404}});
}

Operation list_messages() {
  const JsonObject session = only(session_row_schema(), {"session_id", "status"});
  Operation operation{
      .id = "listMessages",
      .summary = "The newest messages of a session, oldest first",
      .tag = kMessages,
      .parameters = {session_id_in_path(),
                     in_query("mark_as_read", with_default(boolean(), false),
                              "Also mark all messages of the other side as read.")},
      .answers = {{200, "A page of messages.",
                   with_fields(page_schema("messages", message_schema()), {{"session", session}})}},
      .problems = {404}};
  add_page(operation, kMessagesPerPage, kMessagesPerPageMax);
  return reading(std::move(operation));
}

Operation poll_messages() {
  const JsonObject data = object({{"session_id", text_of("uuid")},
                                  {"messages", json_schema::list_of(message_schema())},
                                  {"total", integer(0)},
                                  {"has_more", boolean()}});
  return reading(
      {.id = "pollMessages",
       .summary = "The newest messages of a session, or those after a time",
       .tag = kMessages,
       .parameters = {session_id_in_path(),
                      in_query("limit",
                               with_default(integer(1, kMessagesPerPageMax), kMessagesPerPage)),
                      in_query("offset", with_default(integer(0, api::kIntegerMax), 0)),
                      in_query("since", text_of("date-time"), "Without a zone: UTC."),
                      in_query("since_id", integer(0, api::kIntegerMax),
                               "With `since`: also those of that instant with a higher id.")},
       .answers = {{200, "Messages, oldest first.", bare_envelope_schema(data)}},
       .problems = {400, 404}});
}

Operation mark_message_read() {
  const JsonObject data =
      only(message_schema(), {"message_id", "read_by_agent", "read_by_user", "read_at"});
  return writing({.id = "markMessageRead",
                  .summary = "Mark one message as read",
                  .tag = kMessages,
                  .parameters = {number_in_path()},
                  .body = read_by_schema(),
                  .answers = {{200, "The message's receipts.", envelope_schema(data)}},
                  .problems = {404}});
}

Operation mark_session_read() {
  const JsonObject data =
      object({{"session_id", text_of("uuid")}, {"messages_updated", integer(0)}});
  return writing({.id = "markSessionRead",
                  .summary = "Mark all messages of the other side as read",
                  .tag = kMessages,
                  .parameters = {session_id_in_path()},
                  .body = read_by_schema(),
                  .answers = {{200, "How many were unread.", envelope_schema(data)}},
                  .problems = {404}});
}

}  // namespace parley::live_agent::operation
