#include "app/live_agent_accounts.h"

#include <fmt/format.h>

#include "app/live_agent_settings.h"
#include "app/ready_namespace.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/text.h"
#include "database/transaction.h"
#include "http/password.h"
#include "live_agent/accounts.h"
#include "live_agent/auth.h"

namespace parley::app {
namespace {

constexpr const char* kModule = "live_agent";

live_agent::Role role_named(const std::string& text) {
  const auto role = parse_word<live_agent::Role>(text);
  if (!role) {
    throw Error(ErrorCode::InvalidArgument, fmt::format("There is no role '{}'", text),
                "The roles are user, agent, supervisor and admin.");
  }
  return *role;
}

live_agent::Role staff_role_named(const std::string& text) {
  const auto role = role_named(text);
  if (role == live_agent::Role::User) {
    throw Error(
        ErrorCode::InvalidArgument,
        "End users have no accounts here: their portal signs their tokens",
        "Use --role agent, supervisor or admin; parley token create makes a token for a user.");
  }
  return role;
}

std::string hash_of(const std::string& password) {
  if (!http::is_acceptable_password(password)) {
    throw Error(ErrorCode::InvalidArgument,
                "A password has 8 characters at least and 256 bytes at most");
  }
  return http::hash_password(password);
}

}  // namespace

std::int64_t create_agent(const Configuration& configuration, const AgentAccount& account) {
  const auto role = staff_role_named(account.role);
  const std::string hash = hash_of(account.password);
  const auto connection = open_ready(configuration, kModule);
  database::Transaction transaction(*connection);
  const auto id =
      live_agent::create_user(*connection, account.email, account.name, role, hash,
                              std::chrono::floor<std::chrono::seconds>(SystemClock().now()));
  transaction.commit();
  return id;
}

void put_agent(const Configuration& configuration, const AgentAccount& account) {
  const std::string hash = hash_of(account.password);
  const auto connection = open_ready(configuration, kModule);
  database::Transaction transaction(*connection);
  const auto existing = live_agent::find_user_by_email(*connection, account.email);
  if (existing) {
    live_agent::change_user(*connection, *existing, {.password_hash = hash, .is_active = true});
  } else {
    live_agent::create_user(*connection, account.email, account.name,
                            staff_role_named(account.role), hash,
                            std::chrono::floor<std::chrono::seconds>(SystemClock().now()));
  }
  transaction.commit();
}

std::string create_token(const Configuration& configuration, const TokenRequest& request) {
  live_agent::TokenSubject subject{
      .email = lower(request.email), .name = request.name, .role = role_named(request.role)};
  const auto connection = open_ready(configuration, kModule);
  if (const auto user = live_agent::find_user_by_email(*connection, request.email))
    subject.user_id = user->id;
  return live_agent::make_token(live_agent_settings(configuration), subject, SystemClock().now());
}

}  // namespace parley::app
