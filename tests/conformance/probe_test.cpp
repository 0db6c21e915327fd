// What the probes say of tables with rows of every kind that a verdict looks for.

#include "dialect/probe.h"

#include "conformance/conformance.h"

namespace parley::test {
namespace {

using namespace schema;
using testing::ElementsAre;
using testing::IsEmpty;

Table parents() {
  Table table;
  table.name = "parents";
  table.columns = {column("a", integer()), column("b", string(9))};
  table.primary_key = PrimaryKey{.name = "", .columns = {"a", "b"}};
  return table;
}

/// With names that need quotes.
Table orders() {
  Table table;
  table.name = "order";
  table.columns = {column("select", integer()),
                   nullable_column("Name", string(20)),
                   nullable_column("a", integer()),
                   nullable_column("b", string(9)),
                   nullable_column("mood", enumeration("mood")),
                   nullable_column("hash", binary(20))};
  table.primary_key = PrimaryKey{.name = "", .columns = {"select"}};
  return table;
}

class Probe : public ConformanceTest {
 protected:
  void SetUp() override {
    apply(CreateEnum{{.name = "mood", .values = {"calm", "glad", "sad"}}});
    apply_all({CreateTable{parents()}, CreateTable{orders()}});
    insert("parents (a, b)", {"1, 'x'", "1, 'y'", "2, 'x'"});
    insert(order_ + " (" + dialect().quote("select") + ", " + dialect().quote("Name") +
               ", a, b, mood, hash)",
           {"1, 'one', 1, 'x', 'sad', 'abc'", "2, 'one', 1, 'z', 'sad', 'abcd'",
            "3, NULL, NULL, 'z', NULL, NULL", "4, 'größe', 2, 'x', 'calm', NULL",
            "5, 'it''s', 1, 'x', NULL, NULL", "6, 'größe', 7, 'y', NULL, NULL",
            "7, NULL, NULL, NULL, NULL, NULL", "8, 'it''s long', 2, 'y', NULL, NULL",
            "9, 'one', 1, NULL, NULL, NULL"});
  }

  const std::string order_ = dialect().quote("order");

 private:
  void insert(const std::string& into, const std::vector<std::string>& rows) {
    for (const std::string& row : rows) execute("INSERT INTO " + into + " VALUES (" + row + ")");
  }
};
INSTANTIATE_TEST_SUITE_P(Engines, Probe, testing::ValuesIn(all_engines()),
                         engine_name<testing::TestParamInfo<TestEngine>>);

using Found = dialect::RowsFound;

TEST_P(Probe, CountsRowsAndValues) {
  EXPECT_EQ(dialect::count_rows(connection(), "order"), 9);
  EXPECT_EQ(dialect::count_non_null(connection(), "order", "Name"), 7);
  EXPECT_EQ(dialect::count_rows_where(connection(), "order", "a = 1 AND b <> 'x'"), 1);
  EXPECT_TRUE(dialect::has_nulls(connection(), "order", "Name"));
  EXPECT_FALSE(dialect::has_nulls(connection(), "order", "select"));
}

TEST_P(Probe, TellsWhichRowsAreInTheWay) {
  EXPECT_EQ(dialect::rows_with_null(connection(), orders(), "Name"),
            (Found{.count = 2, .examples = {"3", "7"}}));
  EXPECT_EQ(dialect::rows_where(connection(), orders(), "NOT (a < 2)"),
            (Found{.count = 3, .examples = {"4", "6", "8"}}));
  EXPECT_EQ(dialect::rows_where(connection(), orders(), "a > 99"), Found{});
  EXPECT_EQ(dialect::rows_where(connection(), parents(), "a = 1"),
            (Found{.count = 2, .examples = {"1, x", "1, y"}}));
}

TEST_P(Probe, GivesAFewExamplesOnlyAndNoneWithoutAKey) {
  const auto all = dialect::rows_where(connection(), orders(), "1 = 1");
  EXPECT_EQ(all.count, 9);
  EXPECT_THAT(all.examples, ElementsAre("1", "2", "3", "4", "5"));
  Table without_key = orders();
  without_key.primary_key.reset();
  EXPECT_THAT(dialect::rows_where(connection(), without_key, "1 = 1").examples, IsEmpty());
}

TEST_P(Probe, CountsCharactersOfTextsAndBytesOfOthers) {
  EXPECT_EQ(dialect::rows_longer_than(connection(), orders(), "Name", 5),
            (Found{.count = 1, .examples = {"8"}}));
  EXPECT_EQ(dialect::rows_longer_than(connection(), orders(), "hash", 3),
            (Found{.count = 1, .examples = {"2"}}));
}

TEST_P(Probe, FindsTextsThatAreNoValueOfAnEnum) {
  EXPECT_EQ(dialect::rows_outside(connection(), orders(), "Name", {"one", "it's"}),
            (Found{.count = 3, .examples = {"4", "6", "8"}}));
}

TEST_P(Probe, FindsOrphans) {
  ForeignKey key;
  key.columns = {"a", "b"};
  key.referenced_table = "parents";
  key.referenced_columns = {"a", "b"};
  EXPECT_EQ(dialect::orphans(connection(), orders(), key),
            (Found{.count = 3, .examples = {"2", "6", "8"}}));
  Table tree = orders();
  ForeignKey self;
  self.columns = {"a"};
  self.referenced_table = "order";
  self.referenced_columns = {"select"};
  execute("UPDATE " + order_ + " SET a = 70 WHERE " + dialect().quote("select") + " = 4");
  EXPECT_EQ(dialect::orphans(connection(), tree, self), (Found{.count = 1, .examples = {"4"}}));
}

TEST_P(Probe, FindsGroupsThatAUniqueKeyRefuses) {
  EXPECT_EQ(dialect::duplicates(connection(), "order", {"Name"}),
            (dialect::Duplicates{.groups = 2, .rows = 5, .examples = {"größe", "one"}}));
  EXPECT_EQ(dialect::duplicates(connection(), "order", {"a", "b"}),
            (dialect::Duplicates{.groups = 1, .rows = 2, .examples = {"1, x"}}));
  EXPECT_EQ(dialect::duplicates(connection(), "order", {"select"}), dialect::Duplicates{});
}

TEST_P(Probe, CountsTheUsesOfEnumValues) {
  EXPECT_THAT(dialect::value_uses(connection(), "order", "mood"),
              ElementsAre(dialect::ValueUse{.value = "calm", .rows = 1},
                          dialect::ValueUse{.value = "sad", .rows = 2}));
}

}  // namespace
}  // namespace parley::test
