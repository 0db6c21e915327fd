#pragma once

// Who may see and do what: the rights of an account, the tenant of a request, and the access of a
// caller to a session. Pure functions over values; any thread.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "api/api_keys.h"
#include "base/json.h"
#include "live_agent/tables.h"
#include "live_agent/vocabulary.h"

namespace parley::live_agent {

/// What an agent may do beyond reading and answering. The members are the keys of `agent_rights`.
struct Rights {
  bool can_manage_agents = false;
  bool can_view_all_sessions = false;
  bool can_close_sessions = false;
  bool can_reassign_sessions = false;
  bool can_export_data = false;
  bool can_approve_qa = false;

  bool operator==(const Rights&) const = default;
};

/// A key of `agent_rights` and the member that it sets.
struct RightName {
  std::string_view key;
  bool Rights::* member;
};
inline constexpr std::array kRightNames{
    RightName{"can_manage_agents", &Rights::can_manage_agents},
    RightName{"can_view_all_sessions", &Rights::can_view_all_sessions},
    RightName{"can_close_sessions", &Rights::can_close_sessions},
    RightName{"can_reassign_sessions", &Rights::can_reassign_sessions},
    RightName{"can_export_data", &Rights::can_export_data},
    RightName{"can_approve_qa", &Rights::can_approve_qa},
};

/// The rights of an account: a boolean key of `agent_rights` decides, and the role where a key is
/// absent.
Rights rights_of(Role role, const std::optional<Json>& agent_rights);

/// Who makes a request, after the `users` row of an agent was looked up.
struct Caller {
  Role role = Role::User;
  std::string account;  ///< An agent's e-mail; a user's e-mail or token subject.
  std::string name;
  std::string tenant;                    ///< Of the request, trimmed and lower case.
  std::optional<std::int64_t> agent_id;  ///< `users.id`; absent for users and for open access.
  Rights rights;
  /// Of an API key that is bound to one: nothing of another tenant is reached.
  std::optional<std::string> only_tenant;
  std::optional<std::int64_t> key_id;  ///< `api_keys.id`, of who comes with an API key.
  api::Scopes scopes = api::Scopes::all();  ///< Of an API key; a token has all.

  bool is_agent() const { return role != Role::User; }
  Side side() const { return is_agent() ? Side::Agent : Side::User; }
};

/// The wall of a bound API key: true when what belongs to `tenant` may be reached.
bool is_in_reach(std::string_view tenant, const Caller& caller);

enum class Access { Granted, OtherTenant, Denied };

/// Users reach only sessions of their own account and tenant; agents those assigned to them or to
/// nobody, and all with `can_view_all_sessions`; a bound API key in addition only those of its
/// tenant.
Access access_to(const SessionRow& session, const Caller& caller);

/// Where the tenant of a request may be written, in order of precedence.
struct TenantSources {
  std::optional<std::string> claim;  ///< `tenant_domain` of the token.
  std::string_view tenant_header;    ///< X-Tenant-Domain.
  std::string_view host;
  std::string_view origin;
};

/// The first source that says something, without scheme and port, trimmed and lower case; `unknown`
/// when none does.
std::string tenant_of(const TenantSources& sources);

}  // namespace parley::live_agent
