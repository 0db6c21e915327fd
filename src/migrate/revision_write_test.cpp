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
