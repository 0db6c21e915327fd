// Some tables looked at alone are what they are among the others.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "dialect/dialect.h"
#include "support/databases.h"

namespace parley::test {
namespace {

using namespace schema;
using testing::IsEmpty;

class InspectTables : public testing::TestWithParam<TestEngine> {
 protected:
  InspectTables() : database_(GetParam()), connection_(database_.connect()) {
    const Table parents{.name = "parents",
                        .columns = {{.name = "id", .type = integer(), .auto_increment = true},
                                    {.name = "changed_at",
                                     .type = datetime(),
                                     .default_value = CurrentTimestamp{},
                                     .on_update_now = true}},
                        .primary_key = PrimaryKey{.columns = {"id"}}};
    const Table children{
        .name = "children",
        .columns = {{.name = "id", .type = integer()},
                    {.name = "parent_id", .type = integer(), .nullable = true},
                    {.name = "name", .type = string(20), .default_value = "none"}},
        .primary_key = PrimaryKey{.columns = {"id"}},
        .checks = {{.name = "id_is_positive", .expression = "id > 0"}},
        .foreign_keys = {{.columns = {"parent_id"},
                          .referenced_table = "parents",
                          .referenced_columns = {"id"},
                          .on_delete = ReferenceAction::Cascade}},
        .indexes = {{.name = "idx_children_name", .parts = {{.column = "name"}}, .unique = true}}};
    const auto& dialect = dialect::dialect_of(*connection_);
    Schema state;
    for (const Table& table : {parents, children}) {
      Table bare = table;
      const auto indexes = std::exchange(bare.indexes, {});
      run(CreateTable{bare}, state);
      for (const Index& index : indexes) run(CreateIndex{table.name, index}, state);
    }
    connection_->execute("CREATE VIEW looks AS SELECT id FROM children");
    all_ = dialect.inspect(*connection_);
  }

  void run(const Change& change, Schema& state) {
    for (const auto& sql : dialect::dialect_of(*connection_).render(change, state)) {
      connection_->execute(sql);
    }
    apply(state, change);
  }
  Schema some(const std::set<std::string>& tables) {
    return dialect::dialect_of(*connection_).inspect_tables(*connection_, tables);
  }

  TestDatabase database_;
  std::unique_ptr<database::Connection> connection_;
  Schema all_;
};

INSTANTIATE_TEST_SUITE_P(Engines, InspectTables, testing::ValuesIn(all_engines()),
                         engine_name<testing::TestParamInfo<TestEngine>>);

TEST_P(InspectTables, FindsThoseThatWereAskedForAsTheyAre) {
  for (const char* name : {"parents", "children"}) {
    const Schema found = some({name});
    ASSERT_EQ(found.tables.size(), 1U);
    EXPECT_EQ(found.tables.front(), *all_.find_table(name));
    EXPECT_THAT(found.views, IsEmpty());
  }
  EXPECT_EQ(some({"parents", "children"}).tables, all_.tables);
}

TEST_P(InspectTables, FindsNothingOfWhatIsNotThere) {
  EXPECT_THAT(some({"nobody"}).tables, IsEmpty());
  EXPECT_THAT(some({}).tables, IsEmpty());
}

TEST_P(InspectTables, SeesWhatTheOpenTransactionHasDone) {
  connection_->begin();
  connection_->execute("CREATE TABLE late (id INTEGER NOT NULL PRIMARY KEY)");
  EXPECT_EQ(some({"late"}).tables.size(), 1U);
  connection_->rollback();
}

}  // namespace
}  // namespace parley::test
