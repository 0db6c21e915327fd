// `parley db lint`, `doctor` and `dump` as a person sees them: what would go wrong, what is wrong,
// what is there.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "program/own_project.h"

namespace parley::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kOrders = R"(revision: 001_orders
down_revision: null
message: create orders
upgrade:
  - create_table: orders
    columns:
      - id: integer auto_increment
      - note: string(80) null
    primary_key: [id]
)";

constexpr const char* kCareless = R"(revision: 002_careless
down_revision: 001_orders
message: careless
upgrade:
  - add_column: orders.kind string(20)
  - drop_column: orders.note
)";

class Review : public OwnProject {
 protected:
  Review() : OwnProject("001_orders.yaml", kOrders) {}
};
INSTANTIATE_TEST_SUITE_P(Engines, Review, testing::ValuesIn(all_engines()),
                         engine_name<testing::TestParamInfo<TestEngine>>);

TEST_P(Review, LintShowsTheSafeWayAndWhatToAllow) {
  write("002_careless.yaml", kCareless);
  const Outcome found = db({"lint"});
  EXPECT_EQ(found.exit_code, 1) << found.err;
  EXPECT_THAT(found.out, AllOf(HasSubstr("PL201"), HasSubstr("- backfill: orders"),
                               HasSubstr("PL102"), HasSubstr("2 problems")));
  EXPECT_THAT(db({"lint", "--ignore", "PL102", "--ignore", "add-not-null"}).out,
              HasSubstr("0 problems"));
  write("002_careless.yaml", std::string("# lint: allow PL102, PL201 tried out\n") + kCareless);
  EXPECT_EQ(db({"lint"}).exit_code, 0);
  EXPECT_EQ(db({"lint", "--ignore", "PL999"}).exit_code, 2);
}

TEST_P(Review, ShowTellsWhatIsLostOnTheWayBack) {
  write("002_careless.yaml", kCareless);
  const Outcome shown = db({"show", "002_careless"});
  EXPECT_EQ(shown.exit_code, 0) << shown.err;
  EXPECT_THAT(shown.out,
              HasSubstr("    On the way back:\n    - no exact way back from 'drop column "
                        "orders.note': its values do not come back\n"));
  EXPECT_THAT(db({"show", "001_orders"}).out, Not(HasSubstr("way back")));
  EXPECT_THAT(db({"show", "002_careless", "--json"}).out,
              HasSubstr("\"lost_on_the_way_back\":[\"no "
                        "exact way back"));
}

TEST_P(Review, DoctorTellsTheNextCommand) {
  database_.connect();  // A SQLite file is there from now on.
  EXPECT_THAT(db({"doctor"}).out, HasSubstr("parley db upgrade"));
  ASSERT_EQ(db({"upgrade"}).exit_code, 0);
  const Outcome well = db({"doctor"});
  EXPECT_EQ(well.exit_code, 0) << well.err;
  EXPECT_THAT(well.out, AllOf(HasSubstr("All 1 revisions are applied"),
                              HasSubstr("The live schema is the recorded one"),
                              HasSubstr("Nobody holds the schema lock"), Not(HasSubstr("✗"))));
  database_.connect()->execute("ALTER TABLE orders DROP COLUMN note");
  EXPECT_THAT(db({"doctor"}).out,
              AllOf(HasSubstr("1 difference"), HasSubstr("orders.note"), HasSubstr("repair")));
}

TEST_P(Review, DoctorSaysWhatKeepsItFromLooking) {
  const Outcome outcome =
      run_parley({"db", "doctor", "--url", "postgresql://nobody@127.0.0.1:1/none", "--dir",
                  directory_.path() + "/revisions"});
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_THAT(outcome.out, HasSubstr("✗ connection"));
}

TEST_P(Review, DumpNeedsNoRevisions) {
  database_.connect()->execute("CREATE TABLE tags (id INTEGER PRIMARY KEY, word VARCHAR(40))");
  const Outcome outcome = run_parley(
      {"db", "dump", "--format", "yaml", "--url", database_.url_text()}, directory_.path());
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("- word: string(40) null"));
}

}  // namespace
}  // namespace parley::test
