// parley account create and account add-member: who may sign in to chat.

#include "app/chat_accounts.h"
#include "cli/output.h"
#include "cli/password_input.h"
#include "cli/verb.h"

namespace parley::cli {
namespace {

struct PasswordOptions : AnswerOptions {
  bool is_password_on_stdin = false;

  std::string password() const {
    return read_password(is_password_on_stdin ? PasswordFrom::StandardInput
                                              : PasswordFrom::Terminal);
  }
};

struct AccountOptions : PasswordOptions {
  std::string name;
  std::string owner_email;
};

struct MemberOptions : PasswordOptions {
  std::string account;
  std::string email;
  std::string role;
};

ExitCode account_create(const AccountOptions& options) {
  const std::string id = app::create_chat_account(
      options.configuration(),
      {.name = options.name, .owner_email = options.owner_email, .password = options.password()});
  Output output(options);
  output.line("{}", id);
  output.document() = {{"id", id}, {"name", options.name}, {"owner_email", options.owner_email}};
  output.finish();
  return ExitCode::Done;
}

ExitCode account_add_member(const MemberOptions& options) {
  const app::Configuration configuration = options.configuration();
  app::NewChatMember member{
      .account_id = options.account, .email = options.email, .role = options.role, .password = {}};
  if (!app::has_chat_user(configuration, member.email)) member.password = options.password();
  const std::string id = app::add_chat_member(configuration, member);
  Output output(options);
  output.line("{}", id);
  output.document() = {{"user_id", id}, {"email", options.email}, {"role", options.role}};
  output.finish();
  return ExitCode::Done;
}

}  // namespace

void add_account_create(VerbGroup& group) {
  auto [verb, options] = group.verb<AccountOptions>(
      "create", "Create an account of chat with its owner; prints its id", account_create);
  verb.required_option("--name", "NAME", options.name, "The account's name");
  verb.required_option("--owner-email", "EMAIL", options.owner_email,
                       "The owner's e-mail, which is their login");
  verb.flag("--password-stdin", options.is_password_on_stdin,
            "Read the owner's password from standard input");
  verb.example("parley account create --name Acme --owner-email ada@example.com");
}

void add_account_add_member(VerbGroup& group) {
  auto [verb, options] = group.verb<MemberOptions>(
      "add-member", "Add a verified member to an account; prints the user's id",
      account_add_member);
  verb.required_option("--account", "ID", options.account, "The account");
  verb.required_option("--email", "EMAIL", options.email, "Their e-mail, which is their login");
  verb.required_option("--role", "ROLE", options.role, "admin, member or viewer");
  verb.flag("--password-stdin", options.is_password_on_stdin,
            "Read the password of a new user from standard input");
  verb.example("parley account add-member --account ID --email bob@example.com --role member");
}

}  // namespace parley::cli
