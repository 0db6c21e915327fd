#include "migrate/diff.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace parley::migrate {
namespace {

using namespace schema;
using testing::ElementsAre;
using testing::IsEmpty;

Table parent() {
  return Table{.name = "parent",
               .columns = {{.name = "id", .type = integer()},
                           {.name = "name", .type = text(), .nullable = true}},
               .primary_key = PrimaryKey{.columns = {"id"}}};
}

Table child() {
  return Table{
      .name = "child",
      .columns = {{.name = "id", .type = integer()}, {.name = "parent_id", .type = integer()}},
      .primary_key = PrimaryKey{.columns = {"id"}},
      .foreign_keys = {{.columns = {"parent_id"},
                        .referenced_table = "parent",
                        .referenced_columns = {"id"}}},
      .indexes = {{.name = "idx_parent", .parts = {{.column = "parent_id"}}}}};
}

std::vector<std::string> described(const std::vector<Change>& changes) {
  std::vector<std::string> lines;
  for (const Change& change : changes) lines.push_back(describe(change));
  return lines;
}

/// What makes a diff right: applied to `from` it gives `to`, whatever the order of tables.
void expect_leads_to(const Schema& from, const Schema& to) {
  Schema state = from;
  for (const Change& change : diff(from, to)) apply(state, change);
  EXPECT_THAT(described(diff(state, to)), IsEmpty());
}

TEST(Diff, OfEqualSchemasIsEmpty) {
  EXPECT_THAT(diff(Schema{{parent(), child()}}, Schema{{child(), parent()}}), IsEmpty());
}

TEST(Diff, CreatesReferredTablesFirstAndIndexesAfterTheirTable) {
  const auto changes = diff({}, Schema{{child(), parent()}});
  ASSERT_EQ(changes.size(), 3U);
  EXPECT_EQ(std::get<CreateTable>(changes[0]).table.name, "parent");
  EXPECT_EQ(std::get<CreateTable>(changes[1]).table.name, "child");
  EXPECT_EQ(std::get<CreateIndex>(changes[2]).index.name, "idx_parent");
}

TEST(Diff, DropsReferringTablesFirst) {
  const auto changes = diff(Schema{{parent(), child()}}, {});
  ASSERT_EQ(changes.size(), 2U);
  EXPECT_EQ(std::get<DropTable>(changes[0]).table, "child");
  EXPECT_EQ(std::get<DropTable>(changes[1]).table, "parent");
}

TEST(Diff, AddsOneKeyOfACycleAtTheEnd) {
  Table first = parent();
  first.columns.push_back({.name = "best", .type = integer(), .nullable = true});
  first.foreign_keys = {
      {.columns = {"best"}, .referenced_table = "child", .referenced_columns = {"id"}}};
  const Schema to{{first, child()}};
  const auto changes = diff({}, to);
  EXPECT_TRUE(std::holds_alternative<AddForeignKey>(changes.back()));
  expect_leads_to({}, to);
}

TEST(Diff, FindsAddedChangedAndDroppedColumns) {
  Table after = parent();
  after.columns[1].nullable = false;
  after.columns.push_back({.name = "added", .type = string(20), .nullable = true});
  Table before = parent();
  before.columns.push_back({.name = "gone", .type = text(), .nullable = true});
  const auto changes = diff(Schema{{before}}, Schema{{after}});
  EXPECT_THAT(changes, ElementsAre(Change{AlterColumn{"parent", after.columns[1]}},
                                   Change{AddColumn{"parent", after.columns[2]}},
                                   Change{DropColumn{"parent", "gone"}}));
}

TEST(Diff, DropsAnIndexBeforeTheColumnItUses) {
  Table before = parent();
  before.indexes = {{.name = "idx_name", .parts = {{.column = "name"}}}};
  Table after = parent();
  after.columns.pop_back();
  const auto changes = diff(Schema{{before}}, Schema{{after}});
  EXPECT_THAT(changes, ElementsAre(Change{DropIndex{"parent", "idx_name"}},
                                   Change{DropColumn{"parent", "name"}}));
}

TEST(Diff, TakesAnIndexOfOtherColumnsForAnother) {
  Table before = child();
  Table after = child();
  after.indexes[0].parts = {{.column = "parent_id", .descending = true}};
  const auto changes = diff(Schema{{parent(), before}}, Schema{{parent(), after}});
  EXPECT_THAT(changes, ElementsAre(Change{DropIndex{"child", "idx_parent"}},
                                   Change{CreateIndex{"child", after.indexes[0]}}));
}

TEST(Diff, TakesANamedConstraintForTheSameWithoutName) {
  Table before = child();
  before.foreign_keys[0].name = "child_parent_id_fkey";
  before.primary_key->name = "child_pkey";
  EXPECT_THAT(diff(Schema{{parent(), before}}, Schema{{parent(), child()}}), IsEmpty());
}

TEST(Diff, SeesAnotherActionOfAForeignKey) {
  Table after = child();
  after.foreign_keys[0].on_delete = ReferenceAction::Cascade;
  const Schema from{{parent(), child()}};
  const Schema to{{parent(), after}};
  EXPECT_EQ(diff(from, to).size(), 2U);
  expect_leads_to(from, to);
}

TEST(Diff, SeesAnotherPrimaryKey) {
  Table after = parent();
  after.primary_key->columns = {"id", "name"};
  after.columns[1].nullable = false;
  Table before = parent();
  before.columns[1].nullable = false;
  expect_leads_to(Schema{{before}}, Schema{{after}});
  EXPECT_EQ(diff(Schema{{before}}, Schema{{after}}).size(), 2U);
}

}  // namespace
}  // namespace parley::migrate
