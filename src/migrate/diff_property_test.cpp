// What makes a difference right, over every pair of a few hundred small schemas: applied to the one
// it gives the other, each step fits the state that it meets, and a second difference is empty.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>

#include "migrate/diff.h"

namespace parley::migrate {
namespace {

using namespace schema;

Column int_column(std::string name, bool nullable = false) {
  return {.name = std::move(name), .type = integer(), .nullable = nullable};
}

ForeignKey key_to(std::string name, std::string column, std::string table, std::string referenced) {
  return {.name = std::move(name),
          .columns = {std::move(column)},
          .referenced_table = std::move(table),
          .referenced_columns = {std::move(referenced)}};
}

Schema without_column_order(Schema schema) {
  const auto by_name = [](auto& list) {
    std::ranges::sort(list, {}, [](const auto& each) { return each.name; });
  };
  for (Table& table : schema.tables) {
    by_name(table.columns);
    by_name(table.indexes);
    by_name(table.uniques);
    by_name(table.checks);
    by_name(table.foreign_keys);
  }
  by_name(schema.tables);
  by_name(schema.views);
  by_name(schema.triggers);
  by_name(schema.enums);
  return schema;
}

std::string described(const std::vector<Change>& changes) {
  std::string text;
  for (const Change& change : changes) text += "\n  " + describe(change);
  return text;
}

void expect_leads_to(const Schema& from, const Schema& to, const Renames& renames = {}) {
  const auto changes = diff(from, to, renames);
  Schema state = from;
  for (const Change& change : changes) {
    try {
      apply(state, change);
    } catch (const std::exception& error) {
      FAIL() << describe(change) << ": " << error.what() << "\nof" << described(changes);
    }
  }
  EXPECT_EQ(without_column_order(state), without_column_order(to)) << described(changes);
  EXPECT_EQ(described(diff(state, to)), "");
}

// Schemas of a parent `p` and a child `c`, each in several shapes, with what stands on them.

std::vector<Table> parents() {
  Table plain{.name = "p",
              .columns = {int_column("id"), int_column("code")},
              .primary_key = PrimaryKey{"pk_p", {"id"}}};
  Table unique = plain;
  unique.uniques = {{"uq_code", {"code"}}};
  Table indexed = plain;
  indexed.indexes = {{.name = "ux_code", .parts = {{.column = "code"}}, .unique = true}};
  Table wide = unique;
  wide.columns[1].type = big_integer();
  wide.columns[1].comment = "Wide.";
  Table other_key = plain;
  other_key.primary_key = PrimaryKey{"pk_p", {"code"}};
  other_key.is_without_rowid = true;
  Table generated = unique;
  generated.columns.push_back({.name = "twice",
                               .type = integer(),
                               .nullable = true,
                               .generated = Generated{"code * 2", true}});
  Table strict = plain;
  strict.is_strict = true;
  strict.comment = "Strict.";
  strict.checks = {{"ck_code", "code > 0"}};
  strict.indexes = {{.name = "ix_code", .parts = {{.column = "code"}}}};
  return {plain, unique, indexed, wide, other_key, generated, strict};
}

std::vector<Table> children(const Table& parent) {
  std::vector<Table> shapes;
  const bool has_code_key = !parent.uniques.empty() || !parent.indexes.empty() ||
                            parent.primary_key->columns[0] == "code";
  for (const std::string& referenced : {std::string("id"), std::string("code")}) {
    if (referenced == "code" && (!has_code_key || parent.is_strict)) continue;
    if (referenced == "id" && parent.primary_key->columns[0] != "id") continue;
    Table child{.name = "c",
                .columns = {int_column("id"), int_column("p_id", true)},
                .primary_key = PrimaryKey{"pk_c", {"id"}},
                .foreign_keys = {key_to("fk_p", "p_id", "p", referenced)}};
    child.columns[1].type = parent.find_column(referenced)->type;
    shapes.push_back(child);
  }
  Table alone{.name = "c", .columns = {int_column("id")}, .indexes = {}};
  alone.indexes = {{.name = "ix_other", .parts = {{.column = "id"}}}};
  shapes.push_back(alone);
  return shapes;
}

std::vector<View> view_shapes(int shape) {
  const auto view = [](std::string name, std::string sql) {
    return View{.name = std::move(name), .query = {{"", std::move(sql)}}};
  };
  if (shape == 0) return {};
  if (shape == 1) return {view("v", "SELECT code FROM p")};
  return {view("v", "SELECT id FROM p"), view("w", "SELECT id FROM v"),
          view("a", "SELECT id FROM w")};
}

std::vector<Trigger> trigger_shapes(int shape) {
  Trigger trigger{.name = "t",
                  .table = "p",
                  .events = {.insert = true},
                  .body = {{"", "UPDATE c SET id = NEW.code;"}}};
  if (shape == 0) return {};
  if (shape == 1) return {trigger};
  trigger.table = "v";
  trigger.time = TriggerTime::InsteadOf;
  return {trigger};
}

std::vector<Schema> small_schemas() {
  std::vector<Schema> schemas = {Schema{}};
  for (const Table& parent : parents()) {
    for (const Table& child : children(parent)) {
      for (int shape = 0; shape < 3; ++shape) {
        schemas.push_back({.tables = {parent, child},
                           .views = view_shapes(shape),
                           .triggers = trigger_shapes(shape),
                           .enums = {}});
      }
    }
    schemas.push_back(Schema{.tables = {parent}, .views = {}, .triggers = {}, .enums = {}});
  }
  Table loop = parents()[0];
  loop.foreign_keys = {key_to("fk_self", "code", "p", "id"), key_to("fk_c", "code", "c", "id")};
  Table back = children(parents()[0])[0];
  schemas.push_back(Schema{.tables = {loop, back}, .views = {}, .triggers = {}, .enums = {}});
  return schemas;
}

TEST(DiffProperty, LeadsFromEverySmallSchemaToEveryOther) {
  const auto schemas = small_schemas();
  for (const Schema& from : schemas) {
    for (const Schema& to : schemas) {
      expect_leads_to(from, to);
      ASSERT_FALSE(HasFailure());
    }
  }
}

std::vector<Schema> enum_schemas() {
  std::vector<Schema> schemas;
  const std::vector<std::vector<std::string>> lists = {
      {"a", "b"}, {"a", "b", "c"}, {"c", "b", "a"}, {"b"}, {"x", "b"}};
  for (const auto& values : lists) {
    for (const std::string& standard : {std::string(), values.front(), values.back()}) {
      Table table{.name = "t", .columns = {{.name = "e", .type = enumeration("mood")}}};
      if (!standard.empty()) table.columns[0].default_value = standard;
      schemas.push_back(
          {.tables = {table}, .views = {}, .triggers = {}, .enums = {{"mood", values}}});
    }
  }
  schemas.push_back({.tables = {{.name = "t", .columns = {{.name = "e", .type = string(9)}}}},
                     .views = {},
                     .triggers = {},
                     .enums = {}});
  return schemas;
}

TEST(DiffProperty, LeadsFromEveryListOfValuesToEveryOther) {
  const Renames renames{.tables = {}, .columns = {}, .values = {{"mood", "a", "x"}}};
  for (const Schema& from : enum_schemas()) {
    for (const Schema& to : enum_schemas()) {
      expect_leads_to(from, to);
      expect_leads_to(from, to, renames);
      ASSERT_FALSE(HasFailure());
    }
  }
}

/// Every name of the schema with what reads it.
Schema renamable(bool is_renamed) {
  const std::string table = is_renamed ? "people" : "users";
  const std::string column = is_renamed ? "mail" : "email";
  Table users{.name = table,
              .columns = {int_column("id"), {.name = column, .type = string(40)}},
              .primary_key = PrimaryKey{"pk", {"id"}},
              .uniques = {{"uq", {column}}},
              .checks = {{"ck", column + " <> ''"}},
              .indexes = {{.name = "ix", .parts = {{.column = column}}}}};
  Table notes{.name = "notes",
              .columns = {int_column("id"), int_column("author")},
              .foreign_keys = {key_to("fk", "author", table, "id")}};
  Trigger trigger{.name = "t",
                  .table = table,
                  .events = {.update = true},
                  .update_of = {column},
                  .body = {{"", "DELETE FROM notes WHERE author = NEW.id;"}}};
  return {.tables = {users, notes},
          .views = {{.name = "v", .query = {{"", "SELECT " + column + " FROM " + table}}}},
          .triggers = {trigger},
          .enums = {}};
}

TEST(DiffProperty, RenamesTablesAndColumnsUnderEverythingThatReadsThem) {
  const Renames there{
      .tables = {{"users", "people"}}, .columns = {{"people", "email", "mail"}}, .values = {}};
  const Renames back{
      .tables = {{"people", "users"}}, .columns = {{"users", "mail", "email"}}, .values = {}};
  expect_leads_to(renamable(false), renamable(true), there);
  expect_leads_to(renamable(true), renamable(false), back);
  expect_leads_to(renamable(false), renamable(true));
  for (const Change& change : diff(renamable(false), renamable(true), there)) {
    EXPECT_FALSE(loses_data(change)) << describe(change);
  }
}

TEST(DiffProperty, ARenameThatWasDoneIsForgotten) {
  const Renames there{
      .tables = {{"users", "people"}}, .columns = {{"people", "email", "mail"}}, .values = {}};
  EXPECT_EQ(described(diff(renamable(true), renamable(true), there)), "");
}

TEST(DiffProperty, AnUnnamedCheckGoesByItsSqlAndComesWithAName) {
  Table without = parents()[0];
  Table with = without;
  with.checks = {{"", "code > 0"}, {"", "id > 0"}};
  const Schema from{{with}, {}, {}, {}};
  const Schema to{{without}, {}, {}, {}};
  expect_leads_to(from, to);
  Schema state = to;
  for (const Change& change : diff(to, from)) apply(state, change);
  EXPECT_EQ(state.tables[0].checks,
            (std::vector<Check>{{"ck_p_1", "code > 0"}, {"ck_p_2", "id > 0"}}));
  EXPECT_EQ(described(diff(state, from)), "");
}

TEST(DiffProperty, AnIndexWithAnotherNameIsRenamed) {
  Table old = parents()[6];
  Table wanted = old;
  wanted.indexes[0].name = "ix_by_code";
  const Schema from{{old}, {}, {}, {}};
  const Schema to{{wanted}, {}, {}, {}};
  expect_leads_to(from, to);
  const auto changes = diff(from, to);
  ASSERT_EQ(changes.size(), 1U);
  EXPECT_TRUE(std::holds_alternative<RenameIndex>(changes[0]));
}

TEST(DiffProperty, ACommentAloneIsSetAndNothingElse) {
  const Schema from{{parents()[1]}, {}, {}, {}};
  Schema to = from;
  to.tables[0].columns[0].comment = "The number.";
  const auto changes = diff(from, to);
  ASSERT_EQ(changes.size(), 1U);
  EXPECT_EQ(std::get<SetComment>(changes[0]).comment, "The number.");
}

Schema large(int tables, int variant) {
  Schema schema;
  for (int i = 0; i < tables; ++i) {
    Table table{.name = "table_" + std::to_string(i)};
    for (int j = 0; j < 10; ++j) table.columns.push_back(int_column("c" + std::to_string(j)));
    table.primary_key = PrimaryKey{"", {"c0"}};
    for (int j = 1; j < 3; ++j) {
      const std::string name = table.name + "_i" + std::to_string(j);
      table.indexes.push_back({.name = name, .parts = {{.column = "c" + std::to_string(j)}}});
    }
    if (i > 0) {
      table.foreign_keys = {key_to("fk", "c3", "table_" + std::to_string(i - 1), "c0")};
    }
    table.columns[5].nullable = variant > 0;
    schema.tables.push_back(std::move(table));
  }
  return schema;
}

double seconds_of_diff(const Schema& from, const Schema& to) {
  const auto start = std::chrono::steady_clock::now();
  EXPECT_FALSE(diff(from, to).empty());
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

TEST(DiffProperty, TimeGrowsWithTheSizeAndNotWithItsSquare) {
  const double small = seconds_of_diff(large(500, 0), large(500, 1));
  const double big = seconds_of_diff(large(4000, 0), large(4000, 1));
  EXPECT_LT(big, 30 * small) << "8 times the tables";
  EXPECT_FALSE(diff({}, large(2000, 0)).empty());
  EXPECT_FALSE(diff(large(2000, 0), {}).empty());
}

}  // namespace
}  // namespace parley::migrate
