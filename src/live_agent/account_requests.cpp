#include <fmt/format.h>

#include <algorithm>

#include "api/fields.h"
#include "live_agent/requests.h"

namespace parley::live_agent {
namespace {

bool is_right(std::string_view key) {
  return std::ranges::any_of(kRightNames, [&](const RightName& right) { return right.key == key; });
}

std::optional<JsonObject> rights_in(api::BodyReader& body) {
  std::optional<JsonObject> rights = body.optional_object("agent_rights");
  if (!rights) return rights;
  for (const auto& right : *rights) {
    const std::string field = fmt::format("agent_rights/{}", std::string_view(right.key()));
    if (!is_right(right.key())) {
      body.errors().add(field, "unknown_right", "is not a right");
    } else if (!right.value().is_bool()) {
      body.errors().add(field, "wrong_type", "must be true or false");
    }
  }
  return rights;
}

std::optional<Role> role_in(api::BodyReader& body) {
  const std::optional<Role> role = body.optional_word<Role>("role");
  if (role && std::ranges::count(kSettableRoles, *role) == 0) {
    body.errors().add("role", "not_in_vocabulary", "must be one of: agent, supervisor");
  }
  return role;
}

}  // namespace

LoginRequest read_login(const http::Request& request) {
  api::BodyReader body(request.body);
  LoginRequest login{.email = body.text("email", api::kNameCharactersMax),
                     .password = body.any_text("password")};
  body.finish();
  return login;
}

AccountRequest read_own_change(const http::Request& request) {
  api::BodyReader body(request.body);
  AccountRequest wanted;
  wanted.change.full_name = body.optional_text("full_name", api::kNameCharactersMax);
  wanted.change.email = body.optional_email("email");
  wanted.password = body.optional_new_password("password");
  body.finish();
  return wanted;
}

AccountRequest read_agent_change(const http::Request& request) {
  api::BodyReader body(request.body);
  AccountRequest wanted;
  wanted.change.full_name = body.optional_text("full_name", api::kNameCharactersMax);
  wanted.change.role = role_in(body);
  wanted.change.is_active = body.optional_boolean("is_active");
  wanted.change.agent_rights = rights_in(body);
  wanted.password = body.optional_new_password("password");
  body.finish();
  return wanted;
}

NewAgentRequest read_new_agent(const http::Request& request) {
  api::BodyReader body(request.body);
  NewAgentRequest wanted{.user = {.email = body.email("email"),
                                  .full_name = body.text("full_name", api::kNameCharactersMax),
                                  .role = role_in(body).value_or(Role::Agent),
                                  .password_hash = {},
                                  .agent_rights = rights_in(body)},
                         .password = body.new_password("password")};
  body.finish();
  return wanted;
}

PresenceChange read_presence(const http::Request& request) {
  api::BodyReader body(request.body);
  PresenceChange change{.is_online = body.boolean("is_online"),
                        .fcm_token = body.text_or_empty("fcm_token", kPushTokenCharactersMax),
                        .status = body.optional_word<AgentStatus>("status")};
  body.finish();
  return change;
}

std::string read_push_token(const http::Request& request) {
  api::BodyReader body(request.body);
  std::string token = body.text("fcm_token", kPushTokenCharactersMax);
  body.optional_word<DeviceType>("device_type");
  body.finish();
  return token;
}

}  // namespace parley::live_agent
