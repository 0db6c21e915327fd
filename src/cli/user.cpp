// parley user create and token create.

#include <fmt/format.h>

#include "app/live_agent_accounts.h"
#include "base/error.h"
#include "cli/output.h"
#include "cli/password_input.h"
#include "cli/verb.h"

namespace parley::cli {
namespace {

struct UserOptions : AnswerOptions {
  std::string email;
  std::string name;
  std::string role = "agent";
  bool is_password_on_stdin = false;
};

struct TokenOptions : AnswerOptions {
  std::string module = "live_agent";
  std::string email;
  std::string name;
  std::string role = "user";
};

ExitCode user_create(const UserOptions& options) {
  const auto from =
      options.is_password_on_stdin ? PasswordFrom::StandardInput : PasswordFrom::Terminal;
  const auto id = app::create_agent(options.configuration(), {.email = options.email,
                                                              .name = options.name,
                                                              .role = options.role,
                                                              .password = read_password(from)});
  Output output(options);
  output.line("Created {} {} with id {}", options.role, options.email, id);
  output.document() = {{"id", id}, {"email", options.email}, {"role", options.role}};
  output.finish();
  return ExitCode::Done;
}

ExitCode token_create(const TokenOptions& options) {
  if (options.module != "live_agent") {
    throw Error(ErrorCode::InvalidArgument, fmt::format("There is no module '{}'", options.module),
                "The modules are: live_agent.");
  }
  const std::string token =
      app::create_token(options.configuration(),
                        {.email = options.email, .name = options.name, .role = options.role});
  Output output(options);
  output.line("{}", token);
  output.document()["token"] = token;
  output.finish();
  return ExitCode::Done;
}

}  // namespace

void add_user_create(VerbGroup& group) {
  auto [verb, options] =
      group.verb<UserOptions>("create", "Create an account; prints its id", user_create);
  verb.required_option("--email", "EMAIL", options.email, "Their e-mail, which is their login");
  verb.required_option("--name", "NAME", options.name, "Their full name");
  verb.option("--role", "ROLE", options.role, "agent, supervisor or admin");
  verb.flag("--password-stdin", options.is_password_on_stdin,
            "Read the password from standard input");
  verb.example("parley user create --email ada@example.com --name \"Ada Lovelace\"");
}

void add_token_create(VerbGroup& group) {
  auto [verb, options] =
      group.verb<TokenOptions>("create", "Print a token that is good for 24 hours", token_create);
  verb.option("--module", "NAME", options.module, "The module that accepts it");
  verb.required_option("--email", "EMAIL", options.email, "Whose it is");
  verb.option("--name", "NAME", options.name, "Their name");
  verb.option("--role", "ROLE", options.role, "user, agent, supervisor or admin");
  verb.example("parley token create --email visitor@example.com");
}

}  // namespace parley::cli
