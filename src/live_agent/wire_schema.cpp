#include "live_agent/wire_schema.h"

#include <string>

#include "api/operation_parts.h"
#include "live_agent/access.h"
#include "live_agent/tables.h"
#include "schema/json_schema.h"

namespace parley::live_agent {
namespace {

using namespace json_schema;
using api::words_schema;
using schema::json_schema_of;

JsonObject true_schema() {
  JsonObject schema = boolean();
  schema["const"] = true;
  return schema;
}

JsonObject user_schema() {
  return with_fields(json_schema_of<UserRow>(),
                     {{"role", words_schema<Role>()}, {"agent_rights", nullable(rights_schema())}});
}

JsonObject profile_row_schema() {
  return with_fields(json_schema_of<ProfileRow>(), {{"status", words_schema<AgentStatus>()}});
}

JsonObject counts_schema(const std::string& suffix) {
  JsonObject schema = object({});
  for (const char* name : {"total", "pending", "active", "resolved", "closed"}) {
    schema = with_fields(std::move(schema), {{name + suffix, integer(0)}});
  }
  return schema;
}

}  // namespace

JsonObject session_row_schema() {
  return with_fields(json_schema_of<SessionRow>(), {{"session_id", text_of("uuid")},
                                                    {"status", words_schema<SessionStatus>()},
                                                    {"metadata", nullable(any_object())}});
}

JsonObject session_schema() {
  return named("Session", with_fields(session_row_schema(), {{"preview", nullable(text())}}));
}

JsonObject message_schema() {
  return named("Message",
               with_fields(json_schema_of<MessageRow>(), {{"session_id", text_of("uuid")},
                                                          {"sender_type", words_schema<Side>()},
                                                          {"metadata", nullable(any_object())}}));
}

JsonObject profile_schema() {
  return named("Profile", with_fields(user_schema(), {{"name", text()}}));
}

JsonObject agent_schema() {
  const JsonObject presence = profile_row_schema();
  std::vector<Field> fields{{"agent_rights", rights_schema()}};
  for (const std::string_view name : {"is_online", "status", "last_seen"}) {
    fields.push_back({name, field_of(presence, name)});
  }
  return named("Agent", with_fields(user_schema(), fields));
}

JsonObject presence_schema() {
  return named("Presence", only(profile_row_schema(), {"agent_id", "agent_name", "is_online",
                                                       "status", "last_seen", "updated_at"}));
}

JsonObject push_token_schema() {
  return only(profile_row_schema(), {"agent_id", "agent_name", "fcm_token", "updated_at"});
}

JsonObject statistics_schema() {
  const JsonObject time = nullable(text_of("date-time"));
  const JsonObject day = with_fields(counts_schema(""), {{"date", text_of("date")}});
  return named("Statistics", with_fields(counts_schema("_sessions"),
                                         {{"average_response_time_seconds", integer(0)},
                                          {"date_range", object({{"from", time}, {"to", time}})},
                                          {"sessions_by_date", list_of(day)}}));
}

JsonObject rights_schema() {
  std::vector<Field> fields;
  for (const RightName& right : kRightNames) fields.push_back({right.key, boolean(), false});
  return object(fields);
}

JsonObject page_schema(std::string_view name, const JsonObject& item) {
  return object({{name, list_of(item)},
                 {"total", integer(0)},
                 {"page", integer(1)},
                 {"per_page", integer(1)}});
}

JsonObject envelope_schema(const JsonObject& data) {
  return with_fields(bare_envelope_schema(data), {{"message", text()}});
}

JsonObject bare_envelope_schema(const JsonObject& data) {
  return object({{"success", true_schema()}, {"data", data}});
}

http::ProblemShape problem_answer_shape() {
  JsonObject refused = boolean();
  refused["const"] = false;
  JsonObject details = any_object();
  details["additionalProperties"] = text();
  const JsonObject schema =
      with_fields(http::problem_shape().schema,
                  {{"success", refused}, {"error", text()}, {"details", details, false}});
  return {"application/json", named("LiveAgentProblem", schema)};
}

}  // namespace parley::live_agent
