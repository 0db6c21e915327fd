#include "chat/wire_schema.h"

#include <vector>

#include "base/json_schema.h"
#include "base/vocabulary.h"
#include "chat/tables.h"
#include "chat/vocabulary.h"
#include "chat/wire.h"
#include "schema/json_schema.h"

namespace parley::chat {
namespace {

using namespace json_schema;
using schema::json_schema_of;

JsonObject true_schema() {
  JsonObject schema = boolean();
  schema["const"] = true;
  return schema;
}

JsonObject usage_schema() {
  return object({{"prompt_tokens", integer(0)},
                 {"completion_tokens", integer(0)},
                 {"total_tokens", integer(0)}});
}

constexpr std::string_view kStatuses[] = {"active", "inactive", "pending", "expired"};
constexpr std::string_view kActions[] = {"DESCRIBE", "QUERY", "ERROR"};

}  // namespace

JsonObject chat_schema() {
  return named("Chat",
               with_fields(json_schema_of<ChatRow>(), {{"message_count", nullable(integer(0))}}));
}

JsonObject message_schema() {
  JsonObject action = nullable(words(kActions));
  // An adopted row may have any action.
  action.erase("enum");
  return named("ChatMessage",
               with_fields(json_schema_of<ChatMessageRow>(),
                           {{"role", words(words_of<Speaker>)}, {"action", action}}));
}

JsonObject conversation_schema() {
  return named("Conversation",
               with_fields(json_schema_of<ChatRow>(), {{"messages", list_of(message_schema())}}));
}

JsonObject answered_schema() {
  return named("Answered", object({{"message", message_schema()},
                                   {"chat", chat_schema()},
                                   {"usage", nullable(usage_schema())},
                                   {"response_time_ms", nullable(integer(0))}}));
}

JsonObject agent_schema() {
  return named("DataAgent", with_fields(json_schema_of<AgentRow>(),
                                        {{"connection_type", words(words_of<ConnectionType>)},
                                         {"connection_config", any_object()},
                                         {"recommended_questions", nullable(list_of(text()))}}));
}

JsonObject theme_schema() {
  std::vector<Field> colours;
  const JsonObject theme = default_theme();
  for (const auto& colour : theme) colours.push_back({colour.key(), text()});
  return named("Theme", object(colours));
}

JsonObject credential_schema() {
  return named("AgentCredential",
               with_fields(json_schema_of<AgentCredentialRow>(),
                           {{"embed_url", nullable(text())}, {"theme", theme_schema()}}));
}

JsonObject profile_schema() {
  const JsonObject membership = object(
      {{"account_id", text_of("uuid")}, {"role", words(words_of<Role>)}, {"account_name", text()}});
  const JsonObject user =
      only(json_schema_of<UserRow>(), {"id", "email", "first_name", "last_name", "is_active"});
  return named("Me", with_fields(user, {{"memberships", list_of(membership)},
                                        {"is_subscribed", boolean()}}));
}

JsonObject tokens_schema() {
  return named(
      "Tokens",
      object({{"access_token", text()}, {"refresh_token", text()}, {"token_type", text()}}));
}

JsonObject team_member_schema() {
  return named("TeamMember", object({{"user_id", nullable(text_of("uuid"))},
                                     {"email", text()},
                                     {"role", text()},
                                     {"schema_access", list_of(text())},
                                     {"agent_access", list_of(text_of("uuid"))},
                                     {"status", words(kStatuses)}}));
}

JsonObject ok_schema() { return object({{"ok", true_schema()}}); }

JsonObject ok_message_schema() { return with_fields(ok_schema(), {{"message", text()}}); }

http::ProblemShape problem_answer_shape() {
  const JsonObject wrong = object(
      {{"type", text()}, {"loc", list_of(text())}, {"msg", text()}, {"input", JsonObject{}}});
  const JsonObject detail{{"anyOf", json::array{text(), list_of(wrong)}}};
  return {"application/json",
          named("ChatProblem", with_fields(http::problem_shape().schema, {{"detail", detail}}))};
}

}  // namespace parley::chat
