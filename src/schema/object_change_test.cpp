// Changes of views, triggers, enums, comments and options, and what the other changes do to them.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "base/error.h"
#include "schema/change.h"
#include "schema/change_test_schema.h"

namespace parley::schema {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// The blog with an enum, a generated column, a view of a view, and triggers.
Schema rich_blog() {
  Schema schema = test::blog();
  schema.enums = {{.name = "mood", .values = {"sad", "ok", "happy"}}};
  Table& posts = *schema.find_table("posts");
  posts.columns.push_back(
      {.name = "mood", .type = enumeration("mood"), .default_value = std::string("ok")});
  posts.columns.push_back(
      {.name = "title_size",
       .type = integer(),
       .generated = Generated{.expression = "length(title)", .is_stored = true}});
  schema.views = {{.name = "drafts", .query = {{"", "SELECT id, note FROM posts"}}},
                  {.name = "notes", .query = {{"", "SELECT note FROM drafts"}}}};
  schema.triggers = {{.name = "count_posts",
                      .table = "posts",
                      .events = {.insert = true},
                      .body = {{"", "UPDATE users SET tenant = 'x' WHERE id = NEW.author;"}}},
                     {.name = "touch",
                      .table = "users",
                      .time = TriggerTime::Before,
                      .events = {.update = true},
                      .update_of = {"full_name"},
                      .when = {{"", "NEW.full_name <> OLD.full_name"}},
                      .body = {{"", "SELECT 1;"}}}};
  return schema;
}

Schema after(const Change& change) {
  Schema schema = rich_blog();
  apply(schema, change);
  return schema;
}

std::string refusal(const Change& change) {
  Schema schema = rich_blog();
  try {
    apply(schema, change);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::InvalidRevisionFile);
    EXPECT_EQ(schema, rich_blog()) << "a refused change left its traces";
    return std::string(error.what()) + " " + error.hint();
  }
  return "nothing was refused";
}

const Trigger kLog{.name = "log",
                   .table = "posts",
                   .events = {.insert = true, .remove = true},
                   .body = {{"", "INSERT INTO users (email) VALUES ('x');"}}};
const View kTitles{.name = "titles", .query = {{"", "SELECT title FROM posts"}}};

std::vector<Change> examples() {
  View other_notes = rich_blog().views[1];
  other_notes.query = {{"", "SELECT 1 AS one"}};
  Trigger other_touch = rich_blog().triggers[1];
  other_touch.events = {.insert = true, .update = true};
  return {CreateView{kTitles},
          DropView{"notes"},
          ReplaceView{other_notes},
          CreateTrigger{kLog},
          DropTrigger{"posts", "count_posts"},
          ReplaceTrigger{other_touch},
          CreateEnum{{.name = "size", .values = {"s", "l"}}},
          AlterEnum{{.name = "mood", .values = {"sad", "ok", "happy", "angry"}}, {}, {}},
          SetComment{"users", "", "Persons"},
          SetComment{"users", "email", "Their address"},
          SetTableOptions{"users", true, false},
          RenameIndex{"users", "ix_tenant", "ix_users_tenant"}};
}

Schema sorted(Schema schema) {
  std::ranges::sort(schema.views, {}, &View::name);
  std::ranges::sort(schema.triggers, {}, &Trigger::name);
  std::ranges::sort(schema.enums, {}, &Enum::name);
  return schema;
}

TEST(ObjectChange, ComesBackByItsInverse) {
  for (const Change& change : examples()) {
    Schema schema = rich_blog();
    const auto back = inverse(change, schema);
    apply(schema, change);
    EXPECT_NE(schema, rich_blog()) << describe(change) << " did nothing";
    for (const Change& each : back) apply(schema, each);
    EXPECT_EQ(sorted(schema), sorted(rich_blog())) << describe(change);
  }
}

