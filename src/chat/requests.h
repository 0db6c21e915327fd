#pragma once

// What each endpoint reads from its request, as a value for the service. Every function throws the
// 422 problem that names all wrong fields. Pure functions; any thread.

#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "chat/agents.h"
#include "chat/chats.h"
#include "chat/members.h"
#include "chat/sign_up.h"
#include "http/message.h"

namespace parley::chat {

inline constexpr std::size_t kPersonNameCharactersMax = 80;
inline constexpr std::size_t kEmailCharactersMax = 320;
inline constexpr std::size_t kLongTextCharactersMax = 200'000;

/// What was read from a request, or the problem of reading it: it is told only after the checks
/// that come before it.
template <class T>
class Later {
 public:
  template <class Read>
  static Later of(Read read, const http::Request& request) {
    Later later;
    try {
      later.outcome_ = std::make_shared<const std::variant<T, std::exception_ptr>>(
          std::in_place_index<0>, read(request));
    } catch (const http::Problem&) {
      later.outcome_ = std::make_shared<const std::variant<T, std::exception_ptr>>(
          std::in_place_index<1>, std::current_exception());
    }
    return later;
  }

  /// Throws the problem.
  const T& value() const {
    if (const auto* error = std::get_if<1>(outcome_.get())) std::rethrow_exception(*error);
    return std::get<0>(*outcome_);
  }

 private:
  std::shared_ptr<const std::variant<T, std::exception_ptr>> outcome_;
};
template <class Read>
auto later(Read read, const http::Request& request) {
  return Later<decltype(read(request))>::of(read, request);
}

struct LoginRequest {
  std::string email;
  std::string password;
};
LoginRequest read_login(const http::Request& request);

/// Wherever the client puts it. Throws 401 when there is none.
std::string read_refresh_token_text(const http::Request& request);

struct SignUpRequest {
  NewUser user;  ///< Without the hash.
  std::string password;
};
SignUpRequest read_sign_up(const http::Request& request);
std::string read_email(const http::Request& request);
std::string read_token_query(const http::Request& request);

struct ResetRequest {
  std::string token;
  std::string new_password;
};
ResetRequest read_reset(const http::Request& request);

struct PasswordChange {
  std::string current;
  std::string next;
  std::string confirmed;
};
PasswordChange read_password_change(const http::Request& request);
NameChange read_name_change(const http::Request& request);

std::string read_account_name(const http::Request& request);
Invitation read_invitation(const http::Request& request);
MemberChange read_member_change(const http::Request& request);

Window read_window(const http::Request& request);

struct NewChat {
  std::string title;
  std::optional<std::string> agent_id;
};
NewChat read_new_chat(const http::Request& request);
/// Nothing: no title was given.
std::optional<std::string> read_title(const http::Request& request);
std::string read_content(const http::Request& request);
std::string read_question(const http::Request& request);

AgentFields read_new_agent(const http::Request& request);
AgentFields read_agent_change(const http::Request& request);
/// The `connection_config` that a body itself is, or has.
JsonObject read_connection(const http::Request& request);

/// The `agent_id` of the body; absent is nothing.
std::optional<std::string> read_agent_id(const http::Request& request);
std::optional<bool> read_switch(const http::Request& request);
std::optional<Json> read_theme(const http::Request& request);

}  // namespace parley::chat
