#include <gtest/gtest.h>

#include <algorithm>

#include "base/error.h"
#include "schema/change.h"
#include "schema/change_test_schema.h"

namespace parley::schema {
namespace {

/// Tables, constraints and indexes are sets: what was dropped comes back at the end of its list.
Schema without_order(Schema schema) {
  const auto by_text = [](const auto& label) {
    return [label](const auto& a, const auto& b) { return label(a) < label(b); };
  };
  const auto name = [](const auto& each) { return each.name; };
  const auto name_and_columns = [](const auto& each) { return std::pair(each.name, each.columns); };
  std::ranges::sort(schema.tables, by_text(name));
  for (Table& table : schema.tables) {
    std::ranges::sort(table.uniques, by_text(name_and_columns));
    std::ranges::sort(table.checks, by_text(name));
    std::ranges::sort(table.foreign_keys, by_text(name_and_columns));
    std::ranges::sort(table.indexes, by_text(name));
  }
  return schema;
}

Schema without_column_order(Schema schema) {
  for (Table& table : schema.tables) std::ranges::sort(table.columns, {}, &Column::name);
  return schema;
}

Schema there_and_back(const Change& change) {
  Schema schema = test::blog();
  const std::vector<Change> way_back = inverse(change, schema);
  apply(schema, change);
  EXPECT_NE(schema, test::blog()) << describe(change) << " did nothing";
  for (const Change& each : way_back) apply(schema, each);
  return without_order(schema);
}

std::vector<Change> one_of_each_kind() {
  const Schema schema = test::blog();
  const Table tags{
      .name = "tags",
      .columns = {{.name = "id", .type = integer()}},
      .foreign_keys = {
          {.columns = {"id"}, .referenced_table = "posts", .referenced_columns = {"id"}},
          {.name = "fk_self",
           .columns = {"id"},
           .referenced_table = "tags",
           .referenced_columns = {"id"}}}};
  return {
      CreateTable{tags},
      DropTable{"posts"},
      RenameTable{"users", "people"},
      RenameTable{"posts", "articles"},
      AddColumn{"users", {.name = "age", .type = integer(), .default_value = Number{"0"}}},
      AlterColumn{"users", {.name = "full_name", .type = text(), .comment = "as written"}},
      RenameColumn{"users", "id", "user_id"},
      RenameColumn{"posts", "id", "post_id"},
      RenameColumn{"posts", "state", "status"},
      CreateIndex{"users", {.name = "ix_name", .parts = {{.column = "full_name"}}}},
      DropIndex{"posts", "ix_title"},
      DropIndex{"posts", "ux_state"},
      AddUnique{"users", {.name = "uq_name", .columns = {"full_name"}}},
      AddUnique{"users", {.columns = {"full_name"}}},
      DropUnique{"users", {.name = "uq_email"}},
      DropUnique{"users", {.columns = {"tenant", "email"}}},
      AddCheck{"users", {.name = "ck_name", .expression = "full_name <> ''"}},
      DropCheck{"posts", "ck_title"},
      AddForeignKey{"posts",
                    {.columns = {"id"}, .referenced_table = "users", .referenced_columns = {"id"}}},
      DropForeignKey{"posts", {.name = "fk_author"}},
      DropForeignKey{"posts", {.columns = {"parent"}}}};
}

TEST(Inverse, LeadsBackToTheStateBefore) {
  for (const Change& change : one_of_each_kind()) {
    EXPECT_EQ(there_and_back(change), without_order(test::blog())) << describe(change);
  }
}

TEST(Inverse, OfDropColumnBringsItBackBehindTheOthers) {
  const Change change = DropColumn{"users", "full_name"};
  EXPECT_EQ(without_column_order(there_and_back(change)),
            without_column_order(without_order(test::blog())));
}

TEST(Inverse, OfPrimaryKeyChangesLeadsBack) {
  const Schema with_key{
      .tables = {{.name = "tags",
                  .columns = {{.name = "id", .type = integer()}},
                  .primary_key = PrimaryKey{.name = "pk_tags", .columns = {"id"}}}}};
  Schema schema = with_key;
  const std::vector<Change> add_back = inverse(DropPrimaryKey{"tags"}, schema);
  apply(schema, DropPrimaryKey{"tags"});
  const Schema without_key = schema;
  const std::vector<Change> drop_again = inverse(add_back.at(0), schema);
  apply(schema, add_back.at(0));
  EXPECT_EQ(schema, with_key);
  apply(schema, drop_again.at(0));
  EXPECT_EQ(schema, without_key);
}

TEST(Inverse, OfDropUniqueKeepsTheNameThatWasFound) {
  const std::vector<Change> way_back =
      inverse(DropUnique{"users", {.columns = {"email"}}}, test::blog());
  EXPECT_EQ(way_back,
            std::vector<Change>{(AddUnique{"users", {.name = "uq_email", .columns = {"email"}}})});
}

TEST(Inverse, OfExecuteSwapsTextsAndUndo) {
  const Execute change{.texts = {{"", "UPDATE a SET b = 1"}},
                       .undo = {{"sqlite", "UPDATE a SET b = 0"}}};
  EXPECT_EQ(inverse(change, Schema{}),
            std::vector<Change>{(Execute{.texts = change.undo, .undo = change.texts})});
}

TEST(Inverse, OfExecuteWithoutUndoSaysThatThereIsNone) {
  try {
    inverse(Execute{.texts = {{"", "DELETE FROM a"}}}, Schema{});
    FAIL() << "an undo was made up";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::UnsupportedChange);
    EXPECT_STREQ(error.what(), "there is no way back from: run SQL: DELETE FROM a");
  }
}

}  // namespace
}  // namespace parley::schema
