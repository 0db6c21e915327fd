#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "schema/change.h"
#include "schema/change_test_schema.h"

namespace parley::schema {
namespace {

using testing::HasSubstr;

Schema after(const Change& change) {
  Schema schema = test::blog();
  apply(schema, change);
  return schema;
}

const Table& users_in(const Schema& schema) { return *schema.find_table("users"); }
const Table& posts_in(const Schema& schema) { return *schema.find_table("posts"); }

Table small_table(std::string name) {
  return {.name = std::move(name), .columns = {{.name = "id", .type = integer()}}};
}

// ---- What a change does. ----

TEST(ApplyCreateTable, PutsTheTableBehindTheOthers) {
  const Schema schema = after(CreateTable{small_table("tags")});
  ASSERT_EQ(schema.tables.size(), 3U);
  EXPECT_EQ(schema.tables.back(), small_table("tags"));
}

TEST(ApplyDropTable, TakesOnlyThatTable) {
  const Schema schema = after(DropTable{"posts"});
  ASSERT_EQ(schema.tables.size(), 1U);
  EXPECT_EQ(schema.tables.front(), users_in(test::blog()));
}

TEST(ApplyRenameTable, CarriesForeignKeysOfOtherTables) {
  const Schema schema = after(RenameTable{"users", "people"});
  EXPECT_EQ(schema.find_table("users"), nullptr);
  ASSERT_NE(schema.find_table("people"), nullptr);
  EXPECT_EQ(posts_in(schema).foreign_keys[0].referenced_table, "people");
  EXPECT_EQ(posts_in(schema).foreign_keys[1].referenced_table, "posts");
}

TEST(ApplyRenameTable, CarriesItsReferencesToItself) {
  const Schema schema = after(RenameTable{"posts", "articles"});
  EXPECT_EQ(schema.find_table("articles")->foreign_keys[1].referenced_table, "articles");
}

TEST(ApplyAddColumn, PutsItBehindTheOthers) {
  const Column column{.name = "last_login", .type = datetime(), .nullable = true};
  EXPECT_EQ(users_in(after(AddColumn{"users", column})).columns.back(), column);
}

TEST(ApplyDropColumn, KeepsTheOthersInOrder) {
  Table expected = posts_in(test::blog());
  expected.columns.pop_back();
  EXPECT_EQ(posts_in(after(DropColumn{"posts", "note"})), expected);
}

TEST(ApplyAlterColumn, ReplacesAllProperties) {
  const Column column{.name = "email", .type = text(), .nullable = true, .comment = "lower case"};
  Table expected = users_in(test::blog());
  expected.columns[1] = column;
  EXPECT_EQ(users_in(after(AlterColumn{"users", column})), expected);
}

TEST(ApplyRenameColumn, CarriesKeysIndexesAndConditions) {
  const Schema schema = after(RenameColumn{"posts", "author", "writer"});
  const Table& posts = posts_in(schema);
  EXPECT_EQ(posts.columns[1].name, "writer");
  EXPECT_EQ(posts.uniques[0].columns, (std::vector<std::string>{"writer", "title"}));
  EXPECT_EQ(posts.foreign_keys[0].columns, std::vector<std::string>{"writer"});
  EXPECT_EQ(posts.indexes[1].parts[0].column, "writer");
}

TEST(ApplyRenameColumn, CarriesReferencesFromOtherTables) {
  const Schema schema = after(RenameColumn{"users", "id", "user_id"});
  EXPECT_EQ(users_in(schema).primary_key->columns, std::vector<std::string>{"user_id"});
  EXPECT_EQ(posts_in(schema).foreign_keys[0].referenced_columns,
            std::vector<std::string>{"user_id"});
  EXPECT_EQ(posts_in(schema).primary_key->columns, std::vector<std::string>{"id"});
}

TEST(ApplyRenameColumn, CarriesReferencesToItsOwnTable) {
  const Schema schema = after(RenameColumn{"posts", "id", "post_id"});
  EXPECT_EQ(posts_in(schema).foreign_keys[0].referenced_columns, std::vector<std::string>{"id"});
  EXPECT_EQ(posts_in(schema).foreign_keys[1].referenced_columns,
            std::vector<std::string>{"post_id"});
  EXPECT_EQ(posts_in(schema).checks[1].expression, "parent <> post_id");
}

TEST(ApplyRenameColumn, CarriesChecksAndPartialIndexesButNoLiterals) {
  const Table posts = posts_in(after(RenameColumn{"posts", "state", "status"}));
  EXPECT_EQ(posts.checks[0].expression, "title <> 'state'");
  EXPECT_EQ(posts.indexes[1].where, "status = 'draft'");
}

TEST(ApplyDropUnique, FindsOneWithoutANameByItsColumns) {
  const Schema schema = after(DropUnique{"users", {.columns = {"tenant", "email"}}});
  ASSERT_EQ(users_in(schema).uniques.size(), 1U);
  EXPECT_EQ(users_in(schema).uniques[0].name, "uq_email");
}

TEST(ApplyDropUnique, FindsANamedOneByItsColumns) {
  const Schema schema = after(DropUnique{"users", {.columns = {"email"}}});
  ASSERT_EQ(users_in(schema).uniques.size(), 1U);
  EXPECT_EQ(users_in(schema).uniques[0].name, "");
}

TEST(ApplyDropForeignKey, FindsOneWithoutANameByItsColumns) {
  const Schema schema = after(DropForeignKey{"posts", {.columns = {"parent"}}});
  ASSERT_EQ(posts_in(schema).foreign_keys.size(), 1U);
  EXPECT_EQ(posts_in(schema).foreign_keys[0].name, "fk_author");
}

TEST(ApplyExecute, ChangesNoSchema) {
  EXPECT_EQ(after(Execute{.texts = {{"", "DROP TABLE users"}}}), test::blog());
}

// ---- What does not fit. ----

struct Misfit {
  Change change;
  std::string message;
  std::string hint;
};

class MisfittingChange : public testing::TestWithParam<Misfit> {};

TEST_P(MisfittingChange, IsRefusedByNameAndLeavesTheSchemaAlone) {
  Schema schema = test::blog();
  try {
    apply(schema, GetParam().change);
    FAIL() << "applied: " << describe(GetParam().change);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::InvalidRevisionFile);
    EXPECT_THAT(error.what(), HasSubstr(GetParam().message));
    EXPECT_THAT(error.hint(), HasSubstr(GetParam().hint));
  }
  EXPECT_EQ(schema, test::blog());
  EXPECT_THROW(inverse(GetParam().change, test::blog()), Error);
}

INSTANTIATE_TEST_SUITE_P(
    NoSuchObject, MisfittingChange,
    testing::Values(
        Misfit{DropTable{"user"}, "there is no table 'user'", "Did you mean 'users'?"},
        Misfit{RenameTable{"nobody", "x"}, "there is no table 'nobody'", ""},
        Misfit{AddColumn{"nobody", {.name = "x"}}, "there is no table 'nobody'", ""},
        Misfit{DropColumn{"users", "emial"}, "table 'users' has no column 'emial'", "'email'"},
        Misfit{AlterColumn{"users", {.name = "mail"}}, "table 'users' has no column 'mail'",
               "'email'"},
        Misfit{RenameColumn{"users", "x", "y"}, "table 'users' has no column 'x'", ""},
        Misfit{DropIndex{"users", "ix_tenants"}, "no index 'ix_tenants'", "'ix_tenant'"},
        Misfit{DropUnique{"users", {.name = "uq_mail"}}, "no unique constraint 'uq_mail'",
               "'uq_email'"},
        Misfit{DropUnique{"users", {.columns = {"id"}}}, "no unique constraint (id)", ""},
        Misfit{DropCheck{"users", ""}, "no check ()", ""},
        Misfit{DropCheck{"posts", "ck_titel"}, "no check 'ck_titel'", "'ck_title'"},
        Misfit{DropForeignKey{"posts", {.name = "fk"}}, "no foreign key 'fk'", ""},
        Misfit{DropForeignKey{"posts", {.columns = {"id"}}}, "no foreign key (id)", ""},
        Misfit{CreateIndex{"users", {.name = "ix", .parts = {{.column = "mail"}}}},
               "no column 'mail'", ""},
        Misfit{AddUnique{"users", {.columns = {"mail"}}}, "no column 'mail'", ""},
        Misfit{AddForeignKey{
                   "posts",
                   {.columns = {"id"}, .referenced_table = "tags", .referenced_columns = {"id"}}},
               "there is no table 'tags'", ""},
        Misfit{AddForeignKey{
                   "posts",
                   {.columns = {"id"}, .referenced_table = "users", .referenced_columns = {"x"}}},
               "table 'users' has no column 'x'", ""}));

INSTANTIATE_TEST_SUITE_P(
    ExistsAlready, MisfittingChange,
    testing::Values(
        Misfit{CreateTable{small_table("users")}, "table 'users' exists already", ""},
        Misfit{RenameTable{"users", "posts"}, "table 'posts' exists already", ""},
        Misfit{RenameTable{"users", "users"}, "table 'users' exists already", ""},
        Misfit{AddColumn{"users", {.name = "email"}}, "has a column 'email' already", ""},
        Misfit{RenameColumn{"users", "id", "email"}, "has a column 'email' already", ""},
        Misfit{CreateIndex{"users", {.name = "ix_tenant", .parts = {{.column = "id"}}}},
               "has an index 'ix_tenant' already", ""},
        Misfit{AddPrimaryKey{"users", {.columns = {"email"}}}, "has a primary key already, on id",
               "Drop that one first."},
        Misfit{AddUnique{"users", {.name = "uq_email", .columns = {"id"}}},
               "has a constraint 'uq_email' already", ""},
        Misfit{AddUnique{"users", {.name = "ck_email", .columns = {"id"}}},
               "has a constraint 'ck_email' already", ""},
        Misfit{AddUnique{"users", {.columns = {"email"}}}, "a unique constraint on email already",
               ""},
        Misfit{AddCheck{"posts", {.name = "pk_posts", .expression = "id > 0"}},
               "has a constraint 'pk_posts' already", ""},
        Misfit{
            AddForeignKey{
                "posts",
                {.columns = {"parent"}, .referenced_table = "posts", .referenced_columns = {"id"}}},
            "has a foreign key on parent already", ""}));

INSTANTIATE_TEST_SUITE_P(
    IsInUse, MisfittingChange,
    testing::Values(
        Misfit{DropTable{"users"},
               "foreign key 'fk_author' of table 'posts' refers to table 'users'",
               "Drop that foreign key, or table 'posts', first."},
        Misfit{DropColumn{"users", "id"}, "'users.id' is used by the primary key",
               "Drop the primary key first."},
        Misfit{DropColumn{"users", "email"},
               "'users.email' is used by unique constraint 'uq_email'",
               "Drop unique constraint 'uq_email' first."},
        Misfit{DropColumn{"posts", "parent"}, "'posts.parent' is used by check 'ck_parent'",
               "Drop check"},
        Misfit{DropColumn{"posts", "title"}, "is used by unique constraint 'uq_title'", "Drop"},
        Misfit{DropColumn{"users", "tenant"}, "is used by unique constraint (tenant, email)",
               "Drop"},
        Misfit{DropColumn{"posts", "state"}, "'posts.state' is used by index 'ux_state'",
               "Drop index 'ux_state' first."},
        Misfit{DropPrimaryKey{"users"},
               "foreign key 'fk_author' of table 'posts' needs id of table 'users'",
               "Drop that foreign key first."},
        Misfit{DropPrimaryKey{"posts"},
               "foreign key (parent) of table 'posts' needs id of table 'posts'", ""}));

INSTANTIATE_TEST_SUITE_P(
    IsIncomplete, MisfittingChange,
    testing::Values(
        Misfit{CreateTable{{.name = "", .columns = {{.name = "id"}}}}, "a table needs a name", ""},
        Misfit{CreateTable{{.name = "tags"}}, "table 'tags' has no columns", ""},
        Misfit{CreateTable{{.name = "tags", .columns = {{.name = "id"}, {.name = "id"}}}},
               "has a column 'id' already", ""},
        Misfit{CreateTable{{.name = "tags",
                            .columns = {{.name = "id"}},
                            .primary_key = PrimaryKey{.columns = {"key"}}}},
               "table 'tags' has no column 'key'", ""},
        Misfit{CreateTable{{.name = "tags",
                            .columns = {{.name = "id"}},
                            .foreign_keys = {{.columns = {"id"},
                                              .referenced_table = "labels",
                                              .referenced_columns = {"id"}}}}},
               "there is no table 'labels'", ""},
        Misfit{CreateTable{{.name = "tags",
                            .columns = {{.name = "id"}},
                            .indexes = {{.name = "ix", .parts = {{.column = "id"}}},
                                        {.name = "ix", .parts = {{.column = "id"}}}}}},
               "has an index 'ix' already", ""},
        Misfit{RenameTable{"users", " "}, "a table needs a name", ""},
        Misfit{RenameColumn{"users", "id", ""}, "needs a name", ""},
        Misfit{CreateIndex{"users", {.parts = {{.column = "id"}}}},
               "an index of table 'users' needs a name", ""},
        Misfit{CreateIndex{"users", {.name = "ix"}}, "index 'ix' of table 'users' lists no columns",
               ""},
        Misfit{AddUnique{"users", {.name = "uq", .columns = {"id", "id"}}},
               "lists a column twice: id, id", ""},
        Misfit{AddCheck{"users", {.expression = "id > 0"}},
               "a check added to table 'users' needs a name", ""},
        Misfit{AddCheck{"users", {.name = "ck", .expression = " "}},
               "check 'ck' of table 'users' has no expression", ""},
        Misfit{AddForeignKey{"posts",
                             {.name = "fk",
                              .columns = {"id"},
                              .referenced_table = "users",
                              .referenced_columns = {"id", "email"}}},
               "has 1 columns but refers to 2", ""}));

TEST(ApplyDropColumn, RefusesWhatAForeignKeyUses) {
  Schema schema = test::blog();
  for (const Change& change : {Change(DropUnique{"posts", {.name = "uq_title"}}),
                               Change(DropIndex{"posts", "ux_state"})}) {
    apply(schema, change);
  }
  try {
    apply(schema, DropColumn{"posts", "author"});
    FAIL() << "a column was dropped from under its foreign key";
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "column 'posts.author' is used by foreign key 'fk_author'");
  }
}

