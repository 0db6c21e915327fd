#pragma once

// What each endpoint reads from its request, as a value for the service. Every function throws the
// 422 problem that names all wrong fields, or 404 for a path that names no possible row. Pure
// functions; any thread.

#include <cstdint>
#include <string>

#include "api/page.h"
#include "http/message.h"
#include "live_agent/accounts.h"
#include "live_agent/messages.h"
#include "live_agent/presence.h"
#include "live_agent/sessions.h"
#include "live_agent/statistics.h"

namespace parley::live_agent {

inline constexpr std::int64_t kSessionsPerPage = 20;  ///< Of agents as well.
inline constexpr std::int64_t kSessionsPerPageMax = 100;
inline constexpr std::int64_t kMessagesPerPage = 50;
inline constexpr std::int64_t kMessagesPerPageMax = 200;
inline constexpr std::size_t kPushTokenCharactersMax = 512;
/// The roles that an account may get over HTTP; admins come from the command line and the
/// configuration.
inline constexpr Role kSettableRoles[] = {Role::Agent, Role::Supervisor};

/// The session id of the path, lower case; a text that is no UUID is the id of no session (404).
std::string session_id_of(const http::Request& request);
/// The number at `{id}` of the path; anything else is the id of no row, and `missing` is thrown.
std::int64_t row_id_of(const http::Request& request, const http::Problem& missing);

NewSession read_new_session(const http::Request& request);
SessionFilter read_session_filter(const http::Request& request);
StatusChange read_status_change(const http::Request& request);

struct MessageToSend {
  std::string session_id;
  NewMessage message;
};
MessageToSend read_message_to_send(const http::Request& request);

struct MessageListRequest {
  bool mark_as_read = false;
  api::Page page;
};
MessageListRequest read_message_list(const http::Request& request);

/// Throws the 400 problem for a `since` that is no time.
MessageWindow read_message_window(const http::Request& request);
Side read_reader(const http::Request& request);

PresenceChange read_presence(const http::Request& request);
std::string read_push_token(const http::Request& request);
StatisticsRequest read_statistics(const http::Request& request);

struct LoginRequest {
  std::string email;
  std::string password;
};
LoginRequest read_login(const http::Request& request);

/// A change of an account, whose new password is not hashed yet.
struct AccountRequest {
  UserChange change;
  std::optional<std::string> password;
};
AccountRequest read_own_change(const http::Request& request);
AccountRequest read_agent_change(const http::Request& request);

struct NewAgentRequest {
  NewUser user;
  std::string password;
};
NewAgentRequest read_new_agent(const http::Request& request);
api::Page read_page(const http::Request& request);

}  // namespace parley::live_agent