TEST(ObjectChange, IsInEffectAfterItAndNotBefore) {
  for (const Change& change : examples()) {
    EXPECT_FALSE(is_in_effect(rich_blog(), change)) << describe(change);
    EXPECT_TRUE(is_in_effect(after(change), change)) << describe(change);
  }
}

TEST(ObjectChange, IsRefusedTwice) {
  for (const Change& change : examples()) {
    const bool creates = std::holds_alternative<CreateView>(change) ||
                         std::holds_alternative<CreateTrigger>(change) ||
                         std::holds_alternative<CreateEnum>(change);
    if (!creates) continue;
    Schema schema = after(change);
    EXPECT_THROW(apply(schema, change), Error) << describe(change);
  }
}

TEST(ObjectChange, DescribesItself) {
  EXPECT_EQ(describe(CreateView{kTitles}), "create view titles");
  EXPECT_EQ(describe(DropTrigger{"posts", "log"}), "drop trigger log on posts");
  EXPECT_EQ(describe(AlterEnum{{.name = "mood", .values = {}}, {}, {}}), "alter enum mood");
  EXPECT_EQ(describe(SetComment{"users", "email", ""}), "set comment of users.email");
  EXPECT_EQ(describe(Backfill{"posts", {{"note", {{"", "title"}}}, {"state", {{"", "1"}}}}, {}}),
            "backfill posts.note, posts.state");
}

TEST(ObjectChange, SuggestsTheNearestName) {
  EXPECT_THAT(refusal(DropView{"nots"}), HasSubstr("Did you mean 'notes'?"));
  EXPECT_THAT(refusal(DropTrigger{"posts", "count_post"}), HasSubstr("'count_posts'"));
  EXPECT_THAT(refusal(DropEnum{"moods"}), HasSubstr("Did you mean 'mood'?"));
}

// ---- Who still uses what goes. ----

TEST(DropInUse, NamesTheViewThatReadsTheTable) {
  Schema schema = rich_blog();
  schema.find_table("posts")->foreign_keys.clear();
  schema.triggers.clear();
  try {
    apply(schema, DropTable{"posts"});
    FAIL() << "the table went";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("view 'drafts' reads 'posts'"));
    EXPECT_THAT(error.hint(), HasSubstr("Drop view 'drafts' first"));
  }
}

TEST(DropInUse, NamesTheViewOfAView) {
  EXPECT_THAT(refusal(DropView{"drafts"}), HasSubstr("view 'notes' reads 'drafts'"));
}

TEST(DropInUse, NamesTheViewThatReadsTheColumn) {
  EXPECT_THAT(refusal(DropColumn{"posts", "note"}), HasSubstr("view 'drafts' reads column"));
  EXPECT_THAT(refusal(RenameColumn{"posts", "note", "remark"}), HasSubstr("view 'drafts'"));
}

TEST(DropInUse, NamesTheGeneratedColumn) {
  Schema schema = rich_blog();
  Table& posts = *schema.find_table("posts");
  posts.checks.clear();
  posts.indexes.clear();
  posts.uniques.clear();
  EXPECT_THROW(apply(schema, DropColumn{"posts", "title"}), Error);
  posts.columns.pop_back();
  EXPECT_NO_THROW(apply(schema, DropColumn{"posts", "title"}));
}

TEST(DropInUse, NamesTheTrigger) {
  EXPECT_THAT(refusal(DropColumn{"users", "full_name"}), HasSubstr("trigger 'touch'"));
}

TEST(DropInUse, NamesTheColumnOfTheEnum) {
  EXPECT_THAT(refusal(DropEnum{"mood"}), HasSubstr("column 'posts.mood' is of enum 'mood'"));
}

