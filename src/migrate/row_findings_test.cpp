#include "migrate/row_findings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/databases.h"

namespace parley::migrate {
namespace {

using namespace schema;
using test::TestEngine;
using testing::ElementsAre;
using testing::IsEmpty;

class RowFindings : public testing::TestWithParam<TestEngine> {
 protected:
  /// What is found in the tables as they are, which have no keys, of what `wanted_` says.
  std::vector<std::string> found() {
    std::vector<std::string> texts;
    const Schema live = dialect_.inspect(*connection_);
    for (const RowFinding& finding : row_findings(*connection_, dialect_, live, wanted_, {})) {
      texts.push_back(finding.difference.object + ": " + finding.difference.found);
    }
    return texts;
  }

  test::TestDatabase database_{GetParam()};
  std::unique_ptr<database::Connection> connection_ = database_.connect();
  const dialect::Dialect& dialect_ = dialect::dialect_of(*connection_);
  Schema wanted_;
};

INSTANTIATE_TEST_SUITE_P(Engines, RowFindings, testing::ValuesIn(test::all_engines()),
                         test::engine_name<testing::TestParamInfo<TestEngine>>);

/// A table whose rows refer twice to rows of the one before: between the ends of a chain of them
/// there are as many paths as subsets of it.
Table refers_twice(const std::string& name, const std::string& before) {
  Table table{.name = name,
              .columns = {{.name = "id", .type = integer()},
                          {.name = "x", .type = integer(), .nullable = true},
                          {.name = "y", .type = integer(), .nullable = true}},
              .primary_key = PrimaryKey{.columns = {"id"}}};
  if (before.empty()) return table;
  for (const char* column : {"x", "y"}) {
    table.foreign_keys.push_back(
        {.columns = {column}, .referenced_table = before, .referenced_columns = {"id"}});
  }
  return table;
}

TEST_P(RowFindings, OfALongChainOfTablesAreFoundWhereTheyAre) {
  std::string before;
  for (int level = 10; level < 40; ++level) {
    const std::string name = "t" + std::to_string(level);
    wanted_.tables.push_back(refers_twice(name, before));
    connection_->execute("CREATE TABLE " + name +
                         " (id INTEGER PRIMARY KEY, x INTEGER, y INTEGER)");
    connection_->execute("INSERT INTO " + name + " VALUES (1, 1, 1)");
    before = name;
  }
  EXPECT_THAT(found(), IsEmpty());

  connection_->execute("INSERT INTO t20 VALUES (2, 1, 7)");
  connection_->execute("INSERT INTO t21 VALUES (3, 2, 1), (4, 1, 1)");
  connection_->execute("INSERT INTO t22 VALUES (5, 4, NULL), (6, 1, 3)");
  EXPECT_THAT(found(), ElementsAre("rows of t22: 1 row without one (ids 6)",
                                   "rows of t21: 1 row without one (ids 3)",
                                   "rows of t20: 1 row without one (ids 2)"));
}

}  // namespace
}  // namespace parley::migrate
