#pragma once

// The commands, one function each: options in, exit code out. Standard output gets the answer, the
// log goes to standard error. Errors are thrown and become words and an exit code in one place,
// main.cpp.

#include <optional>
#include <string>
#include <vector>

#include "app/configuration.h"
#include "app/target.h"
#include "base/error.h"

namespace parley::cli {

/// What every command takes.
struct CommonOptions {
  app::Configuration::Flags flags;
  bool is_quiet = false;
  bool is_verbose = false;

  app::Configuration configuration() const { return app::Configuration::load(flags); }
};

struct ServeOptions : CommonOptions {
  bool is_dev = false;
  bool may_migrate = true;
};
ExitCode serve(const ServeOptions& options);

struct UserOptions : CommonOptions {
  std::string email;
  std::string name;
  std::string role = "agent";
  bool is_password_on_stdin = false;
};
ExitCode user_create(const UserOptions& options);

struct TokenOptions : CommonOptions {
  std::string module = "live_agent";
  std::string email;
  std::string name;
  std::string role = "user";
};
ExitCode token_create(const TokenOptions& options);

struct DbOptions : CommonOptions {
  std::string
      module;  ///< `live_agent`, `live_agent.support`; empty: all modules, or the project of --url.
  std::string url;         ///< A database of the user's own.
  std::string directory;   ///< Its revision files.
  std::string dialect;     ///< For --sql without a database.
  std::string expression;  ///< Which revision.
  std::string message;
  std::string revision_id;
  std::string head;
  bool is_sql = false;
  bool is_autogenerate = false;
  bool is_forced = false;
  bool checks_heads = false;

  app::TargetOptions where() const {
    return {
        .flags = flags, .module = module, .url = url, .directory = directory, .dialect = dialect};
  }
};
ExitCode db_upgrade(const DbOptions& options);
ExitCode db_downgrade(const DbOptions& options);
ExitCode db_current(const DbOptions& options);
ExitCode db_history(const DbOptions& options);
ExitCode db_heads(const DbOptions& options);
ExitCode db_stamp(const DbOptions& options);
ExitCode db_revision(const DbOptions& options);
ExitCode db_check(const DbOptions& options);
ExitCode db_verify(const DbOptions& options);
ExitCode db_repair(const DbOptions& options);

}  // namespace parley::cli
