#pragma once

// What the command line and the demo do with live_agent's accounts: each call opens the namespace,
// brings its schema up to date, and does one thing. One thread.

#include <cstdint>
#include <string>

#include "app/configuration.h"

namespace parley::app {

struct AgentAccount {
  std::string email;
  std::string name;
  std::string role = "agent";  ///< agent, supervisor, admin.
  std::string password;
};

/// Creates the account and gives its id. Throws Error{InvalidArgument} for an unknown role, an
/// unusable e-mail or password, and Error{Conflict} when the e-mail has an account.
std::int64_t create_agent(const Configuration& configuration, const AgentAccount& account);

/// Gives the account this password, creating it when there is none: the demo agent of `serve
/// --dev`.
void put_agent(const Configuration& configuration, const AgentAccount& account);

struct TokenRequest {
  std::string email;
  std::string name;
  std::string role = "user";  ///< user, agent, supervisor, admin.
};

/// A signed token, good for 24 hours. Throws Error{InvalidArgument} for an unknown role.
std::string create_token(const Configuration& configuration, const TokenRequest& request);

}  // namespace parley::app
