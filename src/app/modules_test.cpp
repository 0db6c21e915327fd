#include "app/modules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/clock.h"
#include "database/connection.h"
#include "migrate/deployment.h"
#include "migrate/diff.h"
#include "migrate/executor.h"
#include "support/databases.h"

namespace parley::app {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::IsSupersetOf;

const std::vector<std::string>& every_dialect() {
  static const std::vector<std::string> names = {"sqlite", "postgresql", "mysql", "mariadb"};
  return names;
}

std::vector<std::string> described(const std::vector<schema::Change>& changes) {
  std::vector<std::string> lines;
  for (const schema::Change& change : changes) lines.push_back(schema::describe(change));
  return lines;
}

/// What the revisions of the history make, on top of what its dependencies make.
schema::Schema replayed(const migrate::NamespaceDefinition& module) {
  migrate::Applied all;
  for (const std::string& head : module.graph.heads()) {
    all.merge(module.graph.with_ancestors(head));
  }
  return module.graph.replay(all);
}

TEST(Modules, DeclareExactlyWhatTheirRevisionsCreate) {
  for (const std::string& name : module_names()) {
    const auto module = definition_of(name);
    for (const std::string& dialect_name : every_dialect()) {
      SCOPED_TRACE(name + " on " + dialect_name);
      const dialect::Dialect& dialect = dialect::dialect_named(dialect_name);
      EXPECT_THAT(described(migrate::diff(dialect.normalize(replayed(module)),
                                          dialect.normalize(module.declared()))),
                  IsEmpty());
    }
  }
}

TEST(Modules, HaveTheRevisionsOfTheOriginals) {
  const auto ids = [](const char* module, const char* history) {
    std::vector<std::string> names;
    const auto definition = definition_of(module);
    for (const migrate::Revision& revision : definition.graph.revisions()) {
      if (revision.history == history) names.push_back(revision.id);
    }
    return names;
  };
  EXPECT_THAT(ids("live_agent", "live_agent"),
              ElementsAre("001_create_sessions", "002_create_messages"));
  EXPECT_THAT(ids("chat", "chat"), ElementsAre("779affdda697", "f63e2e56f9b7"));
  EXPECT_THAT(ids("chat", "chat.support"), IsSupersetOf({"store_01_event_log", "s01_auth_tokens",
                                                         "s02_agent_credentials", "s03_runs"}));
  EXPECT_THAT(ids("outreach", "outreach"), ElementsAre("1"));
  EXPECT_THAT(ids("outreach", "outreach.support"),
              IsSupersetOf({"store_01_event_log", "s01_delivery", "s02_quotas", "s03_keys",
                            "s04_status_events", "s05_send_queue", "s06_sending"}));
  EXPECT_THAT(ids("leads", "leads"), ElementsAre("lead_001_parents", "lead_002_messages"));
  EXPECT_THAT(ids("leads", "leads.support"),
              IsSupersetOf({"store_01_event_log", "s01_follow_ups", "s02_outbound", "s03_jobs"}));
}

class ModuleOn : public testing::TestWithParam<test::TestEngine> {};
INSTANTIATE_TEST_SUITE_P(Engines, ModuleOn, testing::ValuesIn(test::all_engines()),
                         test::engine_name<testing::TestParamInfo<test::TestEngine>>);

TEST_P(ModuleOn, GoesUpToItsHeadsAndBackToNothing) {
  for (const std::string& name : module_names()) {
    SCOPED_TRACE(name);
    const test::TestDatabase database(GetParam());
    const auto connection = database.connect();
    const auto module = definition_of(name);
    const SystemClock clock;
    migrate::Deployment deployment(*connection, module, clock);
    const migrate::ExecuteOptions options{.tool_version = "test"};
    migrate::upgrade_all(deployment, options);
    EXPECT_THAT(described(migrate::diff(deployment.live(),
                                        deployment.dialect().normalize(module.declared()))),
                IsEmpty());
    EXPECT_THAT(migrate::upgrade_all(deployment, options), IsEmpty());

    for (const auto& history : {module.histories[1].name, module.histories[0].name}) {
      migrate::downgrade(deployment, "base", history, options);
    }
    EXPECT_THAT(deployment.live().tables, IsEmpty());
  }
}

/// What the native marker's table holds.
std::vector<std::string> marked(database::Connection& connection, const char* query) {
  std::vector<std::string> rows;
  for (const auto& row : database::query(connection, query)) {
    rows.push_back(database::text_of(row.front()));
  }
  return rows;
}

TEST_P(ModuleOn, KeepsTheMarkerOfItsOwnWorld) {
  const auto upgraded = [](const std::string& name, database::Connection& connection) {
    const auto module = definition_of(name);
    const SystemClock clock;
    migrate::Deployment deployment(connection, module, clock);
    migrate::upgrade_all(deployment, {.tool_version = "test"});
  };
  const test::TestDatabase chat(GetParam());
  upgraded("chat", *chat.connect());
  EXPECT_THAT(marked(*chat.connect(), "SELECT version_num FROM alembic_version"),
              ElementsAre("f63e2e56f9b7"));
  const test::TestDatabase outreach(GetParam());
  upgraded("outreach", *outreach.connect());
  EXPECT_THAT(marked(*outreach.connect(),
                     "SELECT version FROM schema_version WHERE applied_at IS NOT NULL"),
              ElementsAre("1"));
  const test::TestDatabase leads(GetParam());
  upgraded("leads", *leads.connect());
  EXPECT_THROW(marked(*leads.connect(), "SELECT version_num FROM alembic_version"), Error);
}

}  // namespace
}  // namespace parley::app
