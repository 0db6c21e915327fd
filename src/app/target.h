#pragma once

// Which namespaces a schema command works on: one module's, every module's, or a project of the
// user's own; and how each is opened. Values; one thread.

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "app/configuration.h"
#include "base/clock.h"
#include "database/connection.h"
#include "dialect/dialect.h"
#include "migrate/definition.h"
#include "migrate/deployment.h"
#include "migrate/executor.h"

namespace parley::app {

/// Where the command line pointed.
struct TargetOptions {
  Configuration::Flags flags;
  std::string
      module;  ///< `live_agent`, `live_agent.support`; empty: all modules, or the project of `url`.
  std::string url;        ///< A database of the user's own; empty: PARLEY_DATABASE, DATABASE_URL.
  std::string directory;  ///< Its revision files; empty: `migrations`.
  std::string dialect;    ///< For scripts, without a database.
  bool may_lack_directory = false;  ///< The command makes the folder when it is missing.
};

/// A namespace on an open connection.
class OpenNamespace {
 public:
  OpenNamespace(std::unique_ptr<database::Connection> connection,
                const migrate::NamespaceDefinition& definition)
      : connection_(std::move(connection)), deployment_(*connection_, definition, clock_) {}

  migrate::Deployment& deployment() { return deployment_; }

 private:
  std::unique_ptr<database::Connection> connection_;
  SystemClock clock_;
  migrate::Deployment deployment_;
};

struct Target {
  std::string label;    ///< How output names it: `live_agent`; empty when there is only one.
  std::string history;  ///< The history that was asked for.
  bool is_whole_module = false;  ///< No history was named: all of them, core first.
  migrate::NamespaceDefinition definition;
  std::function<std::unique_ptr<database::Connection>(database::Connection::Create)> connect;
  std::filesystem::path directory;  ///< Where new revision files go.

  /// What is there, for commands that look or change; throws CannotConnect and the like when
  /// nothing is. The target must outlive what it gives.
  std::unique_ptr<OpenNamespace> open_existing() const;
  /// The same, creating the file, schema or database that is missing.
  std::unique_ptr<OpenNamespace> open_or_create() const;
};

/// Throws Error{InvalidArgument} when the options name no database or no history there is.
std::vector<Target> targets_of(const TargetOptions& options);

/// The same namespaces on another server, or in another file. Throws Error{InvalidArgument} when
/// the options mean several modules and `url` is one file, and for a URL that cannot be read.
TargetOptions moved_to(TargetOptions options, const std::string& url);

/// The one target, for commands that make no sense on several. Throws Error{InvalidArgument} saying
/// to name a module.
Target only_target(const TargetOptions& options);

/// The one namespace, for commands that work on all its histories at once: as `only_target`, but a
/// whole module will do when there is only one.
Target only_namespace(const TargetOptions& options);

/// The dialect for scripts: the one named, else that of the configured database, without
/// connecting.
const dialect::Dialect& offline_dialect(const TargetOptions& options, const Target& target);

/// `url` as it may be printed: `***` for the password. Empty stays empty.
std::string redacted(const std::string& url);

/// How this program executes: with its version in the journal.
migrate::ExecuteOptions execute_options();
/// The same, with a backup in the data directory before rows or values are dropped.
migrate::ExecuteOptions execute_options(const Configuration& configuration);

/// The version that `parley --version` prints and the journal records.
std::string_view tool_version();

}  // namespace parley::app
