#include "base/text.h"
#include "chat/members.h"
#include "chat/operations.h"
#include "chat/routes.h"

namespace parley::chat {
namespace {

using http::Request;
using http::Response;

std::string_view word_of(TeamMember::Status status) {
  switch (status) {
    case TeamMember::Status::Active: return "active";
    case TeamMember::Status::Inactive: return "inactive";
    case TeamMember::Status::Pending: return "pending";
    case TeamMember::Status::Expired: return "expired";
  }
  return {};
}

JsonObject member_json(const TeamMember& member) {
  json::array agents;
  if (const auto ids = agent_ids_of(member.agents)) {
    for (const std::string& id : *ids) agents.emplace_back(json::string(id));
  }
  return {{"user_id", member.user_id ? Json(json::string(*member.user_id)) : Json(nullptr)},
          {"email", member.email},
          {"role", lower(member.role)},
          {"schema_access", json::array{}},
          {"agent_access", std::move(agents)},
          {"status", word_of(member.status)}};
}

Task show(const Request&) {
  return reading([](database::Connection& connection, const Caller& caller) {
    const AccountRow account = account_of(connection, caller.id("account_id"));
    return Response::json(200, JsonObject{{"id", account.id}, {"name", account.name}});
  });
}

Task rename(const Request& request) {
  return writing(
      [name = later(read_account_name, request)](store::UnitOfWork& unit, const Caller& caller) {
        const std::string& wanted = name.value();
        const AccountRow account = rename_account(unit.connection, caller.id("account_id"), wanted);
        return ok({{"id", account.id}, {"name", account.name}});
      });
}

Prepare show_team_with(const Context& context) {
  return [&clock = context.host.clock](const Request&) {
    return reading([&clock](database::Connection& connection, const Caller& caller) {
      json::array team;
      for (const TeamMember& member : team_of(connection, caller.id("account_id"), clock.now())) {
        team.push_back(member_json(member));
      }
      return Response::json(200, std::move(team));
    });
  };
}

Prepare invite_with(const Context& context) {
  return [context](const Request& request) {
    const auto wanted = later(read_invitation, request);
    const auto mail = std::make_shared<Mail>();
    Task task = writing([context, wanted, mail](store::UnitOfWork& unit, const Caller& caller) {
      const Invitation& invitation = wanted.value();
      const std::string secret = invite(unit.connection, caller, invitation, context.now());
      *mail = {.kind = Mail::Kind::Invitation, .email = invitation.email, .token = secret};
      return ok({{"message", "Invitation made"}, {"invite_token", secret}});
    });
    task.committed = [context, mail] { context.mailer.send(*mail); };
    return task;
  };
}

Task change(const Request& request) {
  return writing(
      [wanted = later(read_member_change, request)](store::UnitOfWork& unit, const Caller& caller) {
        const MemberChange& asked = wanted.value();
        change_member(unit, caller, caller.id("user_id"), asked);
        return ok_message("Member changed");
      });
}

Prepare remove_with(const Context& context) {
  return [&clock = context.host.clock](const Request&) {
    return writing([&clock](store::UnitOfWork& unit, const Caller& caller) {
      remove_member(unit, caller, caller.id("user_id"), clock.now());
      return ok();
    });
  };
}

}  // namespace

std::vector<http::Route> account_routes(const Context& context) {
  const std::string account = "/accounts/{account_id}";
  const std::string member = account + "/members/{user_id}";
  return {
      {"GET", account, for_members(context, kEverybody, show), operation::show_account()},
      {"PATCH", account, for_members(context, kOwners, rename), operation::rename_account()},
      {"GET", account + "/team_members", for_members(context, kManagers, show_team_with(context)),
       operation::show_team()},
      {"POST", account + "/invite", for_members(context, kOwners, invite_with(context)),
       operation::invite()},
      {"PUT", member, for_members(context, kManagers, change), operation::change_member()},
      {"DELETE", member, for_members(context, kManagers, remove_with(context)),
       operation::remove_member()},
  };
}

}  // namespace parley::chat
