#include <gmock/gmock.h>

#include <string>

#include "base/error.h"
#include "migrate/revision.h"

namespace parley::migrate {
namespace {

using testing::HasSubstr;

const std::string kHeader = "revision: a1\nupgrade:\n";

Error error_of(const std::string& yaml) {
  try {
    parse_revision(yaml, "a1.yaml");
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::InvalidRevisionFile);
    return error;
  }
  ADD_FAILURE() << "this was read:\n" << yaml;
  return Error(ErrorCode::Internal, "");
}

std::string message_for(const std::string& yaml) { return error_of(yaml).what(); }

/// The message for one change, in line 3 from column 5 on.
std::string change_message(const std::string& change) {
  return message_for(kHeader + "  - " + change + "\n");
}

/// The only change of a revision that says `change`.
schema::Change change_of(const std::string& change) {
  return parse_revision(kHeader + "  - " + change + "\n", "a1.yaml").upgrade.at(0);
}

TEST(RevisionRead, TakesNullAbsentOneOrSeveralParents) {
  const auto parents = [](const std::string& line) {
    return parse_revision("revision: a1\n" + line + "upgrade: []\n", "a1.yaml").down_revisions;
  };
  EXPECT_EQ(parents(""), std::vector<std::string>{});
  EXPECT_EQ(parents("down_revision: null\n"), std::vector<std::string>{});
  EXPECT_EQ(parents("down_revision: 001\n"), std::vector<std::string>{"001"});
  EXPECT_EQ(parents("down_revision: [b1, c1]\n"), (std::vector<std::string>{"b1", "c1"}));
}

TEST(RevisionRead, TellsNoDowngradeFromAnEmptyOne) {
  EXPECT_FALSE(parse_revision("revision: a1\nupgrade: []\n", "f").downgrade.has_value());
  const auto downgrade =
      parse_revision("revision: a1\nupgrade: []\ndowngrade: []\n", "f").downgrade;
  ASSERT_TRUE(downgrade.has_value());
  EXPECT_TRUE(downgrade->empty());
}

TEST(RevisionRead, KeepsTheNameOfTheFile) {
  EXPECT_EQ(parse_revision("revision: a1\nupgrade: []\n", "dir/a1.yaml").file, "dir/a1.yaml");
}

TEST(RevisionRead, TakesWordsInUpperCaseAndAnyOrder) {
  EXPECT_EQ(change_of("add_column: t.c DateTime ON UPDATE now DEFAULT now NULL"),
            change_of("add_column: t.c datetime null default now on update now"));
  EXPECT_EQ(change_of("add_foreign_key: t(a)->r(b) ON DELETE CASCADE"),
            change_of("add_foreign_key: t (a) -> r (b) on delete cascade on update no action"));
  EXPECT_EQ(change_of("create_index: UNIQUE i on t(a ASC,b DESC)"),
            change_of("create_index: unique i on t (a, b desc)"));
}

TEST(RevisionRead, TakesOneColumnForAListOfOne) {
  EXPECT_EQ(change_of("{create_table: t, columns: [a: integer], primary_key: a, unique: [a]}"),
            change_of("{create_table: t, columns: [a: integer], primary_key: [a], unique: [[a]]}"));
}

TEST(RevisionRead, TakesSqlPerEngineInAnyOrderOfKeys) {
  EXPECT_EQ(change_of("execute: {sqlite: a, mysql: b}"),
            change_of("execute: {mysql: b, sqlite: a}"));
}

TEST(RevisionRead, RefusesAFileThatIsNoRevision) {
  EXPECT_EQ(message_for(""), "a1.yaml:1:1: the file is empty");
  EXPECT_EQ(message_for("- a\n"), "a1.yaml:1:1: a revision file is made of keys and values");
  EXPECT_EQ(message_for("message: x\nupgrade: []\n"), "a1.yaml:1:1: the key 'revision' is missing");
  EXPECT_EQ(message_for("revision: a1\n"), "a1.yaml:1:1: the key 'upgrade' is missing");
}

TEST(RevisionRead, SuggestsTheKeyThatWasMeant) {
  const Error error = error_of("revision: a1\ndown_revison: b1\n");
  EXPECT_STREQ(error.what(),
               "a1.yaml:2:1: unknown key 'down_revison' in a revision file; "
               "did you mean 'down_revision'?");
  EXPECT_THAT(error.hint(), HasSubstr("revision, down_revision, branch_labels"));
}

TEST(RevisionRead, RefusesIdsThatCouldNotBeUsed) {
  const auto message = [](const std::string& id) {
    return message_for("revision: " + id + "\nupgrade: []\n");
  };
  EXPECT_EQ(message("null"), "a1.yaml:1:1: revision must be a text");
  EXPECT_EQ(message("[a]"), "a1.yaml:1:11: revision must be a text");
  EXPECT_EQ(message("''"), "a1.yaml:1:11: revision '' is empty");
  EXPECT_EQ(message("two words"), "a1.yaml:1:11: revision 'two words' has white space in it");
  EXPECT_EQ(message("head"), "a1.yaml:1:11: revision 'head' is a word of revision expressions");
  EXPECT_THAT(message("a@b"), HasSubstr("a1.yaml:1:11: revision 'a@b' has one of @"));
  EXPECT_THAT(message("../a"), HasSubstr("revision '../a' has one of"));
  EXPECT_THAT(message(std::string(33, 'a')), HasSubstr("is longer than 32 characters"));
  EXPECT_EQ(parse_revision("revision: " + std::string(32, 'a') + "\nupgrade: []\n", "f").id.size(),
            32U);
}

TEST(RevisionRead, RefusesParentsThatCannotBe) {
  EXPECT_EQ(message_for("revision: a1\ndown_revision: a1\nupgrade: []\n"),
            "a1.yaml:2:16: down_revision names the revision 'a1' itself");
  EXPECT_EQ(message_for("revision: a1\ndepends_on: [b1, a1]\nupgrade: []\n"),
            "a1.yaml:2:13: depends_on names the revision 'a1' itself");
  EXPECT_EQ(message_for("revision: a1\ndown_revision: [b1, b1]\nupgrade: []\n"),
            "a1.yaml:2:21: down_revision names 'b1' twice");
  EXPECT_EQ(message_for("revision: a1\ndown_revision: {b1: c1}\nupgrade: []\n"),
            "a1.yaml:2:16: down_revision must be a text");
}

TEST(RevisionRead, RefusesChangesThatAreNoList) {
  EXPECT_EQ(message_for("revision: a1\nupgrade:\n  drop_table: t\n"),
            "a1.yaml:3:3: upgrade must be a list of changes");
  const Error error = error_of("revision: a1\nupgrade: []\ndowngrade:\n");
  EXPECT_STREQ(error.what(), "a1.yaml:3:1: downgrade must be a list of changes");
  EXPECT_EQ(error.hint(), "Write `downgrade: []` when there is nothing to do.");
}

TEST(RevisionRead, SuggestsTheChangeThatWasMeant) {
  const Error error = error_of(kHeader + "  - crate_table: t\n    columns: []\n");
  EXPECT_STREQ(error.what(),
               "a1.yaml:3:5: unknown change 'crate_table'; did you mean 'create_table'?");
  EXPECT_THAT(error.hint(), HasSubstr("create_table, drop_table, rename_table"));
  EXPECT_EQ(change_message("drop table t"),
            "a1.yaml:3:5: expected a change, such as `drop_table: name`");
}

TEST(RevisionRead, RefusesTwoChangesInOneItem) {
  EXPECT_EQ(message_for(kHeader + "  - drop_table: a\n    drop_index: b on c\n"),
            "a1.yaml:4:5: 'drop_table' and 'drop_index' are in one item");
}

TEST(RevisionRead, SuggestsTheDetailThatWasMeant) {
  EXPECT_EQ(message_for(kHeader + "  - create_table: a\n    colums:\n      - id: integer\n"),
            "a1.yaml:4:5: unknown key 'colums' in create_table; did you mean 'columns'?");
  EXPECT_EQ(message_for(kHeader + "  - drop_table: a\n    comment: b\n"),
            "a1.yaml:4:5: unknown key 'comment' in drop_table");
}

TEST(RevisionRead, RefusesTablesThatCannotBe) {
  EXPECT_EQ(change_message("create_table: t"), "a1.yaml:3:5: table 't' has no columns");
  EXPECT_EQ(change_message("{create_table: t, columns: {a: integer}}"),
            "a1.yaml:3:32: 'columns' must be a list, one item per line with '- ' in front");
  EXPECT_EQ(change_message("{create_table: t, columns: [a integer]}"),
            "a1.yaml:3:33: expected a name, a colon and a value");
  EXPECT_EQ(change_message("{create_table: t, columns: [{a: integer, b: text}]}"),
            "a1.yaml:3:46: 'a' and 'b' are in one item");
  EXPECT_EQ(change_message("{create_table: t, columns: [a: integer, a: text]}"),
            "a1.yaml:3:45: column 'a' is here twice");
  EXPECT_EQ(change_message("{create_table: t, columns: [a: {comment: x}]}"),
            "a1.yaml:3:33: column 'a' has no 'type'");
  EXPECT_EQ(change_message("{create_table: t, columns: [a: integer], primary_key: []}"),
            "a1.yaml:3:59: a key needs a column");
}

TEST(RevisionRead, SuggestsTheTypeThatWasMeant) {
  EXPECT_EQ(message_for(kHeader + "  - create_table: t\n    columns:\n      - id: integr\n"),
            "a1.yaml:5:13: unknown type 'integr'; did you mean 'integer'?, in: integr");
  EXPECT_EQ(change_message("add_column: t.c varchar(20)"),
            "a1.yaml:3:21: unknown type 'varchar'; did you mean 'string'?, in: t.c varchar(20)");
  EXPECT_THAT(change_message("add_column: t.c polygon"),
              HasSubstr("a1.yaml:3:21: unknown type 'polygon', in:"));
  EXPECT_THAT(change_message("add_column: t.c"),
              HasSubstr("a1.yaml:3:20: expected a type at the end"));
}

TEST(RevisionRead, RefusesTypeArgumentsThatCannotBe) {
  EXPECT_THAT(change_message("add_column: t.c string(x)"),
              HasSubstr("a1.yaml:3:28: expected a length, a whole number from 1 up, found 'x'"));
  EXPECT_THAT(change_message("add_column: t.c string(0)"), HasSubstr("found '0'"));
  EXPECT_THAT(change_message("add_column: t.c string(99999999999)"),
              HasSubstr("found '99999999999'"));
  EXPECT_THAT(change_message("add_column: t.c string(20"), HasSubstr("expected ')' at the end"));
  EXPECT_THAT(change_message("add_column: t.c integer(11)"), HasSubstr("a1.yaml:3:28: expected"));
  EXPECT_THAT(change_message("add_column: t.c native"),
              HasSubstr("expected (\"the engine's own type\")"));
}

TEST(RevisionRead, RefusesPropertiesThatCannotBe) {
  EXPECT_THAT(change_message("add_column: t.c text not null"),
              HasSubstr("3:26: a column is not null unless"));
  EXPECT_THAT(change_message("add_column: t.c text null null"),
              HasSubstr("3:31: 'null' is here twice"));
  EXPECT_THAT(change_message("add_column: t.c text defalt 1"),
              HasSubstr("3:26: expected 'default', found 'defalt'"));
  EXPECT_THAT(change_message("add_column: t.c text primary key"),
              HasSubstr("3:26: expected a property of the column, found 'primary'"));
  EXPECT_THAT(change_message("add_column: t.c datetime on update"),
              HasSubstr("expected 'now' at the end"));
}

TEST(RevisionRead, RefusesDefaultsThatCannotBe) {
  const Error error = error_of(kHeader + "  - add_column: t.c text default pending\n");
  EXPECT_STREQ(
      error.what(),
      "a1.yaml:3:34: 'pending' is no default: a text stands in single quotes, 'pending', an "
      "expression in parentheses, (pending), in: t.c text default pending");
  EXPECT_THAT(error.hint(), HasSubstr("It reads: table.column type"));
  EXPECT_THAT(change_message("add_column: t.c text default"),
              HasSubstr("expected a default at the end"));
  EXPECT_THAT(change_message("add_column: t.c text default 'a"),
              HasSubstr("3:34: the closing ' is missing"));
  EXPECT_THAT(change_message("add_column: t.c text default (a"),
              HasSubstr("3:34: the closing ) is missing"));
  EXPECT_THAT(change_message("add_column: t.c text null default null"),
              HasSubstr("needs no default for it"));
  for (const char* number : {"1.", ".5", "1e", "--1", "0x1", "1_000"}) {
    EXPECT_THAT(change_message("add_column: t.c double default " + std::string(number)),
                HasSubstr("is no default"));
  }
}

TEST(RevisionRead, SaysWhatItExpectedInAShortForm) {
  const Error error = error_of(kHeader + "  - add_foreign_key: t (a) > r(b)\n");
  EXPECT_STREQ(error.what(), "a1.yaml:3:28: expected '->', found '>', in: t (a) > r(b)");
  EXPECT_THAT(error.hint(), HasSubstr("It reads: [name on] table (column) -> other_table(column)"));
  EXPECT_THAT(change_message("create_index: i on t"), HasSubstr("3:25: expected '(' at the end"));
  EXPECT_THAT(change_message("create_index: i t (a)"), HasSubstr("3:21: expected 'on', found 't'"));
  EXPECT_THAT(change_message("create_index: i on t (a,)"),
              HasSubstr("3:29: expected a column, found ')'"));
  EXPECT_THAT(change_message("create_index: i on t (a) b"),
              HasSubstr("3:30: 'b' is not expected here"));
  EXPECT_THAT(change_message("create_index: i on t (a) where"),
              HasSubstr("expected a condition at the end"));
  EXPECT_THAT(change_message("drop_column: t"), HasSubstr("3:19: expected '.' at the end"));
  EXPECT_THAT(change_message("drop_table: a b"), HasSubstr("3:19: 'b' is not expected here"));
  EXPECT_THAT(change_message("rename_table: a b"), HasSubstr("3:21: expected 'to', found 'b'"));
  EXPECT_THAT(change_message("add_check: c on t a > 0"),
              HasSubstr("expected the condition in parentheses"));
  EXPECT_THAT(change_message("drop_unique: t"), HasSubstr("expected '(' at the end"));
  EXPECT_THAT(change_message("add_foreign_key: t (a) -> r(b) on delete no"),
              HasSubstr("expected 'cascade'"));
  EXPECT_THAT(change_message("add_foreign_key: t (a) -> r(b) on delete cascade on delete cascade"),
              HasSubstr("3:54: expected 'on delete', 'on update' or 'deferrable', each once"));
  EXPECT_THAT(change_message("drop_table: '\"\"'"), HasSubstr("3:18: a name is empty"));
}

TEST(RevisionRead, TakesTheHabitsOfSql) {
  EXPECT_EQ(change_of("add_column: t.c integer GENERATED ALWAYS AS (a + b) VIRTUAL"),
            change_of("add_column: t.c integer generated as (a + b)"));
  EXPECT_EQ(change_of("{create_trigger: 'g AFTER UPDATE OF a, b OR INSERT ON t FOR EACH ROW', body: x}"),
            change_of("{create_trigger: 'g after insert or update of (a, b) on t', body: x}"));
  EXPECT_EQ(change_of("add_foreign_key: t(a) -> r(b) DEFERRABLE INITIALLY IMMEDIATE ON DELETE CASCADE"),
            change_of("add_foreign_key: t (a) -> r (b) on delete cascade deferrable"));
  EXPECT_EQ(change_of("{create_enum: e, values: [a, b]}"), change_of("create_enum: e (a, b)"));
}

TEST(RevisionRead, SuggestsTheChangeAmongTheNewerOnes) {
  EXPECT_THAT(change_message("create_veiw: v"), HasSubstr("did you mean 'create_view'?"));
  EXPECT_THAT(change_message("backfil: v"), HasSubstr("did you mean 'backfill'?"));
  EXPECT_THAT(change_message("{create_trigger: g after insert on t, bdy: x}"),
              HasSubstr("unknown key 'bdy' in create_trigger; did you mean 'body'?"));
}

TEST(RevisionRead, RefusesIndexPartsThatCannotBe) {
  EXPECT_THAT(change_message("create_index: i on t (a dsc)"),
              HasSubstr("3:29: expected ',' or ')', or 'collate', 'desc', 'nulls first'"));
  EXPECT_THAT(change_message("create_index: i on t (a nulls frist)"),
              HasSubstr("3:35: expected 'first' or 'last', found 'frist'"));
  EXPECT_THAT(change_message("create_index: i on t (lower(a)"),
              HasSubstr("expected ',' or ')'"));
  EXPECT_THAT(change_message("create_index: i on t (lower(a"), HasSubstr("the closing ) is missing"));
  EXPECT_THAT(change_message("create_index: i on t (a + b)"), HasSubstr("3:29: expected ','"));
  EXPECT_THAT(change_message("create_index: i on t (a(0))"),
              HasSubstr("a whole number from 1 up, found '0'"));
  EXPECT_THAT(change_message("create_index: i on t (())"), HasSubstr("the expression is empty"));
}

TEST(RevisionRead, RefusesTriggersThatCannotBe) {
  EXPECT_THAT(change_message("{create_trigger: g insert on t, body: x}"),
              HasSubstr("3:24: expected 'before', 'after' or 'instead of', found 'insert'"));
  EXPECT_THAT(change_message("{create_trigger: g after on t, body: x}"),
              HasSubstr("expected 'insert', 'update' or 'delete', found 'on'"));
  EXPECT_THAT(change_message("{create_trigger: g after insert or insert on t, body: x}"),
              HasSubstr("an event is here twice"));
  EXPECT_EQ(change_message("create_trigger: g after insert on t"),
            "a1.yaml:3:5: trigger 'g' has no 'body'");
  EXPECT_EQ(change_message("{create_trigger: g after insert on t, body: [a, b]}"),
            "a1.yaml:3:49: here are two texts for one engine");
  EXPECT_THAT(change_message("{create_trigger: g after insert on t for each line, body: x}"),
              HasSubstr("expected 'row'"));
}

TEST(RevisionRead, RefusesViewsEnumsAndBackfillsThatCannotBe) {
  EXPECT_EQ(change_message("create_view: v"), "a1.yaml:3:5: view 'v' has no 'query'");
  EXPECT_EQ(change_message("{create_view: v, query: x, materialized: yes}"),
            "a1.yaml:3:46: materialized must be true or false");
  EXPECT_THAT(change_message("create_enum: e"), HasSubstr("3:19: expected '(' at the end"));
  EXPECT_THAT(change_message("{alter_enum: e (a), rename: [a]}"),
              HasSubstr("'rename' must say for each value which takes its place"));
  EXPECT_EQ(change_message("backfill: t"), "a1.yaml:3:5: a backfill sets columns");
  EXPECT_EQ(change_message("{backfill: t, set: [a]}"), "a1.yaml:3:24: a backfill sets columns");
  EXPECT_EQ(change_message("{backfill: t, set: {a: }}"), "a1.yaml:3:25: the SQL is missing");
  EXPECT_EQ(change_message("set_table_options: t"),
            "a1.yaml:3:5: set_table_options says no option");
  EXPECT_THAT(change_message("set_comment: t to text"),
              HasSubstr("expected a text in single quotes, found 'text'"));
}

TEST(RevisionRead, RefusesColumnsOfAnEnumWithoutItsName) {
  EXPECT_THAT(change_message("add_column: t.c enum"), HasSubstr("expected (the name of the enum)"));
  EXPECT_THAT(change_message("add_column: t.c enum('a', 'b')"),
              HasSubstr("3:26: an enum is named here; its values are listed by 'create_enum'"));
}

TEST(RevisionRead, RefusesDefaultsOfGeneratedColumns) {
  EXPECT_THAT(change_message("add_column: t.c integer default 0 generated as (a)"),
              HasSubstr("a generated column has no default"));
  EXPECT_THAT(change_message("add_column: t.c integer generated as (a) on update now"),
              HasSubstr("a generated column has no default"));
  EXPECT_THAT(change_message("add_column: t.c integer default (a) generated as (b)"),
              HasSubstr("a generated column has no default"));
}

TEST(RevisionRead, PointsIntoWhatSqlStandsFor) {
  EXPECT_EQ(message_for(kHeader + "  - execute: x\n    stands_for:\n      - drop_tabel: t\n"),
            "a1.yaml:5:9: unknown change 'drop_tabel'; did you mean 'drop_table'?");
  EXPECT_EQ(message_for(kHeader + "  - execute: x\n    stands_for: drop_table\n"),
            "a1.yaml:4:17: 'stands_for' must be a list, one item per line with '- ' in front");
}

TEST(RevisionRead, ReadsFilesOfOtherSystems) {
  const std::string lines = "revision: a1\r\nupgrade:\r\n  - create_view: v\r\n    query: |\r\n"
                            "      SELECT 1\r\n      FROM t\r\n";
  const auto plain = parse_revision(
      "revision: a1\nupgrade:\n  - create_view: v\n    query: |\n      SELECT 1\n      FROM t\n", "f");
  EXPECT_EQ(parse_revision(lines, "f"), plain);
  EXPECT_EQ(parse_revision("\xEF\xBB\xBF" + lines, "f"), plain);
}

TEST(RevisionRead, TellsWhereBrokenYamlBreaks) {
  EXPECT_THAT(message_for("revision: a1\nupgrade:\n\t- drop_table: t\n"), HasSubstr("a1.yaml:3:2: this line is indented by a tab"));
  EXPECT_THAT(message_for("revision: a1\nupgrade:\n  - create_view: v\n\tquery: x\n"),
              HasSubstr("a1.yaml:4:"));
  EXPECT_THAT(message_for("revision: a1\nupgrade:\n  - execute: 'a\n"),
              HasSubstr("a1.yaml:3:14: this quote is never closed"));
  EXPECT_EQ(message_for("revision: a1\nupgrade: []\nupgrade: []\n"),
            "a1.yaml:3:1: 'upgrade' is here twice; the first is in line 2");
  EXPECT_EQ(message_for("revision: a1\nmessage: \xC3\x28\nupgrade: []\n"),
            "a1.yaml:2:10: the file is not UTF-8 text");
}

TEST(RevisionRead, ReadsTensOfThousandsOfChanges) {
  std::string yaml = kHeader;
  constexpr int kChanges = 20'000;
  for (int i = 0; i < kChanges; ++i) yaml += "  - drop_table: t" + std::to_string(i) + "\n";
  EXPECT_EQ(parse_revision(yaml, "f").upgrade.size(), kChanges);
}

TEST(RevisionRead, RefusesValuesOfTheWrongKind) {
  EXPECT_EQ(change_message("drop_table: [a]"), "a1.yaml:3:17: expected a text on one line");
  EXPECT_EQ(change_message("drop_table:"), "a1.yaml:3:5: expected a text on one line");
  EXPECT_EQ(message_for("revision: a1\nmessage: [a]\nupgrade: []\n"),
            "a1.yaml:2:10: message must be a text");
}

TEST(RevisionRead, RefusesSqlThatIsMissing) {
  EXPECT_EQ(change_message("execute:"), "a1.yaml:3:5: the SQL is missing");
  EXPECT_EQ(change_message("execute: ' '"), "a1.yaml:3:14: the SQL is empty");
  EXPECT_EQ(change_message("execute: {sqlit: x}"),
            "a1.yaml:3:15: unknown key 'sqlit' in SQL per engine; did you mean 'sqlite'?");
  EXPECT_EQ(change_message("execute: [[x]]"), "a1.yaml:3:15: a list of SQL holds no further list");
}

}  // namespace
}  // namespace parley::migrate
