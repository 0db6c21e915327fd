#include "api/fields.h"
#include "live_agent/accounts.h"
#include "live_agent/operation_parts.h"
#include "live_agent/operations.h"
#include "live_agent/requests.h"
#include "live_agent/wire_schema.h"

namespace parley::live_agent::operation {
namespace {

using namespace json_schema;
using http::Operation;

constexpr const char* kAgents = "agents";
constexpr const char* kAccount = "account";

JsonObject name_schema() { return text(api::kNameCharactersMax, 1); }

JsonObject settable_role_schema() {
  std::vector<std::string_view> allowed;
  for (const Role role : kSettableRoles) {
    allowed.push_back(words_of<Role>[static_cast<std::size_t>(role)]);
  }
  return words(allowed);
}

JsonObject push_token_text() { return text(kPushTokenCharactersMax, 1); }

}  // namespace

Operation set_presence() {
  return writing({.id = "setPresence",
                  .summary = "Say whether the calling agent is online",
                  .tag = kAgents,
                  .body = object({{"is_online", boolean()},
                                  optional("fcm_token", text(kPushTokenCharactersMax)),
                                  optional("status", words_schema<AgentStatus>())}),
                  .answers = {{200, "The agent's presence.", presence_schema()}}});
}

Operation set_push_token() {
  return writing({.id = "setPushToken",
                  .summary = "Register the push token of the calling agent's device",
                  .tag = kAgents,
                  .body = object({{"fcm_token", push_token_text()},
                                  optional("device_type", words_schema<DeviceType>())}),
                  .answers = {{200, "The stored token.", envelope_schema(push_token_schema())}}});
}

Operation show_statistics() {
  return reading(
      {.id = "showStatistics",
       .summary = "Figures over the sessions that the calling agent may see",
       .tag = kAgents,
       .parameters = {in_query("date_filter", with_default(words_schema<DateFilter>(), "all")),
                      in_query("agent_id", text(api::kNameCharactersMax),
                               "The assignee's number or e-mail.")},
       .answers = {{200, "The figures.", bare_envelope_schema(statistics_schema())}}});
}

Operation list_agents() {
  Operation operation{
      .id = "listAgents",
      .summary = "The agents, for those who manage them",
      .tag = kAgents,
      .answers = {{200, "A page of agents.", page_schema("agents", agent_schema())}}};
  add_page(operation, kSessionsPerPage, kSessionsPerPageMax);
  return reading(std::move(operation));
}

Operation create_agent() {
  return writing({.id = "createAgent",
                  .summary = "Make an agent's account",
                  .tag = kAgents,
                  .body = object({{"email", email_schema()},
                                  {"password", new_password_schema()},
                                  {"full_name", name_schema()},
                                  optional("role", settable_role_schema()),
                                  optional("agent_rights", rights_schema())}),
                  .answers = {{200, "The agent.", agent_schema()}},
                  .problems = {400}});
}

Operation change_agent() {
  return writing(
      {.id = "changeAgent",
       .summary = "Change an agent's account",
       .tag = kAgents,
       .parameters = {number_in_path()},
       .body =
           object({optional("full_name", name_schema()), optional("role", settable_role_schema()),
                   optional("is_active", boolean()), optional("agent_rights", rights_schema()),
                   optional("password", new_password_schema())}),
       .answers = {{200, "The agent.", agent_schema()}},
       .problems = {404}});
}

Operation log_in() {
  const JsonObject account = profile_schema();
  const JsonObject agent = object({{"id", field_of(account, "id")},
                                   {"email", field_of(account, "email")},
                                   {"name", text()},
                                   {"role", words_schema<Role>()}});
  const JsonObject logged_in = object({{"access_token", text()},
                                       {"token_type", text()},
                                       {"role", words_schema<Role>()},
                                       {"redirect_url", text()},
                                       {"agent", agent}});
  return without_token({.id = "logIn",
                        .summary = "Get a token for an agent's e-mail and password",
                        .tag = kAccount,
                        .body = object({{"email", name_schema()}, {"password", text()}}),
                        .answers = {{200, "A token for 24 hours.", logged_in}},
                        .problems = {401, 403, 422}});
}

Operation seed_admin() {
  const std::string_view outcomes[] = {"created", "exists"};
  return without_token({.id = "seedAdmin",
                        .summary = "Make the admin that the configuration names, if any",
                        .tag = kAccount,
                        .answers = {{200, "It is there.", object({{"status", words(outcomes)}})}},
                        .problems = {403}});
}

Operation show_profile() {
  return reading({.id = "showProfile",
                  .summary = "The caller's own account",
                  .tag = kAccount,
                  .answers = {{200, "The account.", profile_schema()}},
                  .problems = {404}});
}

Operation change_profile() {
  return writing(
      {.id = "changeProfile",
       .summary = "Change the calling agent's own account",
       .tag = kAccount,
       .body = object({optional("full_name", name_schema()), optional("email", email_schema()),
                       optional("password", new_password_schema())}),
       .answers = {{200, "The account.", profile_schema()}},
       .problems = {400, 404}});
}

}  // namespace parley::live_agent::operation
