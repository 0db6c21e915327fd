#include "api/fields.h"
#include "base/json_schema.h"
#include "chat/operation_shapes.h"
#include "chat/operations.h"
#include "chat/requests.h"

namespace parley::chat::operation {
namespace {

using namespace json_schema;
using http::Operation;

constexpr const char* kAuth = "sign-in";
constexpr const char* kAccounts = "accounts";
constexpr std::size_t kPasswordBytesMax = 256;

JsonObject email_schema() { return text(kEmailCharactersMax, 1); }
JsonObject new_password_schema() { return text(kPasswordBytesMax, kPasswordCharactersMin); }
JsonObject person_name_schema() { return text(kPersonNameCharactersMax, 1); }

JsonObject account_schema() { return object({{"id", text_of("uuid")}, {"name", text()}}); }

/// A refresh token may be in the query, a form or JSON, so the body is not described.
Operation with_refresh_token(Operation operation) {
  operation.parameters = {
      api::in_query("refresh_token", text(), "Or in a form or JSON body under the same name.")};
  operation.problems = {401};
  return open_to_all(std::move(operation));
}

Operation mailing(std::string id, std::string summary) {
  return open_to_all({.id = std::move(id),
                      .summary = std::move(summary),
                      .tag = kAuth,
                      .body = object({{"email", email_schema()}}),
                      .answers = {{200, "Always the same.", ok_message_schema()}}});
}

}  // namespace

Operation log_in() {
  return open_to_all(
      {.id = "chatLogIn",
       .summary = "Sign in with e-mail and password",
       .tag = kAuth,
       .body = object({{"email", text(kEmailCharactersMax, 1)}, {"password", text()}}),
       .answers = {{200, "Tokens for the first membership.", tokens_schema()}},
       .problems = {401, 403}});
}

Operation refresh() {
  return with_refresh_token({.id = "chatRefresh",
                             .summary = "Other tokens for a refresh token, which is void then",
                             .tag = kAuth,
                             .answers = {{200, "Tokens.", tokens_schema()}}});
}

Operation log_out() {
  return with_refresh_token({.id = "chatLogOut",
                             .summary = "Void a refresh token",
                             .tag = kAuth,
                             .answers = {{200, "It is void.", ok_schema()}}});
}

Operation show_me() {
  return reading({.id = "chatShowMe",
                  .summary = "Who is signed in, with the accounts they are in",
                  .tag = kAuth,
                  .answers = {{200, "The user.", profile_schema()}}},
                 {});
}

Operation sign_up() {
  return open_to_all({.id = "chatSignUp",
                      .summary = "Make a user, with an account of their own or by an invitation",
                      .tag = kAuth,
                      .body = object({{"email", email_schema()},
                                      {"password", new_password_schema()},
                                      {"first_name", person_name_schema()},
                                      {"last_name", person_name_schema()},
                                      optional("invite", text(api::kNameCharactersMax))}),
                      .answers = {{201, "The user is made.", ok_message_schema()}},
                      .problems = {400, 403, 409}});
}

Operation verify() {
  return open_to_all({.id = "chatVerifyEmail",
                      .summary = "Verify an e-mail address by the link of its mail",
                      .tag = kAuth,
                      .parameters = {api::in_query("token", text(api::kNameCharactersMax))},
                      .answers = {{200, "It is verified.",
                                   object({{"verified", boolean()}, {"message", text()}})}},
                      .problems = {400}});
}

Operation resend_verification() {
  return mailing("chatResendVerification", "Another mail to verify an address");
}
Operation forgot_password() {
  return mailing("chatForgotPassword", "A mail with a link to set another password");
}

Operation reset_password() {
  return open_to_all({.id = "chatResetPassword",
                      .summary = "Set another password by the link of a mail",
                      .tag = kAuth,
                      .body = object({{"token", text(api::kNameCharactersMax, 1)},
                                      {"new_password", new_password_schema()}}),
                      .answers = {{200, "It is set.", ok_message_schema()}},
                      .problems = {400}});
}

Operation change_password() {
  return writing({.id = "chatChangePassword",
                  .summary = "Change the own password; all refresh tokens are void then",
                  .tag = kAuth,
                  .body = object({{"current_password", text()},
                                  {"new_password", new_password_schema()},
                                  {"confirm_new_password", text()}}),
                  .answers = {{200, "It is changed.", ok_message_schema()}},
                  .problems = {400}},
                 {});
}

Operation change_name() {
  return writing({.id = "chatChangeName",
                  .summary = "Change the own name",
                  .tag = kAuth,
                  .body = object({optional("first_name", person_name_schema()),
                                  optional("last_name", person_name_schema())}),
                  .answers = {{200, "It is changed.", ok_message_schema()}},
                  .problems = {400}},
                 {});
}

Operation show_account() {
  return reading({.id = "chatShowAccount",
                  .summary = "An account",
                  .tag = kAccounts,
                  .answers = {{200, "The account.", account_schema()}}},
                 {"account_id"});
}

Operation rename_account() {
  return writing(
      {.id = "chatRenameAccount",
       .summary = "Give an account another name; for owners",
       .tag = kAccounts,
       .body = object({{"name", text(api::kNameCharactersMax, 1)}}),
       .answers = {{200, "It is renamed.", with_fields(account_schema(), {{"ok", boolean()}})}}},
      {"account_id"});
}

Operation show_team() {
  return reading({.id = "chatShowTeam",
                  .summary = "The members and who is invited; for owners and admins",
                  .tag = kAccounts,
                  .answers = {{200, "The team.", list_of(team_member_schema())}}},
                 {"account_id"});
}

Operation invite() {
  return writing({.id = "chatInvite",
                  .summary = "Invite somebody; for owners",
                  .tag = kAccounts,
                  .body = object({{"email", email_schema()},
                                  {"role", text()},
                                  {"manage_agent_ids", nullable(list_of(text_of("uuid"))), false}}),
                  .answers = {{200, "The invitation and its secret.",
                               with_fields(ok_message_schema(), {{"invite_token", text()}})}},
                  .problems = {400}},
                 {"account_id"});
}

Operation change_member() {
  return writing({.id = "chatChangeMember",
                  .summary = "Change a member's role or agents; for owners and admins",
                  .tag = kAccounts,
                  .body = object({optional("role", text()),
                                  {"manage_agent_ids", nullable(list_of(text_of("uuid"))), false}}),
                  .answers = {{200, "It is changed.", ok_message_schema()}},
                  .problems = {400, 404}},
                 {"account_id", "user_id"});
}

Operation remove_member() {
  return writing({.id = "chatRemoveMember",
                  .summary = "Let a member go; for owners and admins",
                  .tag = kAccounts,
                  .answers = {{200, "They are gone.", ok_schema()}},
                  .problems = {400, 404}},
                 {"account_id", "user_id"});
}

}  // namespace parley::chat::operation
