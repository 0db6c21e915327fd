#include "migrate/lint.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace parley::migrate {
namespace {

using namespace schema;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// People and what they wrote: the tables that the revisions below change.
Schema before() {
  const Table people{.name = "people",
                     .columns = {{.name = "id", .type = integer(), .auto_increment = true},
                                 {.name = "name", .type = string(100), .nullable = true}},
                     .primary_key = PrimaryKey{.columns = {"id"}}};
  const Table notes{.name = "notes",
                    .columns = {{.name = "id", .type = integer(), .auto_increment = true},
                                {.name = "person", .type = integer(), .nullable = true},
                                {.name = "body", .type = string(200), .nullable = true},
                                {.name = "amount", .type = integer(), .nullable = true}},
                    .primary_key = PrimaryKey{.columns = {"id"}}};
  return {.tables = {people, notes}, .enums = {{.name = "mood", .values = {"sad", "ok"}}}};
}

std::vector<Finding> findings_of(std::vector<Change> changes,
                                 std::vector<const dialect::Dialect*> dialects = {
                                     &dialect::sqlite(), &dialect::postgresql(),
                                     &dialect::mariadb()}) {
  const Revision revision{.id = "r1", .upgrade = std::move(changes)};
  return lint(revision, before(), dialects);
}

std::vector<std::string> rules_of(const std::vector<Finding>& findings) {
  std::vector<std::string> rules;
  for (const Finding& finding : findings) rules.emplace_back(finding.rule->id);
  return rules;
}

Column body(Type type, bool nullable = true) {
  return {.name = "body", .type = std::move(type), .nullable = nullable};
}

struct Example {
  std::string rule;
  Change change;
};

/// One change for each rule that a single change can break.
std::vector<Example> examples() {
  const ForeignKey to_people{
      .columns = {"person"}, .referenced_table = "people", .referenced_columns = {"id"}};
  const Table keyless{.name = "keyless", .columns = {{.name = "a", .type = integer()}}};
  const Table doubled{.name = "doubled",
                      .columns = {{.name = "id", .type = integer()},
                                  {.name = "a", .type = integer()},
                                  {.name = "b", .type = integer()}},
                      .primary_key = PrimaryKey{.columns = {"id"}},
                      .indexes = {{.name = "ix_a", .parts = {{.column = "a"}}},
                                  {.name = "ix_ab", .parts = {{.column = "a"}, {.column = "b"}}}}};
  return {
      {"PL101", DropTable{"notes"}},
      {"PL102", DropColumn{"notes", "body"}},
      {"PL103", AlterColumn{"notes", body(string(20))}},
      {"PL104", AlterEnum{{.name = "mood", .values = {"ok"}}, {}, {}}},
      {"PL105", Execute{.texts = {{"", "SELECT 1"}}}},
      {"PL201", AddColumn{"notes", {.name = "kind", .type = string(20)}}},
      {"PL202", AlterColumn{"notes", body(string(200), false)}},
      {"PL203", AddUnique{"notes", {.name = "uq", .columns = {"body"}}}},
      {"PL204", AddCheck{"notes", {.name = "ck", .expression = "amount > 0"}}},
      {"PL205", AddForeignKey{"notes", to_people}},
      {"PL301", CreateIndex{"notes", {.name = "ix", .parts = {{.column = "amount"}}}}},
      {"PL302", AlterColumn{"notes", {.name = "amount", .type = text(), .nullable = true}}},
      {"PL303", AddColumn{"notes",
                          {.name = "tag",
                           .type = string(40),
                           .nullable = true,
                           .default_value = Expression{"lower('X')"}}}},
      {"PL304",
       Execute{.texts = {{"", "update notes set amount = 1"}}, .undo = {{"", "SELECT 1"}}}},
      {"PL401", RenameTable{"notes", "remarks"}},
      {"PL402", RenameColumn{"notes", "body", "content"}},
      {"PL501",
       CreateIndex{"notes",
                   {.name = "ix", .parts = {{.column = "amount"}}, .where = "amount > 0"}}},
      {"PL502", CreateTable{{.name = std::string(64, 't'),
                             .columns = {{.name = "id", .type = integer()}},
                             .primary_key = PrimaryKey{.columns = {"id"}}}}},
      {"PL503", Execute{.texts = {{"sqlite", "SELECT 1"}}, .undo = {{"", "SELECT 1"}}}},
      {"PL601", CreateTable{keyless}},
      {"PL602", AddForeignKey{"notes", to_people}},
      {"PL603", CreateTable{doubled}},
  };
}

TEST(Lint, FindsWhatEachRuleIsAbout) {
  for (const Example& example : examples()) {
    EXPECT_THAT(rules_of(findings_of({example.change})), testing::Contains(example.rule))
        << describe(example.change);
  }
}

TEST(Lint, HasAnExampleForEveryRule) {
  for (const LintRule& rule : lint_rules()) {
    EXPECT_TRUE(std::ranges::any_of(examples(), [&](const Example& each) {
      return each.rule == rule.id;
    })) << rule.id;
  }
}

/// All parts of a rewrite, as if the code had moved on in between.
std::vector<Change> joined(const std::vector<std::vector<Change>>& rewrite) {
  std::vector<Change> all;
  for (const auto& part : rewrite) all.insert(all.end(), part.begin(), part.end());
  return all;
}

TEST(Lint, OffersARewriteThatFitsAndDoesNotBreakTheSameRule) {
  for (const Example& example : examples()) {
    for (const Finding& finding : findings_of({example.change})) {
      if (finding.rule->id != example.rule || finding.rewrite.empty()) continue;
      Schema state = before();
      for (const Change& change : joined(finding.rewrite)) {
        EXPECT_NO_THROW(apply(state, change)) << example.rule << ": " << describe(change);
      }
      for (const auto& part : finding.rewrite) {
        if (&part != &finding.rewrite.front()) continue;
        EXPECT_THAT(rules_of(findings_of(part)), testing::Not(testing::Contains(example.rule)));
      }
    }
  }
}

TEST(Lint, LeadsToTheSameTableBySwappingColumns) {
  const Change change = AlterColumn{"notes", {.name = "amount", .type = text(), .nullable = true}};
  const auto findings = findings_of({change});
  ASSERT_FALSE(findings.empty());
  Schema direct = before();
  apply(direct, change);
  Schema safe = before();
  for (const Change& each : joined(findings.front().rewrite)) apply(safe, each);
  EXPECT_EQ(*safe.find_table("notes")->find_column("amount"),
            *direct.find_table("notes")->find_column("amount"));
}

TEST(Lint, HasNothingAgainstACarefulRevision) {
  const Table tags{.name = "tags",
                   .columns = {{.name = "id", .type = integer(), .auto_increment = true},
                               {.name = "note", .type = integer()},
                               {.name = "word", .type = string(40)}},
                   .primary_key = PrimaryKey{.columns = {"id"}},
                   .foreign_keys = {{.columns = {"note"},
                                     .referenced_table = "notes",
                                     .referenced_columns = {"id"},
                                     .on_delete = ReferenceAction::Cascade}}};
  EXPECT_THAT(
      rules_of(findings_of(
          {CreateTable{tags}, CreateIndex{"tags", {.name = "ix", .parts = {{.column = "note"}}}},
           AddColumn{"notes", {.name = "seen_at", .type = datetime(), .nullable = true}},
           AlterColumn{"notes", body(string(400))}})),
      IsEmpty());
}

TEST(Lint, AcceptsNotNullBehindABackfill) {
  const Backfill fill{"notes", {{"body", {{"", "''"}}}}, {{"", "body IS NULL"}}};
  EXPECT_THAT(rules_of(findings_of({fill, AlterColumn{"notes", body(string(200), false)}})),
              IsEmpty());
}

TEST(Lint, LeavesTablesOfTheSameRevisionAlone) {
  const Table tags{.name = "tags",
                   .columns = {{.name = "id", .type = integer()}, {.name = "a", .type = text()}},
                   .primary_key = PrimaryKey{.columns = {"id"}}};
  EXPECT_THAT(rules_of(findings_of({CreateTable{tags}, AddColumn{"tags", {.name = "b"}},
                                    RenameColumn{"tags", "b", "c"}, DropColumn{"tags", "a"},
                                    RenameTable{"tags", "words"}, DropTable{"words"}})),
              IsEmpty());
}

TEST(Lint, NamesTheEngineThatCannot) {
  const auto findings = findings_of({CreateIndex{
      "notes", {.name = "ix", .parts = {{.column = "amount"}}, .where = "amount > 0"}}});
  const auto refused =
      std::ranges::find_if(findings, [](const Finding& each) { return each.rule->id == "PL501"; });
  ASSERT_NE(refused, findings.end());
  EXPECT_THAT(refused->dialects, ElementsAre("mariadb"));
  EXPECT_THAT(refused->detail, HasSubstr("partial"));
}

TEST(Lint, BuildsIndexesConcurrentlyWhereThatHelps) {
  const auto findings =
      findings_of({CreateIndex{"notes", {.name = "ix", .parts = {{.column = "amount"}}}}});
  ASSERT_EQ(rules_of(findings), std::vector<std::string>{"PL301"});
  EXPECT_THAT(findings[0].dialects, ElementsAre("postgresql"));
  const auto& safe = std::get<Execute>(findings[0].rewrite.at(0).at(0));
  const auto text = std::ranges::find(safe.texts, "postgresql", &SqlText::dialect);
  ASSERT_NE(text, safe.texts.end());
  EXPECT_EQ(text->sql, "CREATE INDEX CONCURRENTLY ix ON notes (amount)");
}

TEST(LintComment, AllowsTheRulesItNames) {
  EXPECT_THAT(
      allowed_rules("upgrade:\n  # lint: allow PL101, PL201 nobody reads it\n  - drop_table: x\n"),
      ElementsAre("PL101", "PL201"));
  EXPECT_THAT(allowed_rules("# lint: allow drop-table\n# lint: allow PL102"),
              ElementsAre("drop-table", "PL102"));
  EXPECT_THAT(allowed_rules("# lint: allow everything\n"), IsEmpty());
}

}  // namespace
}  // namespace parley::migrate