TEST(ApplyDropColumn, RefusesWhatAForeignKeyOfAnotherTableRefersTo) {
  Schema schema{.tables = {small_table("a"), small_table("b")}};
  schema.tables[0].columns.push_back({.name = "note", .type = text()});
  apply(schema,
        AddForeignKey{"b",
                      {.columns = {"id"}, .referenced_table = "a", .referenced_columns = {"id"}}});
  try {
    apply(schema, DropColumn{"a", "id"});
    FAIL() << "a referenced column was dropped";
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "column 'a.id' is used by foreign key (id) of table 'b'");
  }
}

TEST(ApplyDropColumn, RefusesTheLastOne) {
  Schema schema{.tables = {small_table("a")}};
  EXPECT_THROW(apply(schema, DropColumn{"a", "id"}), Error);
}

TEST(ApplyDropPrimaryKey, IsFineWhileAUniqueIndexServesTheReferences) {
  Schema schema = test::blog();
  apply(schema,
        CreateIndex{"users", {.name = "ux_id", .parts = {{.column = "id"}}, .unique = true}});
  EXPECT_NO_THROW(apply(schema, DropPrimaryKey{"users"}));
  EXPECT_THROW(apply(schema, DropIndex{"users", "ux_id"}), Error);
}

}  // namespace
}  // namespace parley::schema
