// `parley db --url --dir` on a database of the user's own, on every engine: the README's first
// schema change.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "program/own_project.h"

namespace parley::test {
namespace {

using testing::HasSubstr;

constexpr const char* kOrders = R"(revision: 001_create_orders
down_revision: null
message: create orders
upgrade:
  - create_table: orders
    columns:
      - id: integer auto_increment
      - customer: string(80)
      - paid: boolean default false
    primary_key: [id]
  - create_index: idx_orders_customer on orders (customer)
)";

class Project : public OwnProject {
 protected:
  Project() : OwnProject("001_create_orders.yaml", kOrders) {}
};
INSTANTIATE_TEST_SUITE_P(Engines, Project, testing::ValuesIn(all_engines()),
                         engine_name<testing::TestParamInfo<TestEngine>>);

TEST_P(Project, GoesUpVerifiesAndComesBack) {
  ASSERT_EQ(db({"upgrade"}).exit_code, 0);
  EXPECT_EQ(db({"current"}).out, "001_create_orders (head)\n");
  EXPECT_EQ(db({"verify"}).out, "✅ ALL VALIDATIONS PASSED\n");
  const auto connection = database_.connect();
  connection->execute("INSERT INTO orders (customer) VALUES ('Ada')");
  EXPECT_FALSE(database::truth_of(database::query(*connection, "SELECT paid FROM orders")[0][0]));
  EXPECT_EQ(db({"downgrade", "-1"}).exit_code, 0);
  EXPECT_EQ(db({"current"}).out, "");
}

TEST_P(Project, RepairPutsBackADroppedColumn) {
  ASSERT_EQ(db({"upgrade"}).exit_code, 0);
  const auto connection = database_.connect();
  connection->execute("INSERT INTO orders (customer) VALUES ('Ada')");
  connection->execute("ALTER TABLE orders DROP COLUMN paid");
  EXPECT_EQ(db({"verify"}).exit_code, 1);
  const Outcome outcome = db({"repair"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_EQ(outcome.out, "✓ Added column orders.paid\n✅ ALL VALIDATIONS PASSED\n");
  EXPECT_EQ(database::integer_of(database::query(*connection, "SELECT COUNT(*) FROM orders")[0][0]),
            1);
}

TEST_P(Project, WritesAnEmptyRevisionThatFollowsTheHead) {
  const Outcome outcome = db({"revision", "-m", "add notes", "--rev-id", "002_notes"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("revisions/002_notes_add_notes.yaml"));
  EXPECT_THAT(db({"history"}).out, HasSubstr("001_create_orders -> 002_notes (head), add notes"));
}

TEST_P(Project, TellsFileLineAndColumnOfABrokenRevision) {
  write("002_broken.yaml",
        "revision: 002_broken\ndown_revision: 001_create_orders\nupgrade:\n  - add_colum: orders.x "
        "text\n");
  const Outcome outcome = db({"upgrade"});
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("002_broken.yaml:4:"));
  EXPECT_THAT(outcome.err, HasSubstr("add_column"));
  EXPECT_EQ(db({"current"}).exit_code, 2);
}

TEST_P(Project, AutogenerateSaysThatThereIsNothingToCompareWith) {
  const Outcome outcome = db({"revision", "--autogenerate", "-m", "more"});
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("no declarations"));
}

}  // namespace
}  // namespace parley::test
