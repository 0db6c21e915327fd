#include "cli/command_line.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <functional>
#include <string>
#include <vector>

#include "app/target.h"
#include "base/log.h"
#include "cli/commands.h"

namespace parley::cli {
namespace {

/// Stands for the dash of `-1` while the library, which would take it for a flag, reads the words.
constexpr char kEscapedDash = '\x1f';

std::string escaped(std::string word) {
  const bool is_negative = word.size() > 1 && word[0] == '-' && word[1] >= '0' && word[1] <= '9';
  if (is_negative) word[0] = kEscapedDash;
  return word;
}

void unescape(std::string& word) {
  if (!word.empty() && word[0] == kEscapedDash) word[0] = '-';
}

/// Collects the options of all commands and remembers which was asked for.
class CommandLine {
 public:
  CommandLine() : app_("Parley: a conversation server with a schema engine.", "parley") {
    app_.set_version_flag("--version", "parley " + std::string(app::tool_version()));
    app_.require_subcommand(1);
    app_.failure_message(CLI::FailureMessage::help);
    add_serve();
    add_user();
    add_token();
    add_db();
  }

  ExitCode run(int count, char** words) {
    std::vector<std::string> arguments;
    for (int i = count - 1; i > 0; --i) arguments.push_back(escaped(words[i]));
    try {
      app_.parse(arguments);
    } catch (const CLI::ParseError& error) {
      const bool is_help = error.get_exit_code() == 0;
      return is_help ? (app_.exit(error), ExitCode::Done) : usage(error);
    }
    unescape(db_.expression);
    return command_();
  }

 private:
  ExitCode usage(const CLI::ParseError& error) {
    fmt::print(stderr, "error: {}\nRun with --help to see what can be said.\n", error.what());
    return ExitCode::Usage;
  }

  void common(CLI::App* command, CommonOptions& options) {
    const auto setting = [command, &options](const char* flag, const char* name, const char* help) {
      command->add_option_function<std::string>(
          flag,
          [&options, name](const std::string& value) { options.flags.settings[name] = value; },
          help);
    };
    setting("--data", "data", "Data directory (default ./parley-data)");
    setting("--database", "database.url",
            "Database server for all modules: postgresql://…, mysql://…");
    command->add_option("--config", options.flags.config_file,
                        "Configuration file (default parley.toml in the data directory)");
    command->add_flag("-q,--quiet", options.is_quiet, "Say only what goes wrong");
    command->add_flag("-v,--verbose", options.is_verbose, "Say more");
  }

  template <class Options>
  void on_call(CLI::App* command, Options& options, ExitCode (*function)(const Options&)) {
    command->callback([this, &options, function] {
      command_ = [&options, function] {
        if (options.is_quiet) log::set_level(log::Level::Warning);
        if (options.is_verbose) log::set_level(log::Level::Debug);
        return function(options);
      };
    });
  }

  void add_serve() {
    auto* command = app_.add_subcommand("serve", "Serve all modules over HTTP");
    common(command, serve_);
    command->add_option_function<std::string>(
        "--listen", [this](const std::string& value) { serve_.flags.settings["listen"] = value; },
        "Address and port (default 127.0.0.1:8000; port 0 picks a free one)");
    command->add_flag("--dev", serve_.is_dev,
                      "Try it out: loopback only, a demo agent, curl lines");
    command->add_flag("!--no-migrate", serve_.may_migrate,
                      "Only check the schema; never change it");
    on_call(command, serve_, serve);
  }

  void add_user() {
    auto* group = app_.add_subcommand("user", "Accounts of agents");
    group->require_subcommand(1);
    auto* command = group->add_subcommand("create", "Create an account; prints its id");
    common(command, user_);
    command->add_option("--email", user_.email, "Their e-mail, which is their login")->required();
    command->add_option("--name", user_.name, "Their full name")->required();
    command->add_option("--role", user_.role, "agent, supervisor or admin");
    command->add_flag("--password-stdin", user_.is_password_on_stdin,
                      "Read the password from standard input");
    on_call(command, user_, user_create);
  }

