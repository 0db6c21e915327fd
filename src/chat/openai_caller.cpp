#include "chat/openai_caller.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "base/ids.h"
#include "base/overloaded.h"
#include "base/text.h"
#include "chat/embed.h"
#include "store/query.h"

namespace parley::chat {
namespace {

std::vector<MembershipRow> memberships_of(database::Connection& connection,
                                          const std::string& user_id) {
  return store::select<MembershipRow>()
      .where(store::equals<&MembershipRow::user_id>(user_id))
      .all(connection);
}

std::vector<AskedAgent> agents_of(database::Connection& connection, const UserRow& user,
                                  const MembershipRow& membership) {
  std::vector<AskedAgent> asked;
  for (AgentRow& agent : store::select<AgentRow>()
                             .where(store::equals<&AgentRow::account_id>(membership.account_id))
                             .all(connection)) {
    if (!may_use(membership, agent.id)) continue;
    Caller member{.user = user,
                  .membership = membership,
                  .ids = {{"account_id", membership.account_id}, {"agent_id", agent.id}}};
    asked.push_back({.agent = std::move(agent), .member = std::move(member)});
  }
  return asked;
}

std::vector<AskedAgent> for_member(database::Connection& connection, const Identity& identity) {
  const UserRow user = signed_in(connection, identity);
  std::vector<AskedAgent> all;
  for (const MembershipRow& membership : memberships_of(connection, user.id)) {
    std::ranges::move(agents_of(connection, user, membership), std::back_inserter(all));
  }
  std::ranges::sort(all, {},
                    [](const AskedAgent& one) { return std::tie(one.agent.name, one.agent.id); });
  return all;
}

std::vector<AskedAgent> for_credential(database::Connection& connection,
                                       const CredentialToken& credential) {
  const Embedded found = embedded_by_token(connection, credential.token);
  require_active(found.agent);
  return {{.agent = found.agent, .member = std::nullopt}};
}

http::Problem model_not_found(const std::string& model) {
  http::Problem problem =
      http::not_found(fmt::format("There is no agent with the id or the unique name {}", model));
  problem.code = "model_not_found";
  problem.errors = {{"model", "model_not_found", problem.detail}};
  return problem;
}

}  // namespace

DoorCaller door_caller(const http::Request& request, const Settings& settings, Timestamp now) {
  const std::string_view token = bearer_token(request);
  // Those of credentials have no dots, and JSON web tokens always have two.
  const bool is_credential = !token.empty() && token.find('.') == std::string_view::npos;
  if (is_credential) return CredentialToken{std::string(token)};
  return authenticate(request, settings, now);
}

std::vector<AskedAgent> agents_for(database::Connection& connection, const DoorCaller& caller) {
  return std::visit(
      overloaded{[&](const Identity& identity) { return for_member(connection, identity); },
                 [&](const CredentialToken& token) { return for_credential(connection, token); }},
      caller);
}

AskedAgent agent_called(database::Connection& connection, const DoorCaller& caller,
                        const std::string& model) {
  std::vector<AskedAgent> agents = agents_for(connection, caller);
  const auto by_id =
      std::ranges::find(agents, lower(model), [](const AskedAgent& one) { return one.agent.id; });
  if (by_id != agents.end()) return std::move(*by_id);
  const auto is_called = [&](const AskedAgent& one) { return one.agent.name == model; };
  if (std::ranges::count_if(agents, is_called) != 1) throw model_not_found(model);
  return std::move(*std::ranges::find_if(agents, is_called));
}

}  // namespace parley::chat
