// Every type, nullable or not, with every kind of default it can have: what inspection finds is
// what normalising promised.

#include "base/text.h"
#include "conformance/conformance.h"

namespace parley::test {
namespace {

using namespace schema;

class RoundTrip : public ConformanceTest {};
INSTANTIATE_TEST_SUITE_P(Engines, RoundTrip, testing::ValuesIn(all_engines()),
                         engine_name<testing::TestParamInfo<TestEngine>>);

struct TypeCase {
  std::string name;
  Type type;
  std::vector<Default> defaults;
};

Type with_precision(Type type, int precision) {
  type.precision = precision;
  return type;
}

Type of_at_most(Type type, int length) {
  type.length = length;
  return type;
}

std::vector<TypeCase> type_cases() {
  const std::string iso_date = "2020-02-29";
  return {
      {"boolean", boolean(), {true, false, Number{"1"}, "true"}},
      {"small", small_integer(), {Number{"0"}, Number{"-7"}}},
      {"whole", integer(), {Number{"0"}, Number{"-1"}, "42", Expression{"1 + 2"}}},
      {"big", big_integer(), {Number{"9000000000"}}},
      {"single", float_number(), {Number{"0.5"}}},
      {"dbl", double_number(), {Number{"1e3"}, Number{"-0.25"}}},
      {"amount", decimal(10, 2), {Number{"0.00"}, Number{"12.50"}}},
      {"name", string(40), {"pending", "it's", "", Number{"5"}, "back\\slash"}},
      {"code", character(3), {"abc"}},
      {"body", text(), {"text", "it's"}},
      {"key_text", of_at_most(text(), 200), {"text", "it's"}},
      {"long_text", of_at_most(text(), 1'000'000), {}},
      {"bytes", binary(), {"ab"}},
      {"hash", binary(16), {"ab"}},
      {"born", date(), {iso_date, CurrentTimestamp{}}},
      {"at_time", time(), {"10:00:00"}},
      {"at_moment", datetime(), {CurrentTimestamp{}, "2020-02-29 10:00:00", iso_date}},
      {"at_milli", with_precision(datetime(), 3), {CurrentTimestamp{}}},
      {"at_zoned", datetime_with_time_zone(), {CurrentTimestamp{}}},
      {"at_micro", with_precision(datetime_with_time_zone(), 6), {CurrentTimestamp{}}},
      {"data", json(), {"{}", "{\"b\": 1, \"a\": [1, 2]}"}},
      {"key_id", uuid(), {"00000000-0000-0000-0000-000000000000"}},
  };
}

TEST_P(RoundTrip, KeepsEveryTypeWithEveryKindOfDefault) {
  Table table;
  table.name = "types";
  table.columns = {column("id", integer())};
  table.primary_key = PrimaryKey{.name = "", .columns = {"id"}};
  for (const TypeCase& type_case : type_cases()) {
    table.columns.push_back(column(type_case.name, type_case.type));
    table.columns.push_back(nullable_column(type_case.name + "_or_null", type_case.type));
    for (std::size_t i = 0; i < type_case.defaults.size(); ++i) {
      for (const bool is_nullable : {false, true}) {
        Column with_default = column(
            type_case.name + "_" + std::to_string(i) + (is_nullable ? "n" : ""), type_case.type);
        with_default.nullable = is_nullable;
        with_default.default_value = type_case.defaults[i];
        table.columns.push_back(std::move(with_default));
      }
    }
  }
  apply(CreateTable{table});
  EXPECT_EQ(found(), expected());
}

TEST_P(RoundTrip, KeepsKeysConstraintsAndIndexes) {
  Table parent;
  parent.name = "parent";
  parent.columns = {column("id", integer()), column("code", string(10)), column("part", integer())};
  parent.columns[0].auto_increment = true;
  parent.primary_key = PrimaryKey{.name = "", .columns = {"id"}};
  parent.uniques = {Unique{.name = "", .columns = {"code"}},
                    Unique{.name = "uq_code_part", .columns = {"code", "part"}}};

  Table child;
  child.name = "child";
  child.columns = {column("a", integer()),
                   column("b", string(10)),
                   nullable_column("parent_id", integer()),
                   nullable_column("code", string(10)),
                   nullable_column("part", integer()),
                   nullable_column("note", string(10))};
  child.primary_key = PrimaryKey{.name = "", .columns = {"b", "a"}};
  child.checks = {
      Check{.name = "ck_b", .expression = "b IN ('x', 'y') AND NOT (a BETWEEN 1 AND 3)"},
      Check{.name = "ck_note", .expression = "note IS NULL OR (a + 1) * 2 > 0 AND note LIKE 'a%'"}};
  ForeignKey to_id;
  to_id.columns = {"parent_id"};
  to_id.referenced_table = "parent";
  to_id.referenced_columns = {"id"};
  to_id.on_delete = ReferenceAction::Cascade;
  ForeignKey to_code = to_id;
  to_code.name = "fk_code_part";
  to_code.columns = {"code", "part"};
  to_code.referenced_columns = {"code", "part"};
  to_code.on_delete = ReferenceAction::SetNull;
  to_code.on_update = ReferenceAction::Cascade;
  child.foreign_keys = {to_id, to_code};
  Index newest = index_on("idx_newest", {"part", "a"});
  newest.parts[0].descending = true;
  Index unique = index_on("idx_unique", {"code", "a"});
  unique.unique = true;
  child.indexes = {newest, unique};
  if (capabilities().partial_index) {
    Index partial = index_on("idx_partial", {"part"});
    partial.where = "part > 0 AND code IS NOT NULL";
    child.indexes.push_back(partial);
  }
  apply_all({CreateTable{parent}, CreateTable{child}});
  EXPECT_EQ(found(), expected());
}

TEST_P(RoundTrip, KeepsTheTimeOfUpdates) {
  Table table;
  table.name = "notes";
  table.columns = {column("id", integer()), nullable_column("body", text()),
                   column("updated_at", datetime())};
  table.columns[2].default_value = CurrentTimestamp{};
  table.columns[2].on_update_now = true;
  table.primary_key = PrimaryKey{.name = "", .columns = {"id"}};
  apply(CreateTable{table});
  EXPECT_EQ(found(), expected());

  execute("INSERT INTO notes (id, updated_at) VALUES (1, '2001-01-01 00:00:00')");
  execute("UPDATE notes SET body = 'x' WHERE id = 1");
  EXPECT_GT(value("SELECT updated_at FROM notes"), "2020");
  execute("UPDATE notes SET body = 'y', updated_at = '2002-02-02 00:00:00' WHERE id = 1");
  EXPECT_EQ(value("SELECT updated_at FROM notes").substr(0, 10), "2002-02-02");
}

TEST_P(RoundTrip, KeepsTheNameOfTheTriggerThatMovesAColumn) {
  Table table;
  table.name = "notes";
  table.columns = {column("id", integer()), nullable_column("body", text()),
                   nullable_column("updated_at", datetime())};
  table.columns[2].on_update_now = true;
  table.columns[2].on_update_trigger = "touch \"notes\"";
  table.primary_key = PrimaryKey{.name = "", .columns = {"id"}};
  apply(CreateTable{table});
  EXPECT_EQ(found(), expected());
  apply(RenameTable{"notes", "remarks"});
  apply(RenameColumn{"remarks", "updated_at", "moved_at"});
  apply(AddColumn{"remarks", nullable_column("extra", integer())});
  EXPECT_EQ(found(), expected());
  execute("INSERT INTO remarks (id) VALUES (1)");
  execute("UPDATE remarks SET body = 'x' WHERE id = 1");
  EXPECT_GT(value("SELECT moved_at FROM remarks"), "2020");
}

TEST_P(RoundTrip, KeepsNamesThatNeedQuotes) {
  Table table;
  table.name = "order";
  table.columns = {column("select", integer()), nullable_column("Mixed Case", string(10)),
                   nullable_column("desc", datetime())};
  table.columns[1].default_value = "a\"b`c";
  table.columns[2].on_update_now = true;
  table.primary_key = PrimaryKey{.name = "", .columns = {"select"}};
  table.indexes = {index_on("Index of order", {"Mixed Case", "desc"})};
  apply(CreateTable{table});
  EXPECT_EQ(found(), expected());
}

TEST_P(RoundTrip, KeepsCommentsWhereThereAreAny) {
  Table table;
  table.name = "told";
  table.comment = "what it's for";
  table.columns = {column("id", integer()), nullable_column("a", string(10))};
  table.columns[1].comment = "a 'quoted' word \\ and more";
  apply(CreateTable{table});
  EXPECT_EQ(found(), expected());
  table.columns[1].comment = "";
  apply(AlterColumn{"told", table.columns[1]});
  EXPECT_EQ(found(), expected());
}

TEST_P(RoundTrip, FindsNothingInAnEmptyDatabase) { EXPECT_EQ(found(), Schema{}); }

}  // namespace
}  // namespace parley::test
