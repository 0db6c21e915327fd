#include "app/api_keys.h"

#include <fmt/format.h>

#include <algorithm>

#include "app/modules.h"
#include "app/target.h"
#include "base/error.h"
#include "base/text.h"
#include "database/transaction.h"
#include "live_agent/accounts.h"
#include "live_agent/events.h"
#include "store/event_log.h"

namespace parley::app {
namespace {

using Create = database::Connection::Create;

bool has_keys(const migrate::NamespaceDefinition& definition) {
  const std::string_view table = schema::table_name<store::ApiKeyRow>();
  return std::ranges::any_of(definition.histories, [&](const auto& history) {
    return std::ranges::any_of(history.declared_tables,
                               [&](const schema::Table& each) { return each.name == table; });
  });
}

std::unique_ptr<database::Connection> open_ready(const Configuration& configuration,
                                                 const std::string& module) {
  const auto definition = definition_of(module);
  if (!has_keys(definition)) {
    std::vector<std::string> others;
    for (const std::string& name : module_names()) {
      if (has_keys(definition_of(name))) others.push_back(name);
    }
    throw Error(ErrorCode::InvalidArgument, fmt::format("{} accepts no API keys", module),
                fmt::format("These do: {}.", join(others, ", ")));
  }
  const SystemClock clock;
  auto connection = open_namespace(configuration, module, Create::IfMissing);
  migrate::Deployment deployment(*connection, definition, clock);
  migrate::upgrade_all(deployment, execute_options(configuration));
  return connection;
}

/// The account as its module writes it.
std::string checked_account(database::Connection& connection, const KeyRequest& request) {
  const std::string account(trim(request.user_id));
  if (account.empty() || !is_storable_text(account) || code_points(account) > 255)
    throw Error(ErrorCode::InvalidArgument, "--user-id must be a text of 1 to 255 characters");
  if (request.module != "live_agent") return account;
  const auto user = live_agent::find_user_by_email(connection, account);
  if (user && user->is_active) return user->email;
  throw Error(ErrorCode::InvalidArgument,
              fmt::format("There is no active account with the e-mail {}", account),
              "A key acts as an account: make one with parley user create.");
}

api::Scopes scopes_named(const std::string& text) {
  const auto scopes = api::Scopes::parse(text);
  if (scopes) return *scopes;
  throw Error(
      ErrorCode::InvalidArgument, fmt::format("--scopes is '{}'", text),
      fmt::format("It is one or several of these, with commas: {}.", list_words<api::Scope>()));
}

std::optional<std::string> checked(const std::optional<std::string>& text, std::size_t max,
                                   std::string_view flag) {
  if (text &&
      (!has_visible_character(*text) || !is_storable_text(*text) || code_points(*text) > max)) {
    throw Error(ErrorCode::InvalidArgument,
                fmt::format("{} must be a text of 1 to {} characters", flag, max));
  }
  return text;
}

}  // namespace

api::CreatedApiKey create_key(const Configuration& configuration, const KeyRequest& request) {
  api::NewApiKey wanted{.user_id = {},
                        .label = checked(request.label, 1000, "--label"),
                        .scopes = scopes_named(request.scopes),
                        .tenant = checked(request.tenant, 255, "--tenant")};
  if (wanted.tenant) wanted.tenant = lower(trim(*wanted.tenant));
  const auto connection = open_ready(configuration, request.module);
  database::Transaction transaction(*connection);
  wanted.user_id = checked_account(*connection, request);
  api::CreatedApiKey created = api::create_api_key(*connection, wanted, SystemClock().now());
  transaction.commit();
  return created;
}

std::vector<store::ApiKeyRow> list_keys(const Configuration& configuration,
                                        const std::string& module) {
  const auto connection = open_ready(configuration, module);
  return api::list_api_keys(*connection);
}

void revoke_key(const Configuration& configuration, const std::string& module, std::int64_t id) {
  const auto connection = open_ready(configuration, module);
  database::Transaction transaction(*connection);
  const Timestamp now = SystemClock().now();
  if (!api::revoke_api_key(*connection, id, now)) {
    throw Error(ErrorCode::NotFound, fmt::format("{} has no API key with id {}", module, id),
                fmt::format("See them with: parley key list --module {}", module));
  }
  // Whoever listens with it is sent away.
  if (module == "live_agent")
    store::append_events(*connection, {live_agent::api_key_revoked(id)}, now);
  transaction.commit();
}

}  // namespace parley::app
