#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "dialect/dialect.h"

namespace parley::dialect {
namespace {

using namespace schema;
using testing::ElementsAre;
using testing::IsEmpty;

class Normalize : public testing::TestWithParam<const Dialect*> {};
INSTANTIATE_TEST_SUITE_P(Dialects, Normalize,
                         testing::Values(&sqlite(), &postgresql(), &mysql(), &mariadb()),
                         [](const auto& tested) { return tested.param->capabilities().name; });

Table everything() {
  Table table;
  table.name = "t";
  const std::vector<Type> types = {
      boolean(),      small_integer(), integer(),      big_integer(),
      float_number(), double_number(), decimal(10, 2), string(20),
      character(3),   text(),          binary(),       binary(16),
      date(),         time(),          datetime(),     datetime_with_time_zone(),
      json(),         uuid(),          native("INT4")};
  for (std::size_t i = 0; i < types.size(); ++i) {
    table.columns.push_back(
        Column{.name = "c" + std::to_string(i), .type = types[i], .nullable = true});
  }
  table.columns[2].default_value = Expression{"(1+2)"};
  table.columns[7].default_value = Number{"5"};
  table.columns[14].on_update_now = true;
  table.primary_key = PrimaryKey{.name = "t_pkey", .columns = {"c2", "c3"}};
  table.uniques = {Unique{.name = "", .columns = {"c7"}},
                   Unique{.name = "uq_c8", .columns = {"c8"}}};
  table.checks = {Check{.name = "ck", .expression = "NOT (c3 BETWEEN 1 AND 2) and c7 in ('a')"}};
  ForeignKey key;
  key.columns = {"c3"};
  key.referenced_table = "t";
  key.on_delete = ReferenceAction::Restrict;
  table.foreign_keys = {key};
  table.indexes = {Index{.name = "z", .parts = {{.column = "c1", .descending = true}}},
                   Index{.name = "a", .parts = {{.column = "(lower(c7))"}}}};
  return table;
}

TEST_P(Normalize, ChangesNothingTheSecondTime) {
  const Schema once = GetParam()->normalize(Schema{{everything()}});
  EXPECT_EQ(GetParam()->normalize(once), once);
}

TEST_P(Normalize, SortsTablesAndIndexesByName) {
  Table other = everything();
  other.name = "a";
  other.foreign_keys.clear();
  const Schema schema = GetParam()->normalize(Schema{{everything(), other}});
  EXPECT_EQ(schema.tables.front().name, "a");
  EXPECT_EQ(schema.tables.front().indexes.front().name, "a");
}

Table with_column(Column column) {
  Table table;
  table.name = "t";
  table.columns = {std::move(column)};
  return table;
}

Type normal_type(const Dialect& dialect, const Type& type) {
  return dialect.normalize(Schema{{with_column(Column{.name = "c", .type = type})}})
      .tables[0]
      .columns[0]
      .type;
}

TEST(NormalType, KeepsUuidOnlyWhereTheEngineHasIt) {
  EXPECT_EQ(normal_type(postgresql(), uuid()), uuid());
  EXPECT_EQ(normal_type(sqlite(), uuid()), character(36));
  EXPECT_EQ(normal_type(mysql(), uuid()), character(36));
  EXPECT_EQ(normal_type(mariadb(), uuid()), character(36));
}

TEST(NormalType, KeepsTheTimeZoneOnlyWhereTheEngineHasIt) {
  EXPECT_EQ(normal_type(postgresql(), datetime_with_time_zone()), datetime_with_time_zone());
  EXPECT_EQ(normal_type(sqlite(), datetime_with_time_zone()), datetime_with_time_zone());
  EXPECT_EQ(normal_type(mariadb(), datetime_with_time_zone()), datetime());
}

TEST(NormalType, FindsTheWordForANativeType) {
  EXPECT_EQ(normal_type(postgresql(), native("INT4")), integer());
  EXPECT_EQ(normal_type(mysql(), native("int(11)")), integer());
  EXPECT_EQ(normal_type(mysql(), native("tinyint(1)")), boolean());
  EXPECT_EQ(normal_type(mysql(), native("ENUM('A', 'b')")), native("enum('A','b')"));
  EXPECT_EQ(normal_type(sqlite(), native("INT")), native("int"));
}

TEST(ServesAs, TakesTheEnginesOtherJson) {
  EXPECT_TRUE(postgresql().serves_as(native("json"), json()));
  EXPECT_FALSE(postgresql().serves_as(text(), json()));
  EXPECT_TRUE(mariadb().serves_as(native("longtext"), json()));
  EXPECT_TRUE(sqlite().serves_as(text(), json()));
  EXPECT_FALSE(sqlite().serves_as(text(), integer()));
}

TEST(MysqlNormalize, TakesANamedUniqueConstraintForAnIndex) {
  Table table = with_column(Column{.name = "email", .type = string(20)});
  table.uniques = {Unique{.name = "uq_email", .columns = {"email"}}};
  const Table normal = mysql().normalize(Schema{{table}}).tables[0];
  EXPECT_THAT(normal.uniques, IsEmpty());
  EXPECT_THAT(
      normal.indexes,
      ElementsAre(Index{.name = "uq_email", .parts = {{.column = "email"}}, .unique = true}));
}

TEST(MysqlNormalize, ForgetsTheNameOfAUniqueIndexNamedByTheServer) {
  Table table = with_column(Column{.name = "email", .type = string(20)});
  table.indexes = {Index{.name = "email", .parts = {{.column = "email"}}, .unique = true}};
  const Table normal = mysql().normalize(Schema{{table}}).tables[0];
  EXPECT_THAT(normal.uniques, ElementsAre(Unique{.name = "", .columns = {"email"}}));
  EXPECT_THAT(normal.indexes, IsEmpty());
}

TEST(MysqlNormalize, HidesTheIndexThatTheServerMadeForAForeignKey) {
  Table table = with_column(Column{.name = "parent_id", .type = integer()});
  ForeignKey key;
  key.name = "t_ibfk_1";
  key.columns = {"parent_id"};
  key.referenced_table = "t";
  table.foreign_keys = {key};
  table.indexes = {Index{.name = "parent_id", .parts = {{.column = "parent_id"}}},
                   Index{.name = "idx_parent", .parts = {{.column = "parent_id"}}}};
  const Table normal = mysql().normalize(Schema{{table}}).tables[0];
  EXPECT_EQ(normal.foreign_keys[0].name, "");
  ASSERT_EQ(normal.indexes.size(), 1U);
  EXPECT_EQ(normal.indexes[0].name, "idx_parent");
}

TEST(MariadbNormalize, SeesJsonInLongtextWithItsCheck) {
  Table table =
      with_column(Column{.name = "data", .type = native("longtext"), .collation = "utf8mb4_bin"});
  table.checks = {Check{.name = "data", .expression = "json_valid(`data`)"}};
  const Table normal = mariadb().normalize(Schema{{table}}).tables[0];
  EXPECT_EQ(normal.columns[0].type, json());
  EXPECT_EQ(normal.columns[0].collation, "");
  EXPECT_THAT(normal.checks, IsEmpty());
}

TEST(PostgresqlNormalize, ForgetsNamesThatTheServerGave) {
  Table table = with_column(Column{.name = "email", .type = string(20)});
  table.primary_key = PrimaryKey{.name = "t_pkey", .columns = {"email"}};
  table.uniques = {Unique{.name = "t_email_key", .columns = {"email"}},
                   Unique{.name = "uq", .columns = {"email"}}};
  table.checks = {Check{.name = "t_email_check1", .expression = "email <> ''"}};
  const Table normal = postgresql().normalize(Schema{{table}}).tables[0];
  EXPECT_EQ(normal.primary_key->name, "");
  EXPECT_EQ(normal.uniques[0].name, "");
  EXPECT_EQ(normal.uniques[1].name, "uq");
  EXPECT_EQ(normal.checks[0].name, "");
}

}  // namespace
}  // namespace parley::dialect
