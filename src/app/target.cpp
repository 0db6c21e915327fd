#include "app/target.h"

#include <fmt/format.h>

#include <cstdlib>

#include "app/modules.h"
#include "base/error.h"
#include "base/text.h"
#include "migrate/drift_decision.h"

namespace parley::app {
namespace {

using Create = database::Connection::Create;

constexpr std::string_view kVersion = PARLEY_VERSION;

std::string from_environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

/// The database of a project of the user's own.
std::string project_url(const TargetOptions& options) {
  if (!options.url.empty()) return options.url;
  const std::string named = from_environment("PARLEY_DATABASE");
  return named.empty() ? from_environment("DATABASE_URL") : named;
}

std::unique_ptr<database::Connection> open_project(const std::string& url, Create create) {
  if (url.empty()) {
    throw Error(ErrorCode::InvalidArgument, "No database was named",
                "Give --url URL, or set PARLEY_DATABASE or DATABASE_URL.");
  }
  return database::open(database::Url::parse(url), create == Create::IfMissing
                                                       ? database::Open::CreateIfMissing
                                                       : database::Open::Existing);
}

Target project_target(const TargetOptions& options) {
  const std::filesystem::path directory =
      options.directory.empty() ? "migrations" : options.directory;
  std::vector<migrate::Revision> revisions;
  // A first `revision` makes the folder; whatever reads revisions wants it to be there.
  if (std::filesystem::exists(directory) || !options.may_lack_directory) {
    revisions = migrate::read_revisions(directory, "");
  }
  return Target{
      .definition = {.name = "",
                     .histories = {migrate::HistoryDefinition{}},
                     .graph = migrate::History(std::move(revisions)),
                     .ignored = migrate::read_ignored_drift(directory)},
      .connect = [url = project_url(options)](Create create) { return open_project(url, create); },
      .directory = directory};
}

/// `live_agent.support` is a history of the module `live_agent`.
Target module_target(const TargetOptions& options, const std::string& history) {
  const std::string module = history.substr(0, history.find('.'));
  Target target{
      .history = history,
      .definition = options.directory.empty() ? definition_of(module)
                                              : definition_of(module, history, options.directory),
      .directory = options.directory.empty() ? std::filesystem::path("migrations") / history
                                             : std::filesystem::path(options.directory)};
  target.definition.history_named(history);
  target.connect = [options, module](Create create) {
    if (!options.url.empty()) return open_project(options.url, create);
    return open_namespace(Configuration::load(options.flags), module, create);
  };
  return target;
}

std::string engine_name(database::Engine engine) {
  switch (engine) {
    case database::Engine::Sqlite: return "sqlite";
    case database::Engine::Postgresql: return "postgresql";
    case database::Engine::Mysql: return "mysql";
  }
  return "";
}

}  // namespace

std::string_view tool_version() { return kVersion; }

std::unique_ptr<OpenNamespace> Target::open_existing() const {
  return std::make_unique<OpenNamespace>(connect(Create::Never), definition);
}

std::unique_ptr<OpenNamespace> Target::open_or_create() const {
  return std::make_unique<OpenNamespace>(connect(Create::IfMissing), definition);
}

std::vector<Target> targets_of(const TargetOptions& options) {
  if (!options.module.empty()) {
    std::vector<Target> targets;
    targets.push_back(module_target(options, options.module));
    return targets;
  }
  const bool is_project =
      !options.url.empty() || !options.directory.empty() || !project_url(options).empty();
  std::vector<Target> targets;
  if (is_project) {
    targets.push_back(project_target(options));
    return targets;
  }
  for (const std::string& module : module_names()) {
    targets.push_back(module_target(options, module));
    targets.back().label = module;
    targets.back().is_whole_module = true;
  }
  return targets;
}

TargetOptions moved_to(TargetOptions options, const std::string& url) {
  const bool is_file = database::Url::parse(url).engine == database::Engine::Sqlite;
  const bool is_project = options.module.empty() && !project_url(options).empty();
  if (is_file && options.module.empty() && !is_project) {
    throw Error(ErrorCode::InvalidArgument, "Every module has a SQLite file of its own",
                "Copy one at a time: --module live_agent --to sqlite:///live_agent.db");
  }
  if (is_file || is_project) {
    options.url = url;
    return options;
  }
  // A module's schema or database on a server is named after it.
  options.url.clear();
  for (const std::string& module : module_names()) {
    options.flags.settings["database." + module] = "";
  }
  options.flags.settings["database.url"] = url;
  return options;
}

Target only_target(const TargetOptions& options) {
  auto targets = targets_of(options);
  if (targets.size() != 1 || targets.front().is_whole_module) {
    throw Error(ErrorCode::InvalidArgument, "This needs one history",
                fmt::format("Name it with --module: {}.", join(module_names(), ", ")));
  }
  return std::move(targets.front());
}

Target only_namespace(const TargetOptions& options) {
  auto targets = targets_of(options);
  if (targets.size() != 1) {
    throw Error(ErrorCode::InvalidArgument, "This needs one database",
                fmt::format("Name it with --module: {}.", join(module_names(), ", ")));
  }
  return std::move(targets.front());
}

const dialect::Dialect& offline_dialect(const TargetOptions& options, const Target& target) {
  if (!options.dialect.empty()) return dialect::dialect_named(options.dialect);
  std::string url = project_url(options);
  if (!target.definition.name.empty() && options.url.empty()) {
    const auto configuration = Configuration::load(options.flags);
    url = configuration.text("database." + target.definition.name);
    if (url.empty()) url = configuration.text("database.url");
    if (url.empty()) return dialect::sqlite();
  }
  if (url.empty()) {
    throw Error(ErrorCode::InvalidArgument, "No dialect was named",
                "Give --dialect sqlite, postgresql, mysql or mariadb, or a --url.");
  }
  return dialect::dialect_named(engine_name(database::Url::parse(url).engine));
}

std::string redacted(const std::string& url) {
  return url.empty() ? "" : database::Url::parse(url).redacted();
}

migrate::ExecuteOptions execute_options() {
  return migrate::ExecuteOptions{.tool_version = std::string(kVersion)};
}

migrate::ExecuteOptions execute_options(const Configuration& configuration) {
  migrate::ExecuteOptions options = execute_options();
  options.backup_directory = configuration.data_directory();
  return options;
}

}  // namespace parley::app