  void add_token() {
    auto* group = app_.add_subcommand("token", "Signed tokens for trying things out");
    group->require_subcommand(1);
    auto* command = group->add_subcommand("create", "Print a token that is good for 24 hours");
    common(command, token_);
    command->add_option("--module", token_.module, "The module that accepts it");
    command->add_option("--email", token_.email, "Whose it is")->required();
    command->add_option("--name", token_.name, "Their name");
    command->add_option("--role", token_.role, "user, agent, supervisor or admin");
    on_call(command, token_, token_create);
  }

  CLI::App* add_db_command(CLI::App* group, const char* name, const char* help,
                           ExitCode (*function)(const DbOptions&)) {
    auto* command = group->add_subcommand(name, help);
    common(command, db_);
    command->add_option("--module", db_.module,
                        "A module's history: live_agent, live_agent.support, chat, outreach, leads, …");
    command->add_option("--url", db_.url,
                        "A database of your own (also PARLEY_DATABASE, DATABASE_URL)");
    command->add_option("--dir", db_.directory,
                        "The folder of its revision files (default ./migrations)");
    on_call(command, db_, function);
    return command;
  }

  void add_sql_options(CLI::App* command) {
    command->add_flag("--sql", db_.is_sql,
                      "Print the SQL instead of running it; needs no database");
    command->add_option("--dialect", db_.dialect,
                        "For --sql: sqlite, postgresql, mysql or mariadb");
  }

  void add_db() {
    auto* group =
        app_.add_subcommand("db", "The schema engine: revisions, upgrade, verify, repair");
    group->require_subcommand(1);

    auto* upgrade = add_db_command(group, "upgrade", "Apply revisions up to REVISION", db_upgrade);
    upgrade
        ->add_option("revision", db_.expression,
                     "head, an id or its beginning, +1, start:end with --sql")
        ->default_val("head");
    add_sql_options(upgrade);

    auto* downgrade =
        add_db_command(group, "downgrade", "Undo revisions down to REVISION", db_downgrade);
    downgrade
        ->add_option("revision", db_.expression,
                     "base, an id or its beginning, -1, start:end with --sql")
        ->required();
    add_sql_options(downgrade);

    auto* current =
        add_db_command(group, "current", "Show which revisions are applied", db_current);
    current->add_flag("--check-heads", db_.checks_heads, "Exit with 1 unless all are heads");
    add_db_command(group, "history", "List the revisions, newest first", db_history);
    add_db_command(group, "heads", "List the newest revision of each branch", db_heads);

    auto* stamp = add_db_command(group, "stamp",
                                 "Record REVISION as applied without running anything", db_stamp);
    stamp->add_option("revision", db_.expression, "head, base, an id or its beginning")->required();
    stamp->add_flag("--force", db_.is_forced, "Even when the schema is another one");

    auto* revision = add_db_command(group, "revision", "Write a new revision file", db_revision);
    revision->add_option("-m,--message", db_.message, "What it does")->required();
    revision->add_flag("--autogenerate", db_.is_autogenerate,
                       "Fill it with what the declarations have and no revision creates");
    revision->add_option("--rev-id", db_.revision_id, "Its id (default: 12 random digits)");
    revision->add_option("--head", db_.head, "The revision it follows")->default_val("head");

    add_db_command(group, "check", "Exit with 1 when a declaration has no revision yet", db_check);
    add_db_command(group, "verify", "Compare the database with its revisions", db_verify);
    add_db_command(group, "repair", "Bring the database back to its revisions, keeping every row",
                   db_repair);
  }

  CLI::App app_;
  ServeOptions serve_;
  UserOptions user_;
  TokenOptions token_;
  DbOptions db_;
  std::function<ExitCode()> command_;
};

}  // namespace

ExitCode run(int count, char** words) { return CommandLine().run(count, words); }

}  // namespace parley::cli
