#pragma once

// The commands: what all of them take, and the function by which each joins the command line
// (cli/verb.h). Standard output gets the answer, the log goes to standard error. Errors are thrown
// and become words and an exit code in one place, main.cpp.

#include <functional>
#include <string>

#include "app/configuration.h"
#include "app/target.h"
#include "base/error.h"

namespace parley::cli {

class VerbGroup;
struct Command;

/// What every command takes.
struct CommonOptions {
  app::Configuration::Flags flags;
  bool is_quiet = false;
  bool is_verbose = false;
  bool has_no_color = false;

  app::Configuration configuration() const { return app::Configuration::load(flags); }
};

/// What a command takes that prints an answer.
struct AnswerOptions : CommonOptions {
  bool is_json = false;
};

/// What a command takes that works on a database or its revision files.
struct DbOptions : AnswerOptions {
  std::string
      module;  ///< `live_agent`, `live_agent.support`; empty: all modules, or the project of --url.
  std::string url;        ///< A database of the user's own.
  std::string directory;  ///< Its revision files.
  std::string dialect;    ///< For SQL without a database.

  app::TargetOptions where() const {
    return {
        .flags = flags, .module = module, .url = url, .directory = directory, .dialect = dialect};
  }
};

void add_serve(VerbGroup& group);
void add_user_create(VerbGroup& group);
void add_token_create(VerbGroup& group);
void add_key_create(VerbGroup& group);
void add_key_list(VerbGroup& group);
void add_key_revoke(VerbGroup& group);
void add_account_create(VerbGroup& group);
void add_account_add_member(VerbGroup& group);

void add_outreach_send(VerbGroup& outreach);
void add_outreach_import(VerbGroup& outreach);
void add_outreach_report(VerbGroup& outreach);
void add_outreach_export(VerbGroup& outreach);
void add_outreach_retention(VerbGroup& outreach);
void add_outreach_health(VerbGroup& outreach);

void add_upgrade(VerbGroup& db);
void add_downgrade(VerbGroup& db);
void add_rehearse(VerbGroup& db);
void add_stamp(VerbGroup& db);
void add_ensure_version(VerbGroup& db);

void add_current(VerbGroup& db);
void add_history(VerbGroup& db);
void add_heads(VerbGroup& db);
void add_branches(VerbGroup& db);
void add_show(VerbGroup& db);

void add_init(VerbGroup& db);
void add_revision(VerbGroup& db);
void add_merge(VerbGroup& db);
void add_edit(VerbGroup& db);
void add_check(VerbGroup& db);

void add_plan(VerbGroup& db);
void add_apply(VerbGroup& db);
void add_diff(VerbGroup& db);
void add_verify(VerbGroup& db);
void add_repair(VerbGroup& db);
void add_lint(VerbGroup& db);
void add_doctor(VerbGroup& db);
void add_dump(VerbGroup& db);
void add_backup(VerbGroup& db);
void add_restore(VerbGroup& db);
void add_copy(VerbGroup& db);
void add_adopt(VerbGroup& db);

/// `program` gives all commands, once all are added.
void add_completion(VerbGroup& parley, std::function<Command()> program);
void add_man(VerbGroup& parley, std::function<Command()> program);

}  // namespace parley::cli
