#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "migrate/revision.h"

namespace parley::migrate {
namespace {

using namespace schema;

Revision revision_of(std::vector<Change> changes) {
  return {.id = "a1", .upgrade = std::move(changes), .file = "a1.yaml"};
}

/// The lines of the only change, as the file has them.
std::string text_of(const Change& change) {
  const std::string yaml = to_yaml(revision_of({change}));
  const std::string before = "revision: a1\ndown_revision: null\n\nupgrade:\n";
  EXPECT_TRUE(yaml.starts_with(before)) << yaml;
  return yaml.substr(before.size());
}

void expect_round_trip(const Revision& revision) {
  const std::string yaml = to_yaml(revision);
  try {
    EXPECT_EQ(parse_revision(yaml, revision.file), revision) << yaml;
    EXPECT_EQ(to_yaml(parse_revision(yaml, revision.file)), yaml);
  } catch (const std::exception& error) {
    ADD_FAILURE() << error.what() << "\n" << yaml;
  }
}

/// `change` is written as `text` and read back as it was.
void expect_form(const Change& change, const std::string& text) {
  EXPECT_EQ(text_of(change), "  - " + text + "\n");
  expect_round_trip(revision_of({change}));
}

void expect_column(const Column& column, const std::string& text) {
  expect_form(AddColumn{"t", column}, "add_column: t." + column.name + " " + text);
  expect_form(AlterColumn{"t", column}, "alter_column: t." + column.name + " " + text);
  expect_form(CreateTable{{.name = "t", .columns = {column}}},
              "create_table: t\n    columns:\n      - " + column.name + ": " + text);
}

Column column(Type type) { return {.name = "c", .type = std::move(type)}; }

Column with_default(Type type, Default value) {
  return {.name = "c", .type = std::move(type), .default_value = std::move(value)};
}

TEST(RevisionWrite, HasAWordForEveryType) {
  expect_column(column(boolean()), "boolean");
  expect_column(column(small_integer()), "smallint");
  expect_column(column(integer()), "integer");
  expect_column(column(big_integer()), "bigint");
  expect_column(column(float_number()), "float");
  expect_column(column(double_number()), "double");
  expect_column(column(decimal(10, 2)), "decimal(10, 2)");
  expect_column(column(string(36)), "string(36)");
  expect_column(column(character(2)), "char(2)");
  expect_column(column(text()), "text");
  expect_column(column(binary()), "binary");
  expect_column(column(binary(16)), "binary(16)");
  expect_column(column(date()), "date");
  expect_column(column(time()), "time");
  expect_column(column(datetime()), "datetime");
  expect_column(column(datetime_with_time_zone()), "datetimetz");
  expect_column(column(json()), "json");
  expect_column(column(uuid()), "uuid");
  expect_column(column(native("tsvector")), "native(\"tsvector\")");
}

TEST(RevisionWrite, KeepsWhatTypesOfOtherDatabasesLeaveOpen) {
  expect_column(column({.kind = TypeKind::String}), "string");
  expect_column(column({.kind = TypeKind::Char}), "char");
  expect_column(column({.kind = TypeKind::Decimal}), "decimal");
  expect_column(column({.kind = TypeKind::Decimal, .precision = 8}), "decimal(8, 0)");
  expect_column(column({.kind = TypeKind::DateTime, .precision = 0}), "datetime(0)");
  expect_column(column({.kind = TypeKind::DateTime, .precision = 6, .with_time_zone = true}),
                "datetimetz(6)");
  expect_column(column({.kind = TypeKind::Time, .precision = 3}), "time(3)");
  expect_column(column(native("enum(\"a\", 'b')")), "native(\"enum(\"\"a\"\", 'b')\")");
}

TEST(RevisionWrite, HasAFormForEveryDefault) {
  expect_column(with_default(boolean(), true), "boolean default true");
  expect_column(with_default(boolean(), false), "boolean default false");
  expect_column(with_default(decimal(10, 2), Number{"0.00"}), "decimal(10, 2) default 0.00");
  expect_column(with_default(integer(), Number{"-1"}), "integer default -1");
  expect_column(with_default(double_number(), Number{"1e-3"}), "double default 1e-3");
  expect_column(with_default(string(20), std::string("pending")), "string(20) default 'pending'");
  expect_column(with_default(string(20), std::string()), "string(20) default ''");
  expect_column(with_default(string(20), std::string("it's")), "string(20) default 'it''s'");
  expect_column(with_default(string(20), std::string("0")), "string(20) default '0'");
  expect_column(with_default(json(), std::string("{}")), "json default '{}'");
  expect_column(with_default(datetime(), CurrentTimestamp{}), "datetime default now");
  expect_column(with_default(string(80), Expression{"lower('X')"}),
                "string(80) default (lower('X'))");
}

TEST(RevisionWrite, NamesTheEnumOfAColumn) {
  expect_column(column(enumeration("message_status")), "enum(message_status)");
  expect_column(column(enumeration("chat_role", 20)), "enum(chat_role, 20)");
  expect_column(with_default(enumeration("a b"), std::string("x")), "enum(\"a b\") default 'x'");
}

TEST(RevisionWrite, WritesHowAColumnIsGenerated) {
  Column total = column(integer());
  total.generated = Generated{"a + b", true};
  expect_column(total, "integer generated as (a + b) stored");
  total.generated = Generated{"concat(')', a)", false};
  total.nullable = true;
  expect_column(total, "integer null generated as (concat(')', a))");
}

TEST(RevisionWrite, KeepsAnExpressionWhateverItsParentheses) {
  Column slug = with_default(string(80), Expression{"concat(')', '(')"});
  slug.on_update_now = true;
  expect_column(slug, "string(80) default (concat(')', '(')) on update now");
}

TEST(RevisionWrite, QuotesTextsThatYamlWouldMisread) {
  expect_form(AddColumn{"t", with_default(text(), std::string("a: #b"))},
              "add_column: \"t.c text default 'a: #b'\"");
  expect_form(AddColumn{"t", with_default(text(), std::string("two\nlines"))},
              "add_column: |-\n      t.c text default 'two\n      lines'");
}

TEST(RevisionWrite, WritesColumnPropertiesInOneOrder) {
  expect_column({.name = "c", .type = integer(), .auto_increment = true}, "integer auto_increment");
  expect_column({.name = "c", .type = datetime(), .nullable = true}, "datetime null");
  expect_column({.name = "c",
                 .type = datetime(),
                 .nullable = true,
                 .default_value = CurrentTimestamp{},
                 .on_update_now = true},
                "datetime null default now on update now");
  expect_column(
      {.name = "c", .type = datetime(), .on_update_now = true, .on_update_trigger = "touch_c"},
      "datetime on update now by touch_c");
}

TEST(RevisionWrite, GivesCollationAndCommentKeysOfTheirOwn) {
  const Column notes{.name = "notes",
                     .type = text(),
                     .nullable = true,
                     .collation = "utf8mb4_bin",
                     .comment = "Note: agents only."};
  expect_form(AddColumn{"t", notes}, R"(add_column: t.notes text null
    collation: utf8mb4_bin
    comment: "Note: agents only.")");
  expect_form(CreateTable{{.name = "t", .columns = {notes}}}, R"(create_table: t
    columns:
      - notes:
          type: text null
          collation: utf8mb4_bin
          comment: "Note: agents only.")");
}

TEST(RevisionWrite, ListsEverythingOfATable) {
  const Table table{
      .name = "orders",
      .columns = {{.name = "id", .type = integer()}, {.name = "customer", .type = integer()}},
      .primary_key = PrimaryKey{.name = "pk_orders", .columns = {"id", "customer"}},
      .uniques = {{.columns = {"customer"}}, {.name = "uq_both", .columns = {"customer", "id"}}},
      .checks = {{.name = "ck_id", .expression = "id > 0"}, {.expression = "customer <> id"}},
      .foreign_keys = {{.columns = {"customer"},
                        .referenced_table = "customers",
                        .referenced_columns = {"id"},
                        .on_delete = ReferenceAction::Cascade},
                       {.name = "fk_both",
                        .columns = {"customer", "id"},
                        .referenced_table = "pairs",
                        .referenced_columns = {"a", "b"},
                        .on_delete = ReferenceAction::SetNull,
                        .on_update = ReferenceAction::Restrict}},
      .indexes = {{.name = "idx_id", .parts = {{"id", true}, {"customer", false}}},
                  {.name = "ux_id", .parts = {{"id", false}}, .unique = true, .where = "id > 5"}},
      .comment = "What was bought"};
  expect_form(CreateTable{table}, R"(create_table: orders
    columns:
      - id: integer
      - customer: integer
    primary_key:
      pk_orders: [id, customer]
    unique:
      - [customer]
      - uq_both: [customer, id]
    checks:
      - ck_id: id > 0
      - customer <> id
    foreign_keys:
      - customer -> customers(id) on delete cascade
      - fk_both: (customer, id) -> pairs(a, b) on delete set null on update restrict
    indexes:
      - idx_id (id desc, customer)
      - unique ux_id (id) where id > 5
    comment: What was bought)");
}

TEST(RevisionWrite, HasAFormForEveryChangeOfTablesAndColumns) {
  expect_form(DropTable{"a"}, "drop_table: a");
  expect_form(RenameTable{"a", "b"}, "rename_table: a to b");
  expect_form(DropColumn{"t", "c"}, "drop_column: t.c");
  expect_form(RenameColumn{"t", "c", "d"}, "rename_column: t.c to d");
}

TEST(RevisionWrite, HasAFormForEveryChangeOfIndexes) {
  expect_form(CreateIndex{"t", {.name = "idx_a", .parts = {{"a", false}}}},
              "create_index: idx_a on t (a)");
  expect_form(CreateIndex{"t",
                          {.name = "ux_a",
                           .parts = {{"a", false}, {"b", true}},
                           .unique = true,
                           .where = "deleted_at is null"}},
              "create_index: unique ux_a on t (a, b desc) where deleted_at is null");
  expect_form(DropIndex{"t", "idx_a"}, "drop_index: idx_a on t");
}

TEST(RevisionWrite, HasAFormForEveryPartOfAnIndex) {
  const auto expect_part = [](const IndexPart& part, const std::string& text) {
    expect_form(CreateIndex{"t", {.name = "i", .parts = {part}}},
                "create_index: i on t (" + text + ")");
    expect_form(CreateIndex{"t", {.name = "i", .parts = {part, {.column = "z"}}, .where = "a > 0"}},
                "create_index: i on t (" + text + ", z) where a > 0");
  };
  expect_part({.expression = "lower(email)"}, "lower(email)");
  expect_part({.descending = true, .expression = "a + b"}, "(a + b) desc");
  expect_part({.expression = "email"}, "(email)");
  expect_part({.expression = "abs(5)"}, "(abs(5))");
  expect_part({.expression = "lower(a) || ')'"}, "(lower(a) || ')')");
  expect_part({.expression = "(a) + (b)"}, "((a) + (b))");
  expect_part({.column = "body", .prefix_length = 20}, "body(20)");
  expect_part({.column = "b", .collation = "C", .operator_class = "text_pattern_ops"},
              "b collate \"C\" text_pattern_ops");
  expect_part({.column = "b", .descending = true, .operator_class = "public.my_class"},
              "b \"public.my_class\" desc");
  expect_part({.column = "a", .descending = true, .nulls = NullsOrder::Last}, "a desc nulls last");
  expect_part({.column = "a", .nulls = NullsOrder::First}, "a nulls first");
  expect_part({.column = "sql"}, "sql");
}

TEST(RevisionWrite, QuotesSqlInAnIndexWhoseParenthesesDoNotPair) {
  const Index index{.name = "i", .parts = {{.expression = "concat('it\\'s (', a)"}}};
  expect_form(CreateIndex{"t", index}, "create_index: i on t (sql 'concat(''it\\''s ('', a)')");
}

TEST(RevisionWrite, WritesMethodAndIncludedColumnsOfAnIndex) {
  expect_form(CreateIndex{"t",
                          {.name = "i",
                           .parts = {{.column = "a"}},
                           .unique = true,
                           .where = "a > 0",
                           .method = "btree",
                           .include = {"b", "include"}}},
              "create_index: unique i on t using btree (a) include (b, include) where a > 0");
  expect_form(RenameIndex{"t", "a", "b"}, "rename_index: a on t to b");
}

TEST(RevisionWrite, WritesViewsWithOneQueryOrOnePerEngine) {
  const View recent{.name = "recent", .query = {{"", "SELECT id FROM t\nWHERE id > 5"}}};
  expect_form(CreateView{recent}, R"(create_view: recent
    query: |-
      SELECT id FROM t
      WHERE id > 5)");
  expect_form(ReplaceView{recent}, R"(replace_view: recent
    query: |-
      SELECT id FROM t
      WHERE id > 5)");
  expect_form(CreateView{{.name = "totals",
                          .query = {{"sqlite", "SELECT 1"}, {"postgresql", "SELECT 2"}},
                          .columns = {"total"},
                          .is_materialized = true}},
              R"(create_view: totals
    columns: [total]
    materialized: true
    query:
      sqlite: SELECT 1
      postgresql: SELECT 2)");
  expect_form(DropView{"recent"}, "drop_view: recent");
}

TEST(RevisionWrite, SaysInOneLineWhenATriggerFires) {
  Trigger trigger{.name = "trg", .table = "t", .events = {.update = true}};
  trigger.body = {{"", "SELECT 1;"}};
  const auto expect_head = [&](const std::string& text) {
    expect_form(CreateTrigger{trigger}, "create_trigger: " + text + "\n    body: SELECT 1;");
    expect_form(ReplaceTrigger{trigger}, "replace_trigger: " + text + "\n    body: SELECT 1;");
  };
  expect_head("trg after update on t");
  trigger.time = TriggerTime::Before;
  trigger.events = {.insert = true, .update = true, .remove = true};
  trigger.update_of = {"a", "b c"};
  expect_head("trg before insert or update of (a, \"b c\") or delete on t");
  trigger.time = TriggerTime::InsteadOf;
  trigger.events = {.remove = true};
  trigger.update_of = {};
  trigger.for_each_statement = true;
  expect_head("trg instead of delete on t for each statement");
  expect_form(DropTrigger{"t", "trg"}, "drop_trigger: trg on t");
}

TEST(RevisionWrite, WritesWhatATriggerDoes) {
  expect_form(CreateTrigger{{.name = "trg",
                             .table = "t",
                             .events = {.insert = true},
                             .when = {{"", "NEW.a IS NULL"}},
                             .body = {{"sqlite", "UPDATE t SET a = 1;\nSELECT 2;\n"},
                                      {"postgresql", "BEGIN RETURN NEW; END"}},
                             .function = "shared"}},
              R"(create_trigger: trg after insert on t
    when: NEW.a IS NULL
    function: shared
    body:
      sqlite: |
        UPDATE t SET a = 1;
        SELECT 2;
      postgresql: BEGIN RETURN NEW; END)");
}

TEST(RevisionWrite, WritesEnumsInOneLineOrBelow) {
  expect_form(CreateEnum{{"status", {"queued", "sent"}}}, "create_enum: status (queued, sent)");
  expect_form(CreateEnum{{"status", {"on"}}}, "create_enum: status (\"on\")");
  expect_form(CreateEnum{{"status", {"in progress", "", "no", "it's"}}}, R"(create_enum: status
    values:
      - in progress
      - ""
      - "no"
      - it's)");
  expect_form(CreateEnum{{"s", {std::string(40, 'a'), std::string(40, 'b')}}},
              "create_enum: s\n    values:\n      - " + std::string(40, 'a') + "\n      - " +
                  std::string(40, 'b'));
  expect_form(DropEnum{"status"}, "drop_enum: status");
  expect_form(
      AlterEnum{{"status", {"queued", "done"}}, {{"sent", "done"}}, {{"lost one", "queued"}}},
      R"(alter_enum: status (queued, done)
    rename:
      sent: done
    replace:
      lost one: queued)");
}

TEST(RevisionWrite, WritesCommentsAndOptionsOfTables) {
  expect_form(SetComment{"t", "", "What it's for"}, "set_comment: t to 'What it''s for'");
  expect_form(SetComment{"t", "c", ""}, "set_comment: t.c to ''");
  expect_form(SetComment{"t", "c", "a: b"}, "set_comment: \"t.c to 'a: b'\"");
  expect_form(SetTableOptions{"t", true, false},
              "set_table_options: t\n    strict: true\n    without_rowid: false");
  expect_form(CreateTable{{.name = "t",
                           .columns = {{.name = "a", .type = integer()}},
                           .is_strict = true,
                           .is_without_rowid = true}},
              "create_table: t\n    columns:\n      - a: integer\n    strict: true\n"
              "    without_rowid: true");
}

TEST(RevisionWrite, WritesWhatABackfillSets) {
  expect_form(Backfill{"t", {{"b", {{"", "a * 2"}}}}, {}}, "backfill: t\n    set:\n      b: a * 2");
  expect_form(Backfill{"t",
                       {{"b", {{"sqlite", "a"}, {"mysql", "c"}}}, {"a: x", {{"", "'it''s'"}}}},
                       {{"", "b is null"}}},
              R"(backfill: t
    set:
      b:
        sqlite: a
        mysql: c
      "a: x": "'it''s'"
    where: b is null)");
}

TEST(RevisionWrite, WritesWhatSqlStandsForAsChanges) {
  expect_form(Execute{.texts = {{"", "create table t (a int)"}},
                      .undo = {{"", "drop table t"}},
                      .stands_for = {{CreateTable{{.name = "t",
                                                   .columns = {{.name = "a", .type = integer()}}}}},
                                     {DropTable{"u"}}}},
              R"(execute: create table t (a int)
    undo: drop table t
    stands_for:
      - create_table: t
        columns:
          - a: integer
      - drop_table: u)");
}

TEST(RevisionWrite, HasAFormForEveryChangeOfKeysAndChecks) {
  expect_form(AddPrimaryKey{"t", {.columns = {"a", "b"}}}, "add_primary_key: t (a, b)");
  expect_form(AddPrimaryKey{"t", {.name = "pk", .columns = {"a"}}}, "add_primary_key: pk on t (a)");
  expect_form(DropPrimaryKey{"t"}, "drop_primary_key: t");
  expect_form(AddUnique{"t", {.columns = {"a", "b"}}}, "add_unique: t (a, b)");
  expect_form(AddUnique{"t", {.name = "uq", .columns = {"a"}}}, "add_unique: uq on t (a)");
  expect_form(DropUnique{"t", {.name = "uq", .columns = {}}}, "drop_unique: uq on t");
  expect_form(DropUnique{"t", {.columns = {"a", "b"}}}, "drop_unique: t (a, b)");
  expect_form(DropUnique{"t", {.name = "uq", .columns = {"a"}}}, "drop_unique: uq on t (a)");
  expect_form(AddCheck{"t", {.name = "ck", .expression = "(a) > (b)"}},
              "add_check: ck on t ((a) > (b))");
  expect_form(AddCheck{"t", {.expression = "a in (1, 2)"}}, "add_check: t (a in (1, 2))");
  expect_form(DropCheck{"t", "ck"}, "drop_check: ck on t");
  expect_form(DropCheck{"t", "", "a > 0"}, "drop_check: t (a > 0)");
}

TEST(RevisionWrite, HasAFormForEveryChangeOfForeignKeys) {
  const ForeignKey key{.columns = {"a"},
                       .referenced_table = "r",
                       .referenced_columns = {"b"},
                       .on_delete = ReferenceAction::SetDefault};
  ForeignKey named = key;
  named.name = "fk";
  expect_form(AddForeignKey{"t", key}, "add_foreign_key: t (a) -> r(b) on delete set default");
  expect_form(AddForeignKey{"t", named},
              "add_foreign_key: fk on t (a) -> r(b) on delete set default");
  expect_form(AddForeignKey{"t", {.columns = {"a"}, .referenced_table = "r"}},
              "add_foreign_key: t (a) -> r");
  ForeignKey deferred = key;
  deferred.deferral = Deferral::InitiallyDeferred;
  expect_form(AddForeignKey{"t", deferred},
              "add_foreign_key: t (a) -> r(b) on delete set default deferrable initially deferred");
  deferred.deferral = Deferral::InitiallyImmediate;
  expect_form(AddForeignKey{"t", deferred},
              "add_foreign_key: t (a) -> r(b) on delete set default deferrable");
  expect_form(DropForeignKey{"t", {.name = "fk"}}, "drop_foreign_key: fk on t");
  expect_form(DropForeignKey{"t", {.columns = {"a", "b"}}}, "drop_foreign_key: t (a, b)");
  expect_form(DropForeignKey{"t", named},
              "drop_foreign_key: fk on t (a) -> r(b) on delete set default");
}

TEST(RevisionWrite, WritesSqlOnceForAllOrPerEngine) {
  expect_form(Execute{.texts = {{"", "update t set a = 1"}}}, "execute: update t set a = 1");
  expect_form(
      Execute{.texts = {{"", "update t\nset a = 1\n"}}, .undo = {{"", "update t set a = 0"}}},
      R"(execute: |
      update t
      set a = 1
    undo: update t set a = 0)");
  expect_form(Execute{.texts = {{"sqlite", "vacuum"}, {"postgresql", "analyze;\nvacuum"}},
                      .undo = {{"mariadb", "do 1"}}},
              R"(execute:
      sqlite: vacuum
      postgresql: |-
        analyze;
        vacuum
    undo:
      mariadb: do 1)");
}

TEST(RevisionWrite, KeepsTheOrderOfSqlThatNoMappingCouldKeep) {
  expect_form(Execute{.texts = {{"", "do 1"}, {"sqlite", "do 2"}, {"sqlite", "do 3"}}},
              R"(execute:
      - do 1
      - sqlite: do 2
      - sqlite: do 3)");
  expect_form(Execute{.texts = {{"postgresql", "do 1"}, {"sqlite", "do 2"}}},
              R"(execute:
      - postgresql: do 1
      - sqlite: do 2)");
}

TEST(RevisionWrite, QuotesNamesThatAreNoPlainWords) {
  expect_form(RenameTable{"order items", "on"}, "rename_table: '\"order items\" to \"on\"'");
  expect_form(DropColumn{"a.b", "c"}, "drop_column: '\"a.b\".c'");
  expect_form(CreateIndex{"t", {.name = "unique", .parts = {{"desc", true}, {"größe", false}}}},
              "create_index: '\"unique\" on t (\"desc\" desc, größe)'");
}

TEST(RevisionWrite, KeepsAnyNameInAnyPlace) {
  for (const std::string name :
       {"null", "on",           "to",    "unique", "where", "default", "a b",
        "a.b",  "a\"b",         "it's",  "a: b",   "a, b",  "#a",      "-",
        "~",    "[x]",          "{y}",   "größe",  "2fa",   "type",    "a\nb",
        "\\",   "create_table", "x (y)", "?",      "yes"}) {
    const Table table{
        .name = name,
        .columns = {{.name = name, .type = integer(), .comment = name},
                    {.name = name + "2", .type = integer()}},
        .primary_key = PrimaryKey{.name = name, .columns = {name}},
        .uniques = {{.name = name, .columns = {name}}, {.columns = {name}}},
        .checks = {{.name = name, .expression = name}, {.expression = name}},
        .foreign_keys = {{.name = name,
                          .columns = {name},
                          .referenced_table = name,
                          .referenced_columns = {name}},
                         {.columns = {name, name}, .referenced_table = name}},
        .indexes = {{.name = name, .parts = {{name, true}, {name, false}}, .where = name}},
        .comment = name};
    const Trigger trigger{.name = name,
                          .table = name,
                          .events = {.update = true},
                          .update_of = {name, name + "2"},
                          .when = {{"", name}},
                          .body = {{"", name}},
                          .function = name};
    const View view{.name = name, .query = {{"sqlite", name}}, .columns = {name}};
    const Index index{
        .name = name,
        .parts = {{.expression = name},
                  {.column = name, .prefix_length = 3, .collation = name, .operator_class = name}},
        .method = name,
        .include = {name}};
    const Column generated{
        .name = name, .type = enumeration(name), .generated = Generated{name, true}};
    expect_round_trip(revision_of(
        {AddColumn{name, generated}, CreateIndex{name, index}, RenameIndex{name, name, name},
         CreateView{view}, ReplaceView{view}, DropView{name}, CreateTrigger{trigger},
         ReplaceTrigger{trigger}, DropTrigger{name, name}, CreateEnum{{name, {name, "x"}}},
         AlterEnum{{name, {name}}, {{name, name}}, {{name, name}}}, DropEnum{name},
         SetComment{name, name, name}, SetComment{name, "", name},
         SetTableOptions{name, false, true},
         Backfill{name, {{name, {{"", name}}}}, {{"mysql", name}}}}));
    expect_round_trip(revision_of({CreateTable{table},
                                   DropTable{name},
                                   RenameTable{name, name},
                                   AddColumn{name, table.columns[0]},
                                   AlterColumn{name, table.columns[1]},
                                   DropColumn{name, name},
                                   RenameColumn{name, name, name},
                                   CreateIndex{name, table.indexes[0]},
                                   DropIndex{name, name},
                                   AddPrimaryKey{name, *table.primary_key},
                                   DropPrimaryKey{name},
                                   AddUnique{name, table.uniques[0]},
                                   AddUnique{name, table.uniques[1]},
                                   DropUnique{name, table.uniques[0]},
                                   DropUnique{name, table.uniques[1]},
                                   AddCheck{name, table.checks[0]},
                                   AddCheck{name, table.checks[1]},
                                   DropCheck{name, name},
                                   AddForeignKey{name, table.foreign_keys[0]},
                                   AddForeignKey{name, table.foreign_keys[1]},
                                   DropForeignKey{name, table.foreign_keys[0]},
                                   DropForeignKey{name, {.name = name}},
                                   Execute{.texts = {{"", name}}, .undo = {{"mysql", name}}}}));
  }
}

TEST(RevisionWrite, WritesTheHeadOfAMerge) {
  Revision merge = revision_of({});
  merge.down_revisions = {"b1", "c1"};
  merge.branch_labels = {"billing"};
  merge.depends_on = {"d1"};
  merge.message = "merge: b and c";
  merge.create_date = "2025-01-15 09:00:00";
  merge.downgrade.emplace();
  EXPECT_EQ(to_yaml(merge), R"(revision: a1
down_revision: [b1, c1]
branch_labels: [billing]
depends_on: [d1]
message: "merge: b and c"
create_date: 2025-01-15 09:00:00

upgrade: []

downgrade: []
)");
  expect_round_trip(merge);
}

TEST(RevisionWrite, WritesTheDowngradeLikeTheUpgrade) {
  Revision revision = revision_of({DropTable{"a"}});
  revision.downgrade = {CreateTable{{.name = "a", .columns = {{.name = "id", .type = integer()}}}}};
  EXPECT_TRUE(
      to_yaml(revision).ends_with("\n\nupgrade:\n  - drop_table: a\n\ndowngrade:\n"
                                  "  - create_table: a\n    columns:\n      - id: integer\n"));
  expect_round_trip(revision);
}

}  // namespace
}  // namespace parley::migrate
