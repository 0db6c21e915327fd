#include "live_agent/events.h"
#include "live_agent/login.h"
#include "live_agent/operations.h"
#include "live_agent/requests.h"
#include "live_agent/routes.h"
#include "live_agent/wire.h"

namespace parley::live_agent {
namespace {

using http::Request;
using http::Response;
using PasswordHash = std::optional<std::string>;

Prepare set_presence_with(const Context& context) {
  return [&store = context.store](const Request& request) -> Task {
    return {Task::Mode::Write, [&store, change = read_presence(request)](
                                   database::Connection& connection, const Caller& caller) {
              return Response::json(
                  200, presence_json(set_presence(connection, caller, change, store.now())));
            }};
  };
}

Prepare set_push_token_with(const Context& context) {
  return [&store = context.store](const Request& request) -> Task {
    return {Task::Mode::Write, [&store, token = read_push_token(request)](
                                   database::Connection& connection, const Caller& caller) {
              const JsonObject fields =
                  schema::to_json_object(set_push_token(connection, caller, token, store.now()));
              return Response::json(200, envelope("Push token registered",
                                                  {{"agent_id", fields.at("agent_id")},
                                                   {"agent_name", fields.at("agent_name")},
                                                   {"fcm_token", fields.at("fcm_token")},
                                                   {"updated_at", fields.at("updated_at")}}));
            }};
  };
}

Prepare statistics_with(const Context& context) {
  return [&store = context.store](const Request& request) -> Task {
    return {Task::Mode::Read, [&store, wanted = read_statistics(request)](
                                  database::Connection& connection, const Caller& caller) {
              const Statistics statistics = statistics_of(connection, caller, wanted, store.now());
              return Response::json(200, envelope("", statistics_json(statistics)));
            }};
  };
}

Task list(const Request& request) {
  return {Task::Mode::Read,
          [page = read_page(request)](database::Connection& connection, const Caller&) {
            return Response::json(200, agent_page_json(list_agents(connection, page), page));
          }};
}

PreparePassword create_with(const Context& context) {
  return [&store = context.store](const Request& request) -> PasswordTask {
    NewAgentRequest wanted = read_new_agent(request);
    return {wanted.password, [&store, user = std::move(wanted.user)](
                                 store::UnitOfWork& unit, const Caller&, const PasswordHash& hash) {
              NewUser complete = user;
              complete.password_hash = hash.value();
              const UserRow added = add_user(unit.connection, complete, store.now());
              const Agent agent = with_profile(unit.connection, added);
              unit.events.push_back(agent_created(agent));
              return Response::json(200, agent_json(agent));
            }};
  };
}

/// Appends the event of a changed account, whose agent is returned.
Agent told_of_change(store::UnitOfWork& unit, const UserRow& changed) {
  Agent agent = with_profile(unit.connection, changed);
  unit.events.push_back(agent_updated(agent));
  return agent;
}

PasswordTask change_agent(const Request& request) {
  AccountRequest wanted = read_agent_change(request);
  return {wanted.password,
          [id = row_id_of(request, http::not_found("Agent not found")),
           change = std::move(wanted.change)](store::UnitOfWork& unit, const Caller& caller,
                                              const PasswordHash& hash) {
            UserChange complete = change;
            complete.password_hash = hash;
            const UserRow changed =
                change_user(unit.connection, managed_user(unit.connection, caller, id), complete);
            return Response::json(200, agent_json(told_of_change(unit, changed)));
          }};
}

/// The account behind a caller who may be a user without one.
UserRow own_account(database::Connection& connection, const Caller& caller) {
  std::optional<UserRow> user = caller.agent_id ? find_user_by_id(connection, *caller.agent_id)
                                                : find_user_by_email(connection, caller.account);
  if (!user) throw http::not_found("Profile not found");
  return *std::move(user);
}

Task show_profile(const Request&) {
  return {Task::Mode::Read, [](database::Connection& connection, const Caller& caller) {
            return Response::json(200, profile_json(own_account(connection, caller)));
          }};
}

PasswordTask change_profile(const Request& request) {
  AccountRequest wanted = read_own_change(request);
  return {wanted.password,
          [change = std::move(wanted.change)](store::UnitOfWork& unit, const Caller& caller,
                                              const PasswordHash& hash) {
            UserChange complete = change;
            complete.password_hash = hash;
            const UserRow changed =
                change_user(unit.connection, own_account(unit.connection, caller), complete);
            told_of_change(unit, changed);
            return Response::json(200, profile_json(changed));
          }};
}

}  // namespace

std::vector<http::Route> agent_routes(const Context& context) {
  const std::string agent = std::string(kLiveAgentPrefix) + "/agent";
  const std::string agents = std::string(kLiveAgentPrefix) + "/agents";
  return {
      {"PUT", agent + "/status", authenticated(context, Level::Agent, set_presence_with(context)),
       operation::set_presence()},
      {"POST", agent + "/fcm-token",
       authenticated(context, Level::Agent, set_push_token_with(context)),
       operation::set_push_token()},
      {"GET", agent + "/statistics", authenticated(context, Level::Agent, statistics_with(context)),
       operation::show_statistics()},
      {"GET", agents, authenticated(context, Level::ManageAgents, list), operation::list_agents()},
      {"POST", agents,
       authenticated_with_password(context, Level::ManageAgents, create_with(context)),
       operation::create_agent()},
      {"PATCH", agents + "/{id}",
       authenticated_with_password(context, Level::ManageAgents, change_agent),
       operation::change_agent()},
  };
}

std::vector<http::Route> auth_routes(const Context& context) {
  const std::string base(kAuthPrefix);
  return {
      {"POST", base + "/login", login_handler(context), operation::log_in()},
      {"POST", base + "/seed-admin", seed_admin_handler(context), operation::seed_admin()},
      {"GET", base + "/profile", authenticated(context, Level::User, show_profile),
       operation::show_profile()},
      {"PUT", base + "/profile", authenticated_with_password(context, Level::Agent, change_profile),
       operation::change_profile()},
  };
}

}  // namespace parley::live_agent
