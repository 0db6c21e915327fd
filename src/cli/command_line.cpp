#include "cli/command_line.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <functional>
#include <string>
#include <vector>

#include "app/target.h"
#include "base/text.h"
#include "cli/command_tree.h"
#include "cli/dashes.h"
#include "cli/output.h"
#include "cli/verb.h"

namespace parley::cli {
namespace {

void add_db(VerbGroup& parley) {
  VerbGroup db = parley.group("db", "The schema engine: revisions, upgrade, verify, repair");
  db.heading("Moving a database along its revisions");
  add_upgrade(db);
  add_downgrade(db);
  add_rehearse(db);
  add_stamp(db);
  add_ensure_version(db);

  db.heading("Looking at revisions");
  add_current(db);
  add_history(db);
  add_heads(db);
  add_branches(db);
  add_show(db);

  db.heading("Writing revisions");
  add_init(db);
  add_revision(db);
  add_merge(db);
  add_edit(db);
  add_check(db);
  add_lint(db);

  db.heading("Getting to a wanted schema");
  add_plan(db);
  add_apply(db);
  add_diff(db);

  db.heading("Comparing and mending");
  add_verify(db);
  add_repair(db);
  add_doctor(db);
  add_dump(db);
  add_backup(db);
  add_restore(db);
  add_copy(db);
  add_adopt(db);
}

void add_all(VerbGroup& parley, const std::function<Command()>& program) {
  add_serve(parley);
  add_db(parley);
  VerbGroup user = parley.group("user", "Accounts of agents");
  add_user_create(user);
  VerbGroup account = parley.group("account", "Accounts of chat and their members");
  add_account_create(account);
  add_account_add_member(account);
  VerbGroup token = parley.group("token", "Signed tokens for trying things out");
  add_token_create(token);
  VerbGroup key = parley.group("key", "API keys of programs");
  add_key_create(key);
  add_key_list(key);
  add_key_revoke(key);
  VerbGroup outreach = parley.group("outreach", "Messages to many: sending, reports, exports, upkeep");
  add_outreach_send(outreach);
  add_outreach_import(outreach);
  add_outreach_report(outreach);
  add_outreach_export(outreach);
  add_outreach_retention(outreach);
  add_outreach_health(outreach);
  add_completion(parley, program);
  add_man(parley, program);
}

/// Prints what help, manual pages and completion are all made from.
class HelpFormatter final : public CLI::Formatter {
 public:
  std::string make_help(const CLI::App* app, std::string, CLI::AppFormatMode) const override {
    std::string parents;
    for (const CLI::App* above = app->get_parent(); above != nullptr; above = above->get_parent()) {
      parents = above->get_name() + (parents.empty() ? "" : " " + parents);
    }
    return help_text(command_tree(*app, parents));
  }
};

/// What the words asked for, as far as they can be followed.
struct Walk {
  const CLI::App* app;          ///< The last command that is known.
  std::string path = "parley";  ///< How it is called.
  std::string complaint;        ///< About the first unknown word; empty when there is none.
};

std::string did_you_mean(std::string_view word, const std::vector<std::string>& known) {
  const std::string near = nearest(word, known);
  return near.empty() ? "" : fmt::format("; did you mean '{}'?", near);
}

std::vector<std::string> option_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
    for (const std::string& name : option->get_snames()) names.push_back("-" + name);
  }
  return names;
}

Walk walk(const CLI::App& root, const std::vector<std::string>& words) {
  Walk walk{.app = &root};
  for (const std::string& word : words) {
    if (word == "--") break;
    if (word.size() > 1 && word[0] == '-') {
      const auto known = option_names(*walk.app);
      const std::string name = word[1] == '-' ? word.substr(0, word.find('=')) : word.substr(0, 2);
      if (std::ranges::find(known, name) != known.end()) continue;
      walk.complaint =
          fmt::format("{} has no option '{}'{}", walk.path, name, did_you_mean(name, known));
      return walk;
    }
    const auto commands = walk.app->get_subcommands([](const CLI::App*) { return true; });
    if (commands.empty()) continue;
    const auto named = std::ranges::find(commands, word, &CLI::App::get_name);
    if (named == commands.end()) {
      std::vector<std::string> known;
      for (const CLI::App* command : commands) known.push_back(command->get_name());
      walk.complaint =
          fmt::format("{} has no command '{}'{}", walk.path, word, did_you_mean(word, known));
      return walk;
    }
    walk.app = *named;
    walk.path += " " + word;
  }
  return walk;
}

ExitCode usage(const CLI::App& root, const std::vector<std::string>& words,
               const CLI::ParseError& error) {
  const Walk asked = walk(root, words);
  const bool is_unfinished = asked.app->get_require_subcommand_min() > 0;
  if (asked.complaint.empty() && is_unfinished) {
    fmt::print(stderr, "{}", asked.app->help());
    return ExitCode::Usage;
  }
  std::string what = asked.complaint.empty() ? error.what() : asked.complaint;
  std::ranges::replace(what, kHiddenDash, '-');
  const std::string hint = fmt::format("{} --help shows what can be said.", asked.path);
  if (std::ranges::find(words, "--json") != words.end()) {
    print_json_error(Error(ErrorCode::InvalidArgument, what, hint));
  }
  fmt::print(stderr, "error: {}\n{}\n", what, hint);
  return ExitCode::Usage;
}

}  // namespace

ExitCode run(int count, char** words) {
  CLI::App app("Parley: a conversation server with a schema engine.", "parley");
  app.set_version_flag("--version", "parley " + std::string(app::tool_version()));
  app.require_subcommand(1);
  app.formatter(std::make_shared<HelpFormatter>());
  std::function<ExitCode()> chosen;
  VerbGroup parley(app, chosen);
  add_all(parley, [&app] { return command_tree(app); });

  std::vector<std::string> arguments;
  for (int i = 1; i < count; ++i) arguments.push_back(with_hidden_dash(words[i]));
  try {
    // The library takes them from the back.
    app.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
  } catch (const CLI::ParseError& error) {
    const bool is_help = error.get_exit_code() == 0;
    return is_help ? (app.exit(error), ExitCode::Done) : usage(app, arguments, error);
  }
  return chosen();
}

}  // namespace parley::cli
