#include <gtest/gtest.h>

#include <set>
#include <string>

#include "migrate/revision.h"

namespace parley::migrate {
namespace {

std::string checksum(const std::string& yaml) {
  return checksum_of(parse_revision(yaml, "a1.yaml"));
}

std::string checksum_of_change(const std::string& change) {
  return checksum("revision: a1\nupgrade:\n  - " + change + "\n");
}

const std::string kTable = R"(revision: a1
down_revision: [b1, c1]
depends_on: d1
message: create things
create_date: 2025-01-15 09:00:00
upgrade:
  - create_table: things
    columns:
      - id: integer auto_increment
      - name: string(20) null default 'x'
    primary_key: [id]
    unique:
      - [name]
  - execute:
      sqlite: update things set name = 'y'
      postgresql: update things set name = 'z'
)";

TEST(RevisionChecksum, IsTheSameForAnotherSpelling) {
  EXPECT_EQ(checksum(kTable), checksum(R"(# What a thing is.
create_date: 2026-01-01
"message": Something else
branch_labels: [b]
upgrade:
  - unique: [name]
    primary_key: id
    columns: [id: INTEGER auto_increment, "name": "string ( 20 ) default 'x' null"]   # both
    create_table: '"things"'
  - execute:
      postgresql: |
        update things set name = 'z'
      sqlite: "update things set name = 'y'"
down_revision: [c1, b1]
depends_on:
  - d1
revision: a1
)"));
}

TEST(RevisionChecksum, SurvivesWritingAndReading) {
  const Revision revision = parse_revision(kTable, "a1.yaml");
  EXPECT_EQ(checksum(to_yaml(revision)), checksum_of(revision));
}

TEST(RevisionChecksum, DependsOnWhoseRevisionItIsAndOnWhatItStands) {
  const std::set<std::string> checksums = {
      checksum("{revision: a1, upgrade: []}"),
      checksum("{revision: a2, upgrade: []}"),
      checksum("{revision: a1, down_revision: b1, upgrade: []}"),
      checksum("{revision: a1, down_revision: [b1, c1], upgrade: []}"),
      checksum("{revision: a1, depends_on: b1, upgrade: []}"),
      checksum("{revision: a1, upgrade: [], downgrade: []}"),
      checksum("{revision: a1, upgrade: [drop_table: t]}"),
      checksum("{revision: a1, upgrade: [], downgrade: [drop_table: t]}"),
      checksum("{revision: a1, upgrade: [drop_table: t, drop_table: u]}"),
      checksum("{revision: a1, upgrade: [drop_table: u, drop_table: t]}"),
  };
  EXPECT_EQ(checksums.size(), 10U);
}

TEST(RevisionChecksum, DiffersForEveryDifferentChange) {
  const auto changes = {
      "drop_table: t",
      "drop_primary_key: t",
      "rename_table: t to u",
      "rename_table: u to t",
      "add_column: t.c string(20)",
      "alter_column: t.c string(20)",
      "add_column: u.c string(20)",
      "add_column: t.d string(20)",
      "add_column: t.c string(21)",
      "add_column: t.c char(20)",
      "add_column: t.c string(20) null",
      "add_column: t.c string(20) default ''",
      "add_column: t.c string(20) default '0'",
      "add_column: t.c string(20) default 0",
      "add_column: t.c string(20) default 0.0",
      "add_column: t.c string(20) default (0)",
      "add_column: t.c string(20) default true",
      "add_column: t.c string(20) default now",
      "add_column: t.c string(20) default 'now'",
      "add_column: t.c string(20) on update now",
      "add_column: t.c string(20) on update now by touch_c",
      "add_column: t.c string(20) auto_increment",
      "{add_column: t.c string(20), comment: a}",
      "{add_column: t.c string(20), collation: a}",
      "add_column: t.c datetime",
      "add_column: t.c datetime(0)",
      "add_column: t.c datetimetz",
      "add_column: t.c decimal",
      "add_column: t.c decimal(5)",
      "add_column: t.c decimal(5, 2)",
      "add_column: t.c native(\"a\")",
      "add_column: t.c native(\"b\")",
      "drop_column: t.c",
      "rename_column: t.c to d",
      "create_index: i on t (a)",
      "create_index: unique i on t (a)",
      "create_index: i on t (a desc)",
      "create_index: i on t (a, b)",
      "create_index: i on t (b, a)",
      "create_index: i on t (a) where b",
      "drop_index: i on t",
      "drop_check: i on t",
      "add_primary_key: t (a)",
      "add_primary_key: i on t (a)",
      "add_unique: t (a)",
      "add_unique: i on t (a)",
      "drop_unique: t (a)",
      "drop_unique: i on t",
      "drop_unique: i on t (a)",
      "add_check: t (a)",
      "add_check: i on t (a)",
      "add_foreign_key: t (a) -> r",
      "add_foreign_key: t (a) -> r(b)",
      "add_foreign_key: t (a, b) -> r",
      "add_foreign_key: i on t (a) -> r(b)",
      "add_foreign_key: t (a) -> r(b) on delete cascade",
      "add_foreign_key: t (a) -> r(b) on update cascade",
      "add_foreign_key: t (a) -> r(b) on delete restrict",
      "add_foreign_key: t (a) -> r(b) on delete set null",
      "add_foreign_key: t (a) -> r(b) on delete set default",
      "drop_foreign_key: t (a)",
      "drop_foreign_key: i on t",
      "add_column: t.c integer generated as (a)",
      "add_column: t.c integer generated as (a) stored",
      "add_column: t.c enum(a)",
      "add_column: t.c enum(a, 9)",
      "create_index: i on t using a (a)",
      "create_index: i on t ((a))",
      "create_index: i on t (a(9))",
      "create_index: i on t (a collate b)",
      "create_index: i on t (a b_ops)",
      "create_index: i on t (a nulls first)",
      "create_index: i on t (a nulls last)",
      "create_index: i on t (a) include (b)",
      "rename_index: i on t to j",
      "rename_index: j on t to i",
      "add_foreign_key: t (a) -> r(b) deferrable",
      "add_foreign_key: t (a) -> r(b) deferrable initially deferred",
      "{create_view: t, query: a}",
      "{create_view: t, query: {sqlite: a}}",
      "{create_view: t, query: a, columns: [a]}",
      "{create_view: t, query: a, materialized: true}",
      "{replace_view: t, query: a}",
      "drop_view: t",
      "{create_trigger: i after insert on t, body: a}",
      "{create_trigger: i before insert on t, body: a}",
      "{create_trigger: i instead of insert on t, body: a}",
      "{create_trigger: i after update on t, body: a}",
      "{create_trigger: i after delete on t, body: a}",
      "{create_trigger: i after insert or update on t, body: a}",
      "{create_trigger: i after update of a on t, body: a}",
      "{create_trigger: i after insert on t for each statement, body: a}",
      "{create_trigger: i after insert on t, body: {sqlite: a}}",
      "{create_trigger: i after insert on t, body: a, when: b}",
      "{create_trigger: i after insert on t, body: a, function: b}",
      "{replace_trigger: i after insert on t, body: a}",
      "drop_trigger: i on t",
      "create_enum: t (a)",
      "create_enum: t (a, b)",
      "create_enum: t (b, a)",
      "alter_enum: t (a, b)",
      "{alter_enum: 't (a, b)', rename: {c: a}}",
      "{alter_enum: 't (a, b)', replace: {c: a}}",
      "drop_enum: t",
      "set_comment: t to ''",
      "set_comment: t to 'a'",
      "set_comment: t.c to 'a'",
      "{set_table_options: t, strict: false}",
      "{set_table_options: t, strict: true}",
      "{set_table_options: t, without_rowid: true}",
      "{backfill: t, set: {a: b}}",
      "{backfill: t, set: {a: b, b: a}}",
      "{backfill: t, set: {a: b}, where: c}",
      "{backfill: t, set: {a: {sqlite: b}}}",
      "{execute: a, stands_for: [drop_table: t]}",
      "{execute: a, stands_for: [drop_table: t, drop_table: u]}",
      "{create_table: t, columns: [a: integer, b: text], strict: true}",
      "{create_table: t, columns: [a: integer, b: text], without_rowid: true}",
      "execute: a",
      "execute: {sqlite: a}",
      "execute: {mysql: a}",
      "execute: [a, b]",
      "{execute: a, undo: b}",
      "{create_table: t, columns: [a: integer, b: text]}",
      "{create_table: t, columns: [b: text, a: integer]}",
      "{create_table: t, columns: [a: integer, b: text], primary_key: [a]}",
      "{create_table: t, columns: [a: integer, b: text], unique: [[a, b]]}",
      "{create_table: t, columns: [a: integer, b: text], unique: [[a], [b]]}",
      "{create_table: t, columns: [a: integer, b: text], checks: [a]}",
      "{create_table: t, columns: [a: integer, b: text], indexes: [i (a)]}",
      "{create_table: t, columns: [a: integer, b: text], foreign_keys: [a -> r(a)]}",
      "{create_table: t, columns: [a: integer, b: text], comment: a}",
  };
  std::set<std::string> checksums;
  for (const char* change : changes) {
    EXPECT_TRUE(checksums.insert(checksum_of_change(change)).second) << change;
  }
}

TEST(RevisionChecksum, CannotBeForgedByTextThatLooksLikeAnotherProperty) {
  EXPECT_NE(checksum_of_change("{add_column: t.c text, comment: \"a\\ncollation 1:b\"}"),
            checksum_of_change("{add_column: t.c text, comment: a, collation: b}"));
}

// Databases hold this value: when it changes, kChecksumVersion must, and the old algorithm must
// stay.
TEST(RevisionChecksum, NeverChanges) {
  EXPECT_EQ(kChecksumVersion, 1);
  EXPECT_EQ(checksum(kTable), "6ec6c5bab710ed7c0dddbbc252e3eab79d937e9ef8aef01272cc5eafc32a263a");
}

}  // namespace
}  // namespace parley::migrate
