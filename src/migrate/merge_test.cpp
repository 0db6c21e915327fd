#include "migrate/merge.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "migrate/history_test_graphs.h"
#include "migrate/touched.h"

namespace parley::migrate {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

using schema::AddColumn;
using schema::Change;
using schema::CreateIndex;
using schema::CreateTable;
using schema::DropColumn;
using schema::DropTable;
using schema::Execute;

schema::Column text_column(std::string name) {
  return {.name = std::move(name), .type = schema::text(), .nullable = true};
}

schema::Table users() {
  return {.name = "users",
          .columns = {{.name = "id", .type = schema::integer()}, text_column("a")}};
}

/// A table `users` with two branches on it, which do the one and the other.
History branches(std::vector<Change> left, std::vector<Change> right) {
  Revision base = node("aaaa1");
  base.upgrade = {CreateTable{users()}};
  Revision one = node("bbbb2", {"aaaa1"});
  one.upgrade = std::move(left);
  Revision other = node("cccc3", {"aaaa1"});
  other.upgrade = std::move(right);
  return History({base, one, other});
}

std::vector<std::string> conflicting(std::vector<Change> left, std::vector<Change> right) {
  const History graph = branches(std::move(left), std::move(right));
  std::vector<std::string> objects;
  for (const MergeConflict& conflict : merge_conflicts(graph, graph.heads())) {
    objects.push_back(conflict.object);
  }
  return objects;
}

TEST(Merge, DifferentTablesAndDifferentColumnsOfOneDoNotMeet) {
  EXPECT_THAT(conflicting({CreateTable{{.name = "one", .columns = {text_column("a")}}}},
                          {CreateTable{{.name = "two", .columns = {text_column("a")}}}}),
              IsEmpty());
  EXPECT_THAT(
      conflicting({AddColumn{"users", text_column("b")}}, {AddColumn{"users", text_column("c")}}),
      IsEmpty());
  EXPECT_THAT(conflicting({AddColumn{"users", text_column("b")}},
                          {CreateIndex{"users", {.name = "idx_a", .parts = {{.column = "a"}}}}}),
              IsEmpty());
}

TEST(Merge, TheSameColumnIsNamedWithBothRevisions) {
  const History graph =
      branches({AddColumn{"users", text_column("b")}}, {AddColumn{"users", text_column("b")}});
  const auto conflicts = merge_conflicts(graph, graph.heads());
  ASSERT_THAT(conflicts, SizeIs(1));
  EXPECT_EQ(conflicts[0].object, "column users.b");
  EXPECT_EQ(conflicts[0].first, "bbbb2");
  EXPECT_EQ(conflicts[0].second, "cccc3");
  const Error error = merge_error(conflicts, graph.heads());
  EXPECT_EQ(facts_of(error.code()).exit_code, ExitCode::Refused);
  EXPECT_THAT(error.what(), HasSubstr("column users.b\n    bbbb2: add column users.b\n    cccc3:"));
  EXPECT_THAT(error.hint(), HasSubstr("parley db merge bbbb2 cccc3 -m MESSAGE"));
}

TEST(Merge, ATableHoldsItsParts) {
  EXPECT_THAT(conflicting({DropTable{"users"}}, {AddColumn{"users", text_column("b")}}),
              ElementsAre("column users.b"));
  EXPECT_THAT(conflicting({CreateTable{{.name = "users2", .columns = {text_column("a")}}}},
                          {CreateTable{{.name = "users2", .columns = {text_column("b")}}}}),
              ElementsAre("table users2"));
}

TEST(Merge, AnIndexReliesOnItsColumnsAndItsNameIsUnique) {
  const Change index = CreateIndex{"users", {.name = "idx_a", .parts = {{.column = "a"}}}};
  EXPECT_THAT(conflicting({index}, {DropColumn{"users", "a"}}), ElementsAre("column users.a"));
  EXPECT_THAT(
      conflicting({index}, {CreateIndex{"users", {.name = "idx_a", .parts = {{.column = "id"}}}}}),
      ElementsAre("index idx_a"));
}

TEST(Merge, AForeignKeyReliesOnTheTableItRefersTo) {
  schema::Table orders{.name = "orders", .columns = {{.name = "user", .type = schema::integer()}}};
  orders.foreign_keys = {
      {.columns = {"user"}, .referenced_table = "users", .referenced_columns = {"id"}}};
  EXPECT_THAT(conflicting({CreateTable{orders}}, {DropTable{"users"}}), ElementsAre("table users"));
}

TEST(Merge, AViewMeetsWhatItsQueryNames) {
  const Change view = schema::CreateView{{.name = "v", .query = {{"", "select a from users"}}}};
  EXPECT_THAT(conflicting({view}, {DropColumn{"users", "a"}}), SizeIs(1));
  EXPECT_THAT(conflicting({view}, {AddColumn{"users", text_column("b")}}), IsEmpty());
}

TEST(Merge, SqlThatIsNotLookedIntoMeetsEverything) {
  const Execute sql{.texts = {{"", "update users set a = ''"}}};
  EXPECT_THAT(conflicting({sql}, {AddColumn{"users", text_column("b")}}),
              ElementsAre("column users.b"));
  EXPECT_THAT(conflicting({sql}, {}), IsEmpty());
}

TEST(Merge, SqlMeetsWhatItStandsFor) {
  const Execute sql{.texts = {{"", "alter table users add column b text"}},
                    .stands_for = {{AddColumn{"users", text_column("b")}}}};
  EXPECT_THAT(conflicting({sql}, {AddColumn{"users", text_column("c")}}), IsEmpty());
  EXPECT_THAT(conflicting({sql}, {AddColumn{"users", text_column("b")}}),
              ElementsAre("column users.b"));
}

TEST(Merge, OnlyWhatIsNotCommonIsCompared) {
  // Both branches stand on bbbb2, whose change is no conflict with itself.
  Revision base = node("aaaa1");
  base.upgrade = {CreateTable{users()}};
  Revision common = node("bbbb2", {"aaaa1"});
  common.upgrade = {AddColumn{"users", text_column("b")}};
  Revision left = node("cccc3", {"bbbb2"});
  left.upgrade = {AddColumn{"users", text_column("c")}};
  Revision right = node("dddd4", {"bbbb2"});
  right.upgrade = {AddColumn{"users", text_column("d")}};
  const History graph({base, common, left, right});
  EXPECT_THAT(merge_conflicts(graph, graph.heads()), IsEmpty());
}

TEST(Merge, EachPairOfSeveralHeadsIsCompared) {
  Revision base = node("aaaa1");
  base.upgrade = {CreateTable{users()}};
  std::vector<Revision> revisions = {base};
  for (const char* id : {"bbbb2", "cccc3", "dddd4"}) {
    revisions.push_back(node(id, {"aaaa1"}));
    revisions.back().upgrade = {
        AddColumn{"users", text_column(id == std::string("cccc3") ? "b" : "c")}};
  }
  const History graph(revisions);
  const auto conflicts = merge_conflicts(graph, graph.heads());
  ASSERT_THAT(conflicts, SizeIs(1));
  EXPECT_EQ(conflicts[0].first, "bbbb2");
  EXPECT_EQ(conflicts[0].second, "dddd4");
}

}  // namespace
}  // namespace parley::migrate
