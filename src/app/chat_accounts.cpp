#include "app/chat_accounts.h"

#include <fmt/format.h>

#include <filesystem>

#include "app/ready_namespace.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/ids.h"
#include "base/text.h"
#include "chat/agents.h"
#include "chat/members.h"
#include "chat/requests.h"
#include "chat/sign_in.h"
#include "chat/sign_up.h"
#include "database/transaction.h"
#include "http/password.h"
#include "store/query.h"

namespace parley::app {
namespace {

constexpr const char* kModule = "chat";
constexpr std::size_t kNameCharactersMax = 255;

std::string checked_email(const std::string& text) {
  std::string email = lower(trim(text));
  const auto at = email.find('@');
  const bool fits = at != std::string::npos && at > 0 && at + 1 < email.size() &&
                    is_storable_text(email) && code_points(email) <= chat::kEmailCharactersMax;
  if (!fits)
    throw Error(ErrorCode::InvalidArgument, fmt::format("'{}' is no e-mail address", text));
  return email;
}

std::string checked_name(const std::string& name) {
  const bool fits = is_storable_text(name) && has_visible_character(name) &&
                    code_points(name) <= kNameCharactersMax;
  if (!fits) {
    throw Error(ErrorCode::InvalidArgument, "The name must be UTF-8 of 1 to 255 characters");
  }
  return name;
}

std::string hash_of(const std::string& password) {
  if (!http::is_acceptable_password(password, chat::kPasswordCharactersMin)) {
    throw Error(ErrorCode::InvalidArgument,
                fmt::format("A password has {} characters at least and 256 bytes at most",
                            chat::kPasswordCharactersMin));
  }
  return http::hash_password(password);
}

chat::Role member_role(const std::string& text) {
  const auto role = parse_word<chat::Role>(upper(text));
  if (!role || *role == chat::Role::Owner) {
    throw Error(ErrorCode::InvalidArgument, fmt::format("'{}' is no role of a member", text),
                "The roles are admin, member and viewer; an owner comes with the account.");
  }
  return *role;
}

std::string checked_account(database::Connection& connection, const std::string& id) {
  const std::string account_id = lower(trim(id));
  const bool is_there = is_uuid(account_id) &&
                        store::exists(connection, store::equals<&chat::AccountRow::id>(account_id));
  if (!is_there) throw Error(ErrorCode::NotFound, fmt::format("There is no account '{}'", id));
  return account_id;
}

void require_no_member(database::Connection& connection, const std::string& account_id,
                       const chat::UserRow& user) {
  const bool is_member =
      store::exists(connection, all_of(store::equals<&chat::MembershipRow::account_id>(account_id),
                                       store::equals<&chat::MembershipRow::user_id>(user.id)));
  if (!is_member) return;
  throw Error(ErrorCode::Conflict, fmt::format("{} is a member already", user.email));
}

/// An agent that may ask the server's own file about support chats, which is there when the modules
/// are kept in files.
chat::AgentFields demo_agent(const Configuration& configuration) {
  const auto file = std::filesystem::absolute(configuration.data_directory()) / "live_agent.db";
  chat::AgentFields fields;
  fields.name = "Demo data";
  fields.connection_type = chat::ConnectionType::Db;
  fields.connection_config =
      JsonObject{{"host", file.string()}, {"username", ""}, {"database", "main"},
                 {"password", ""},        {"port", 0},      {"database_type", "sqlite"}};
  return fields;
}

}  // namespace

std::string create_chat_account(const Configuration& configuration, const NewChatAccount& account) {
  const std::string name = checked_name(account.name);
  const std::string email = checked_email(account.owner_email);
  const std::string hash = hash_of(account.password);
  const auto connection = open_ready(configuration, kModule);
  const Timestamp now = SystemClock().now();
  database::Transaction transaction(*connection);
  if (chat::find_user_by_email(*connection, email)) {
    throw Error(ErrorCode::Conflict,
                fmt::format("There is a user with the e-mail {} already", email),
                "Choose another e-mail.");
  }
  const auto user = chat::add_verified_user(*connection, email, hash, now);
  const auto made = chat::found_account(*connection, name, user, now);
  transaction.commit();
  return made.id;
}

bool has_chat_user(const Configuration& configuration, const std::string& email) {
  return chat::find_user_by_email(*open_ready(configuration, kModule), email).has_value();
}

std::string add_chat_member(const Configuration& configuration, const NewChatMember& member) {
  const std::string email = checked_email(member.email);
  const chat::Role role = member_role(member.role);
  const auto connection = open_ready(configuration, kModule);
  const std::string account_id = checked_account(*connection, member.account_id);
  auto user = chat::find_user_by_email(*connection, email);
  const std::string hash = user ? std::string() : hash_of(member.password);
  const Timestamp now = SystemClock().now();
  database::Transaction transaction(*connection);
  if (user) {
    require_no_member(*connection, account_id, *user);
  } else {
    user = chat::add_verified_user(*connection, email, hash, now);
  }
  chat::add_member(*connection, account_id, user->id, role, {}, now);
  transaction.commit();
  return user->id;
}

ChatDemo put_chat_demo(const Configuration& configuration, const std::string& email,
                       const std::string& password) {
  const std::string hash = hash_of(password);
  const auto connection = open_ready(configuration, kModule);
  const Timestamp now = SystemClock().now();
  database::Transaction transaction(*connection);
  auto user = chat::find_user_by_email(*connection, email);
  if (!user) {
    user = chat::add_verified_user(*connection, email, hash, now);
    chat::found_account(*connection, "Demo", *user, now);
  }
  chat::set_password(*connection, user->id, hash, now);
  const auto memberships = chat::memberships_of(*connection, user->id);
  ChatDemo demo{.account_id = memberships.at(0).membership.account_id, .agent_id = {}};
  const auto agent = store::select<chat::AgentRow>()
                         .where(store::equals<&chat::AgentRow::account_id>(demo.account_id))
                         .order_by<&chat::AgentRow::created_at>()
                         .first(*connection);
  if (agent) {
    demo.agent_id = agent->id;
  } else {
    std::vector<store::Event> untold;
    store::UnitOfWork unit{*connection, untold};
    const chat::Caller caller{.user = *user, .membership = memberships.at(0).membership, .ids = {}};
    demo.agent_id = chat::create_agent(unit, caller, demo_agent(configuration), now).id;
  }
  transaction.commit();
  return demo;
}

}  // namespace parley::app
