#pragma once

// What the command line and the demo do with chat's accounts: each call opens the namespace, brings
// its schema up to date, and does one thing. One thread.

#include <string>

#include "app/configuration.h"

namespace parley::app {

struct NewChatAccount {
  std::string name;
  std::string owner_email;
  std::string password;
};
/// Makes the account with its owner, who is verified, and gives its id. Throws
/// Error{InvalidArgument} for an unusable name, e-mail or password, and Error{Conflict} when the
/// e-mail has a user.
std::string create_chat_account(const Configuration& configuration, const NewChatAccount& account);

struct NewChatMember {
  std::string account_id;
  std::string email;
  std::string role;      ///< admin, member, viewer.
  std::string password;  ///< Of a user who is new.
};
/// Makes a verified member of the account and gives the user's id; somebody who has a user already
/// keeps it with its password. Throws Error{InvalidArgument} as above and for an unknown role,
/// Error{NotFound} for no such account, and Error{Conflict} for a member.
std::string add_chat_member(const Configuration& configuration, const NewChatMember& member);

/// True when the e-mail has a user, whose password is not asked for then.
bool has_chat_user(const Configuration& configuration, const std::string& email);

/// An account with an owner of that password and an agent, for the demo; made when it is missing.
struct ChatDemo {
  std::string account_id;
  std::string agent_id;
};
ChatDemo put_chat_demo(const Configuration& configuration, const std::string& email,
                       const std::string& password);

}  // namespace parley::app