TEST(DropTable, TakesItsTriggersAlongAndBringsThemBack) {
  Schema schema = rich_blog();
  schema.views.clear();
  const auto back = inverse(DropTable{"posts"}, schema);
  apply(schema, DropTable{"posts"});
  EXPECT_EQ(schema.find_trigger("posts", "count_posts"), nullptr);
  EXPECT_NE(schema.find_trigger("users", "touch"), nullptr);
  for (const Change& each : back) apply(schema, each);
  EXPECT_EQ(*schema.find_trigger("posts", "count_posts"), rich_blog().triggers[0]);
}

// ---- Renames. ----

TEST(RenameTable, CarriesViewsAndTriggers) {
  const Schema schema = after(RenameTable{"posts", "articles"});
  EXPECT_EQ(schema.views[0].query[0].sql, "SELECT id, note FROM articles");
  EXPECT_NE(schema.find_trigger("articles", "count_posts"), nullptr);
}

TEST(RenameTable, LeavesLiteralsAndLongerWords) {
  Schema schema = rich_blog();
  schema.views = {{.name = "v", .query = {{"", "SELECT 'posts', posts_id -- posts\nFROM posts"}}}};
  apply(schema, RenameTable{"posts", "articles"});
  EXPECT_EQ(schema.views[0].query[0].sql, "SELECT 'posts', posts_id -- posts\nFROM articles");
}

TEST(RenameColumn, CarriesNewAndOldInTriggersOfTheTable) {
  const Trigger touch =
      *after(RenameColumn{"users", "full_name", "name"}).find_trigger("users", "touch");
  EXPECT_EQ(touch.when[0].sql, "NEW.name <> OLD.name");
  EXPECT_THAT(touch.update_of, ElementsAre("name"));
}

TEST(RenameColumn, IsRefusedWhenATriggerNamesItOtherwise) {
  EXPECT_THAT(refusal(RenameColumn{"users", "tenant", "customer"}), HasSubstr("'count_posts'"));
}

TEST(RenameColumn, CarriesGeneratedColumnsAndIndexExpressions) {
  Schema schema = rich_blog();
  schema.find_table("posts")->indexes = {
      {.name = "ix", .parts = {{.expression = "lower(title)"}}, .include = {"title"}}};
  apply(schema, RenameColumn{"posts", "title", "headline"});
  const Table& posts = *schema.find_table("posts");
  EXPECT_EQ(posts.columns.back().generated->expression, "length(headline)");
  EXPECT_EQ(posts.indexes[0].parts[0].expression, "lower(headline)");
  EXPECT_THAT(posts.indexes[0].include, ElementsAre("headline"));
}

// ---- Enums. ----

AlterEnum altered_mood(std::vector<std::string> values) {
  return {{.name = "mood", .values = std::move(values)}, {}, {}};
}

TEST(AlterEnum, LetsDefaultsFollowARename) {
  AlterEnum change = altered_mood({"sad", "fine", "happy"});
  change.renamed = {{"ok", "fine"}};
  const Schema schema = after(change);
  const Column& mood = *schema.find_table("posts")->find_column("mood");
  EXPECT_EQ(mood.default_value, Default(std::string("fine")));
}

TEST(AlterEnum, LosesDataOnlyWhenValuesAreReplaced) {
  AlterEnum change = altered_mood({"sad", "ok"});
  EXPECT_FALSE(loses_data(change));
  change.replaced = {{"happy", "ok"}};
  EXPECT_TRUE(loses_data(change));
}

TEST(AlterEnum, RefusesMappingsThatDoNotFit) {
  AlterEnum unknown = altered_mood({"sad", "ok"});
  unknown.replaced = {{"hapy", "ok"}};
  EXPECT_THAT(refusal(unknown), HasSubstr("Did you mean 'happy'?"));
  AlterEnum stays = altered_mood({"sad", "ok", "happy"});
  stays.replaced = {{"happy", "ok"}};
  EXPECT_THAT(refusal(stays), HasSubstr("stays in the list"));
  AlterEnum nowhere = altered_mood({"sad", "ok"});
  nowhere.replaced = {{"happy", "glad"}};
  EXPECT_THAT(refusal(nowhere), HasSubstr("not in the list"));
  AlterEnum merged = altered_mood({"sad", "ok"});
  merged.renamed = {{"happy", "ok"}};
  EXPECT_THAT(refusal(merged), HasSubstr("Replace it instead"));
}

