#include "app/modules.h"

#include <fmt/format.h>

#include "app/data_directory.h"
#include "app/embedded_migrations.h"
#include "base/error.h"
#include "base/text.h"
#include "chat/adoption.h"
#include "chat/tables.h"
#include "leads/adoption.h"
#include "leads/tables.h"
#include "live_agent/adoption.h"
#include "live_agent/tables.h"
#include "outreach/adoption.h"
#include "outreach/tables.h"

namespace parley::app {
namespace {

using Create = database::Connection::Create;

std::vector<migrate::Revision> embedded_revisions(std::string_view history) {
  std::vector<migrate::Revision> revisions;
  for (const EmbeddedMigration& file : embedded_migrations()) {
    if (file.history != history) continue;
    const std::string name = fmt::format("migrations/{}/{}", file.history, file.file);
    revisions.push_back(migrate::parse_revision(file.text, name));
    revisions.back().history = history;
  }
  return revisions;
}

struct Declared {
  std::string name;
  std::vector<migrate::HistoryDefinition> histories;
  migrate::Marker marker;
  schema::AdoptionRules adoption;
};

Declared module(std::string name, migrate::Marker marker, schema::AdoptionRules adoption,
                std::vector<schema::Table> core_tables, std::vector<schema::Table> support_tables,
                std::vector<schema::TableIndex> support_indexes = {},
                std::vector<schema::Enum> core_enums = {}) {
  migrate::HistoryDefinition core{.name = name,
                                  .declared_tables = std::move(core_tables),
                                  .declared_enums = std::move(core_enums)};
  migrate::HistoryDefinition support{.name = name + ".support",
                                     .declared_tables = std::move(support_tables),
                                     .declared_indexes = std::move(support_indexes)};
  return {std::move(name),
          {std::move(core), std::move(support)},
          std::move(marker),
          std::move(adoption)};
}

/// Later revisions of the original chat backend add nothing that this one does not have.
migrate::Marker chat_marker() {
  migrate::Marker marker{.kind = migrate::MarkerKind::AlembicVersion};
  for (const char* id : {"add_custom_tone_agents", "add_manage_agent_ids", "add_agent_credentials",
                         "d200e3a8a4bf", "67e1957a5dc2", "5d2b9a3d1267", "dd8a6129c5b2",
                         "42d26ff05f6b", "add_recommended_questions"}) {
    marker.aliases.emplace(id, "f63e2e56f9b7");
  }
  return marker;
}

std::vector<Declared> declared_modules() {
  using migrate::MarkerKind;
  return {module("live_agent", {.kind = MarkerKind::AlembicVersion}, live_agent::adoption_rules(),
                 live_agent::core_tables(), live_agent::support_tables(),
                 live_agent::support_indexes()),
          module("chat", chat_marker(), chat::adoption_rules(), chat::core_tables(),
                 chat::support_tables(), {}, chat::core_enums()),
          module("outreach", {.kind = MarkerKind::SchemaVersion}, outreach::adoption_rules(),
                 outreach::core_tables(), outreach::support_tables()),
          module("leads", {.kind = MarkerKind::None}, leads::adoption_rules(), leads::core_tables(),
                 leads::support_tables())};
}

Declared declared(std::string_view module) {
  for (Declared& each : declared_modules()) {
    if (each.name == module) return std::move(each);
  }
  throw Error(ErrorCode::InvalidArgument, fmt::format("There is no module '{}'", module),
              fmt::format("The modules are: {}.", join(module_names(), ", ")));
}

migrate::NamespaceDefinition define(const Declared& module, const std::string& replaced,
                                    const std::filesystem::path& directory) {
  std::vector<migrate::Revision> revisions;
  for (const migrate::HistoryDefinition& history : module.histories) {
    auto own = history.name == replaced ? migrate::read_revisions(directory, history.name)
                                        : embedded_revisions(history.name);
    std::ranges::move(own, std::back_inserter(revisions));
  }
  return {module.name, module.histories, migrate::History(std::move(revisions)), module.marker,
          module.adoption};
}

database::Url base_url(const Configuration& configuration, const std::string& module) {
  auto url = database::Url::parse(configuration.text("database.url"));
  if (url.engine == database::Engine::Sqlite) {
    throw Error(ErrorCode::InvalidConfiguration,
                "database.url names one SQLite file, but every module has a file of its own",
                fmt::format("Give the directory with --data, or one module's file as database.{}.",
                            module));
  }
  return url;
}

}  // namespace

const std::vector<std::string>& module_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> collected;
    for (const Declared& module : declared_modules()) collected.push_back(module.name);
    return collected;
  }();
  return names;
}

migrate::NamespaceDefinition definition_of(std::string_view module) {
  return define(declared(module), "", {});
}

migrate::NamespaceDefinition definition_of(std::string_view module, const std::string& history,
                                           const std::filesystem::path& directory) {
  return define(declared(module), history, directory);
}

std::unique_ptr<database::Connection> open_namespace(const Configuration& configuration,
                                                     const std::string& module, Create create) {
  const auto mode =
      create == Create::IfMissing ? database::Open::CreateIfMissing : database::Open::Existing;
  const std::string own = "database." + module;
  if (configuration.is_set(own)) {
    return database::open(database::Url::parse(configuration.text(own)), mode);
  }
  if (configuration.is_set("database.url")) {
    auto connection = database::open(base_url(configuration, module), mode);
    connection->use_namespace(module, create);
    return connection;
  }
  if (create == Create::IfMissing) make_data_directory(configuration.data_directory());
  const auto file = configuration.data_directory() / (module + ".db");
  return database::open(database::Url::sqlite_file(file.string()), mode);
}

}  // namespace parley::app
