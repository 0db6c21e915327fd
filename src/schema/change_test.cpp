#include "schema/change.h"

#include <gtest/gtest.h>

#include "schema/change_test_schema.h"

namespace parley::schema {
namespace {

/// A change that fits the blog, and how it reads.
struct Example {
  Change change;
  std::string text;
  std::string table;
  bool loses_data = false;
};

std::vector<Example> examples() {
  const Table tags{.name = "tags", .columns = {{.name = "id", .type = integer()}}};
  const ForeignKey to_users{
      .columns = {"id"}, .referenced_table = "users", .referenced_columns = {"id"}};
  return {
      {CreateTable{tags}, "create table tags", "tags"},
      {DropTable{"posts"}, "drop table posts", "posts", true},
      {RenameTable{"users", "people"}, "rename table users to people", "users"},
      {AddColumn{"users", {.name = "age"}}, "add column users.age", "users"},
      {DropColumn{"posts", "note"}, "drop column posts.note", "posts", true},
      {AlterColumn{"users", {.name = "email"}}, "alter column users.email", "users"},
      {RenameColumn{"users", "email", "mail"}, "rename column users.email to mail", "users"},
      {CreateIndex{"users", {.name = "ix", .parts = {{.column = "id"}}}},
       "create index ix on users", "users"},
      {CreateIndex{"users", {.name = "ux", .parts = {{.column = "id"}}, .unique = true}},
       "create unique index ux on users", "users"},
      {DropIndex{"users", "ix_tenant"}, "drop index ix_tenant on users", "users"},
      {AddUnique{"users", {.name = "uq", .columns = {"id", "email"}}},
       "add unique constraint uq (id, email) to users", "users"},
      {DropUnique{"users", {.name = "uq_email"}}, "drop unique constraint uq_email of users",
       "users"},
      {DropUnique{"users", {.columns = {"tenant", "email"}}},
       "drop unique constraint (tenant, email) of users", "users"},
      {AddCheck{"users", {.name = "ck", .expression = "id > 0"}}, "add check ck to users", "users"},
      {DropCheck{"users", "ck_email"}, "drop check ck_email of users", "users"},
      {AddForeignKey{"posts", to_users}, "add foreign key (id) to posts, referring to users",
       "posts"},
      {DropForeignKey{"posts", {.name = "fk_author"}}, "drop foreign key fk_author of posts",
       "posts"},
  };
}

const Change kAddKey = AddPrimaryKey{"tags", {.columns = {"id"}}};
const Change kDropKey = DropPrimaryKey{"tags"};
const Change kExecute = Execute{.texts = {{"", "UPDATE users\n   SET email = lower(email)"}}};

TEST(DescribeChange, SaysItInOneLine) {
  for (const Example& example : examples()) EXPECT_EQ(describe(example.change), example.text);
  EXPECT_EQ(describe(kAddKey), "add primary key (id) to tags");
  EXPECT_EQ(describe(kDropKey), "drop primary key of tags");
  EXPECT_EQ(describe(kExecute), "run SQL: UPDATE users SET email = lower(email)");
}

TEST(DescribeChange, ShowsTheStartOfLongSql) {
  const Change change = Execute{.texts = {{"", "SELECT '" + std::string(100, 'x') + "'"}}};
  EXPECT_EQ(describe(change), "run SQL: SELECT '" + std::string(52, 'x') + "…");
}

TEST(TableOfChange, IsTheTableItIsAbout) {
  for (const Example& example : examples()) EXPECT_EQ(table_of(example.change), example.table);
  EXPECT_EQ(table_of(kAddKey), "tags");
  EXPECT_EQ(table_of(kDropKey), "tags");
  EXPECT_EQ(table_of(kExecute), "");
}

TEST(LossOfData, IsADroppedTableOrColumn) {
  for (const Example& example : examples()) {
    EXPECT_EQ(loses_data(example.change), example.loses_data) << example.text;
  }
  EXPECT_FALSE(loses_data(kAddKey));
  EXPECT_FALSE(loses_data(kDropKey));
  EXPECT_FALSE(loses_data(kExecute));
}

TEST(ChangeInEffect, IsSeenAfterItAndNotBefore) {
  for (const Example& example : examples()) {
    Schema schema = test::blog();
    EXPECT_FALSE(is_in_effect(schema, example.change)) << "before: " << example.text;
    apply(schema, example.change);
    EXPECT_TRUE(is_in_effect(schema, example.change)) << "after: " << example.text;
  }
}

TEST(ChangeInEffect, IsSeenForPrimaryKeys) {
  Schema schema{.tables = {{.name = "tags", .columns = {{.name = "id", .type = integer()}}}}};
  EXPECT_FALSE(is_in_effect(schema, kAddKey));
  EXPECT_TRUE(is_in_effect(schema, kDropKey));
  apply(schema, kAddKey);
  EXPECT_TRUE(is_in_effect(schema, kAddKey));
  EXPECT_FALSE(is_in_effect(schema, kDropKey));
}

TEST(ChangeInEffect, IsNeverSeenInATableThatIsGone) {
  for (const Example& example : examples()) {
    const bool is_drop_table = std::holds_alternative<DropTable>(example.change);
    EXPECT_EQ(is_in_effect(Schema{}, example.change), is_drop_table) << example.text;
  }
  EXPECT_FALSE(is_in_effect(Schema{}, kDropKey));
}

TEST(ChangeInEffect, IsNeverSeenForSql) { EXPECT_FALSE(is_in_effect(test::blog(), kExecute)); }

}  // namespace
}  // namespace parley::schema
