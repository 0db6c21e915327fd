#include "live_agent/access.h"

#include "base/text.h"

namespace parley::live_agent {
namespace {

Rights rights_of_role(Role role) {
  switch (role) {
    case Role::User: return {};
    case Role::Agent: return {.can_close_sessions = true};
    case Role::Supervisor:
      return {.can_view_all_sessions = true,
              .can_close_sessions = true,
              .can_reassign_sessions = true,
              .can_export_data = true,
              .can_approve_qa = true};
    case Role::Admin:
      return {.can_manage_agents = true,
              .can_view_all_sessions = true,
              .can_close_sessions = true,
              .can_reassign_sessions = true,
              .can_export_data = true,
              .can_approve_qa = true};
  }
  return {};
}

/// `host:port` and `[v6]:port` without the port.
std::string_view without_port(std::string_view authority) {
  if (authority.starts_with('[')) {
    const std::size_t end = authority.find(']');
    return end == std::string_view::npos ? authority : authority.substr(0, end + 1);
  }
  return authority.substr(0, authority.find(':'));
}

std::string_view authority_of(std::string_view origin) {
  const std::size_t scheme = origin.find("://");
  if (scheme == std::string_view::npos) return {};
  const std::string_view rest = origin.substr(scheme + 3);
  return rest.substr(0, rest.find('/'));
}

}  // namespace

Rights rights_of(Role role, const std::optional<Json>& agent_rights) {
  Rights rights = rights_of_role(role);
  const JsonObject* given = agent_rights ? agent_rights->if_object() : nullptr;
  if (given == nullptr || role == Role::User) return rights;
  for (const RightName& right : kRightNames) {
    const Json* value = given->if_contains(right.key);
    if (value != nullptr && value->is_bool()) rights.*right.member = value->get_bool();
  }
  return rights;
}

bool is_in_reach(std::string_view tenant, const Caller& caller) {
  return !caller.only_tenant || lower(trim(tenant)) == *caller.only_tenant;
}

Access access_to(const SessionRow& session, const Caller& caller) {
  if (!is_in_reach(session.tenant_domain, caller)) return Access::OtherTenant;
  if (!caller.is_agent()) {
    if (lower(trim(session.tenant_domain)) != caller.tenant) return Access::OtherTenant;
    return session.user_account == caller.account ? Access::Granted : Access::Denied;
  }
  const bool is_open_to_caller =
      caller.rights.can_view_all_sessions || !session.assigned_agent_id ||
      (caller.agent_id && *session.assigned_agent_id == *caller.agent_id);
  return is_open_to_caller ? Access::Granted : Access::Denied;
}

std::string tenant_of(const TenantSources& sources) {
  const std::string_view claim =
      sources.claim ? std::string_view(*sources.claim) : std::string_view();
  for (const std::string_view candidate :
       {claim, sources.tenant_header, without_port(trim(sources.host)),
        without_port(authority_of(trim(sources.origin)))}) {
    const std::string_view tenant = trim(candidate);
    if (!tenant.empty()) return lower(tenant);
  }
  return "unknown";
}

}  // namespace parley::live_agent