TEST(EnumColumn, NeedsItsEnumAndAValueOfIt) {
  EXPECT_THAT(refusal(AddColumn{"users", {.name = "m", .type = enumeration("moot")}}),
              HasSubstr("Did you mean 'mood'?"));
  EXPECT_THAT(
      refusal(AddColumn{
          "users",
          {.name = "m", .type = enumeration("mood"), .default_value = std::string("hapy")}}),
      HasSubstr("Did you mean 'happy'?"));
}

// ---- Rows and SQL. ----

TEST(Backfill, NeedsColumnsThatSomebodyCanSet) {
  EXPECT_THAT(refusal(Backfill{"posts", {}, {}}), HasSubstr("sets nothing"));
  EXPECT_THAT(refusal(Backfill{"posts", {{"nots", {{"", "1"}}}}, {}}), HasSubstr("'note'"));
  EXPECT_THAT(refusal(Backfill{"posts", {{"title_size", {{"", "1"}}}}, {}}),
              HasSubstr("is generated"));
  EXPECT_THAT(refusal(Backfill{"posts", {{"note", {}}}, {}}), HasSubstr("has no SQL"));
}

TEST(Backfill, ChangesNoSchemaAndHasNothingToUndo) {
  const Change change = Backfill{"posts", {{"note", {{"", "title"}}}}, {}};
  EXPECT_EQ(after(change), rich_blog());
  EXPECT_THAT(inverse(change, rich_blog()), IsEmpty());
}

TEST(Execute, MakesTrueWhatItStandsFor) {
  const Execute change{.texts = {{"", "DROP INDEX ix_tenant"}},
                       .undo = {{"", "CREATE INDEX ix_tenant ON users (tenant)"}},
                       .stands_for = {{DropIndex{"users", "ix_tenant"}}}};
  const Schema schema = after(change);
  EXPECT_THAT(schema.find_table("users")->indexes, IsEmpty());
  EXPECT_TRUE(is_in_effect(schema, change));
  Schema back = schema;
  for (const Change& each : inverse(change, rich_blog())) apply(back, each);
  EXPECT_EQ(back, rich_blog());
}

TEST(Execute, IsRefusedWhenWhatItStandsForDoesNotFit) {
  const Execute change{.texts = {{"", "x"}}, .stands_for = {{DropIndex{"users", "ix_tenent"}}}};
  EXPECT_THAT(refusal(change), HasSubstr("Did you mean 'ix_tenant'?"));
}

TEST(Trigger, FiresOnSomethingAndDoesSomething) {
  Trigger idle = kLog;
  idle.events = {};
  EXPECT_THAT(refusal(CreateTrigger{idle}), HasSubstr("fires on nothing"));
  Trigger empty = kLog;
  empty.body = {{"", " "}};
  EXPECT_THAT(refusal(CreateTrigger{empty}), HasSubstr("has no SQL"));
}

TEST(View, SharesTheNamesOfTables) {
  EXPECT_THAT(refusal(CreateView{{.name = "users", .query = kTitles.query}}),
              HasSubstr("table 'users' exists already"));
  EXPECT_THAT(refusal(CreateTable{{.name = "notes", .columns = {{.name = "id"}}}}),
              HasSubstr("view 'notes' exists already"));
}

TEST(GeneratedColumn, HasNoDefault) {
  EXPECT_THAT(refusal(AddColumn{"users",
                                {.name = "g",
                                 .type = integer(),
                                 .default_value = Number{"1"},
                                 .generated = Generated{.expression = "1 + 1"}}}),
              HasSubstr("has no default"));
}

}  // namespace
}  // namespace parley::schema
