// The SQLite rebuild loses nothing: every property of a table that ALTER TABLE cannot change is
// tested on tables with rows, children, triggers of other tables and views, planned from the
// database as it is, which is how the executor plans.

#include <gmock/gmock.h>

#include <algorithm>

#include "base/error.h"
#include "base/text.h"
#include "conformance/conformance.h"
#include "database/transaction.h"
#include "dialect/foreign_key_pause.h"
#include "support/errors.h"

namespace parley::test {
namespace {

using namespace schema;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class Rebuild : public ConformanceTest {
 protected:
  /// Runs the change as the executor does, planned from what is there; `true` when a table was
  /// made anew.
  bool change(const Change& change) {
    const Schema before = found();
    const auto rebuilt = dialect().rebuilt_tables(change, before);
    using Pause = dialect::ForeignKeyPause;
    Pause pause(connection(), dialect().needs_foreign_keys_off(change, before) ? Pause::Needed::Yes
                                                                               : Pause::Needed::No);
    database::Transaction transaction(connection());
    dialect().require_rows_fit(connection(), change, before);
    const auto kept = dialect().unmodelled_objects(connection(), rebuilt, before);
    for (const std::string& statement : dialect().render(change, before)) execute(statement);
    for (const std::string& statement : kept) execute(statement);
    pause.check(rebuilt);
    transaction.commit();
    Schema after = before;
    schema::apply(after, change);
    EXPECT_EQ(found(), dialect().normalize(after)) << describe(change);
    return !rebuilt.empty();
  }

  /// Makes the table anew without touching what the tests look at: `spare` gets another type.
  void rebuild(const std::string& table) {
    Column spare = *column_of(table, "spare");
    spare.type = spare.type.kind == TypeKind::Text ? integer() : text();
    EXPECT_TRUE(change(AlterColumn{table, spare}));
  }

  std::optional<Column> column_of(const std::string& table, const std::string& name) {
    const Schema schema = found();
    const Column* column = schema.find_table(table)->find_column(name);
    return column == nullptr ? std::nullopt : std::optional(*column);
  }

  /// All rows of a query, values behind another with `|`.
  std::vector<std::string> rows(const std::string& sql) {
    std::vector<std::string> lines;
    for (const auto& row : database::query(connection(), sql)) {
      std::vector<std::string> values;
      for (const Value& each : row) {
        values.push_back(is_null(each) ? "NULL" : database::text_of(each));
      }
      lines.push_back(join(values, "|"));
    }
    return lines;
  }

  std::string sql_of(const std::string& object) {
    return value("SELECT sql FROM sqlite_schema WHERE name = '" + object + "'");
  }

  std::string message_of(const Change& bad) {
    const auto error = error_of([&] { change(bad); });
    if (!error) return "no error";
    EXPECT_FALSE(error->hint().empty()) << error->what();
    return error->what();
  }
};
INSTANTIATE_TEST_SUITE_P(Sqlite, Rebuild, testing::Values(TestEngine::Sqlite),
                         engine_name<testing::TestParamInfo<TestEngine>>);

TEST_P(Rebuild, KeepsRowsOfChildrenWhoseForeignKeyCascades) {
  execute("CREATE TABLE parent (id INTEGER PRIMARY KEY, spare TEXT)");
  execute(
      "CREATE TABLE child (id INTEGER PRIMARY KEY, p INTEGER NOT NULL REFERENCES Parent (ID) "
      "ON DELETE CASCADE)");
  execute("CREATE TABLE nulled (p INTEGER REFERENCES parent ON DELETE SET NULL)");
  execute("INSERT INTO parent VALUES (1, 'a'), (2, 'b')");
  execute("INSERT INTO child VALUES (10, 1), (11, 2)");
  execute("INSERT INTO nulled VALUES (2)");
  rebuild("parent");
  EXPECT_THAT(rows("SELECT * FROM child"), ElementsAre("10|1", "11|2"));
  EXPECT_THAT(rows("SELECT * FROM nulled"), ElementsAre("2"));
  EXPECT_EQ(value("PRAGMA foreign_keys"), "1");
  EXPECT_ANY_THROW(execute("INSERT INTO child VALUES (12, 3)"));
  execute("DELETE FROM parent WHERE id = 2");
  EXPECT_THAT(rows("SELECT * FROM child"), ElementsAre("10|1"));
  EXPECT_THAT(rows("SELECT * FROM nulled"), ElementsAre("NULL"));
}

TEST_P(Rebuild, KeepsReferencesOfATableToItself) {
  execute(
      "CREATE TABLE tree (id INTEGER PRIMARY KEY, up INTEGER REFERENCES tree (id) ON DELETE "
      "CASCADE DEFERRABLE INITIALLY DEFERRED, spare TEXT)");
  execute("INSERT INTO tree VALUES (1, NULL, ''), (2, 1, ''), (3, 2, '')");
  rebuild("tree");
  EXPECT_THAT(rows("SELECT id, up FROM tree"), ElementsAre("1|NULL", "2|1", "3|2"));
  EXPECT_THAT(sql_of("tree"), HasSubstr("REFERENCES tree(id) ON DELETE CASCADE DEFERRABLE "
                                        "INITIALLY DEFERRED"));
  execute("DELETE FROM tree WHERE id = 1");
  EXPECT_THAT(rows("SELECT * FROM tree"), IsEmpty());
}

TEST_P(Rebuild, KeepsOwnTriggersWithTheirLettersAndComments) {
  const std::string trigger =
      "CREATE TRIGGER Audit AFTER UPDATE OF spare ON T WHEN NEW.spare <> \"x\" BEGIN\n"
      "  -- who did it\n  INSERT INTO Log VALUES (NEW.id, 'Said');\nEND";
  execute("CREATE TABLE t (id INTEGER PRIMARY KEY, spare TEXT)");
  execute("CREATE TABLE log (id INTEGER, word TEXT)");
  execute(trigger);
  execute("INSERT INTO t VALUES (1, 'a')");
  rebuild("t");
  EXPECT_EQ(sql_of("Audit"), trigger);
  EXPECT_THAT(rows("SELECT * FROM log"), IsEmpty());
  execute("UPDATE t SET spare = 'b'");
  EXPECT_THAT(rows("SELECT * FROM log"), ElementsAre("1|Said"));
}

class RebuildAmongOthers : public Rebuild {
 protected:
  void SetUp() override {
    execute("CREATE TABLE \"Main Table\" (id INTEGER PRIMARY KEY, n INTEGER, spare TEXT)");
    execute("CREATE TABLE other (id INTEGER PRIMARY KEY, main_id INTEGER)");
    execute("CREATE TABLE log (word TEXT)");
    execute("CREATE VIEW v AS SELECT id, n FROM [main table]");
    execute("CREATE VIEW vv (total, \"The Most\") AS SELECT sum(v.n), max(n) FROM V");
    execute(
        "CREATE TRIGGER on_view INSTEAD OF INSERT ON v BEGIN "
        "INSERT INTO `MAIN TABLE` (n) VALUES (NEW.n); END");
    execute(
        "CREATE TRIGGER in_when AFTER INSERT ON other "
        "WHEN EXISTS (SELECT 1 FROM \"main table\" WHERE id = NEW.main_id) "
        "BEGIN INSERT INTO log VALUES ('when'); END");
    execute(
        "CREATE TRIGGER in_body AFTER DELETE ON other BEGIN "
        "UPDATE \"Main Table\" SET n = n + (SELECT count(*) FROM vv) WHERE id = OLD.main_id; "
        "END");
    execute("INSERT INTO \"Main Table\" VALUES (1, 5, 'a')");
    execute("INSERT INTO other VALUES (1, 1)");
    execute("DELETE FROM log");
    kept_ = statements();
  }

  std::vector<std::string> statements() {
    std::vector<std::string> all;
    for (const char* each : {"v", "vv", "on_view", "in_when", "in_body"}) {
      all.push_back(sql_of(each));
    }
    return all;
  }

  void expect_everything_works() {
    EXPECT_EQ(statements(), kept_);
    execute("INSERT INTO v (n) VALUES (7)");
    EXPECT_THAT(rows("SELECT total, \"The Most\" FROM vv"), ElementsAre("12|7"));
    execute("INSERT INTO other VALUES (2, 2)");
    EXPECT_THAT(rows("SELECT * FROM log"), ElementsAre("when"));
    execute("DELETE FROM other WHERE id = 1");
    EXPECT_THAT(rows("SELECT id, n FROM \"Main Table\""), ElementsAre("1|6", "2|7"));
  }

  std::vector<std::string> kept_;
};
INSTANTIATE_TEST_SUITE_P(Sqlite, RebuildAmongOthers, testing::Values(TestEngine::Sqlite),
                         engine_name<testing::TestParamInfo<TestEngine>>);

TEST_P(RebuildAmongOthers, LeavesViewsAndTriggersOfOtherTablesAlone) {
  rebuild("Main Table");
  expect_everything_works();
}

TEST_P(RebuildAmongOthers, LeavesAViewThatIsBrokenAlreadyAlone) {
  execute("CREATE VIEW broken AS SELECT * FROM nowhere");
  rebuild("Main Table");
  expect_everything_works();
}

TEST_P(RebuildAmongOthers, KeepsTemporaryTriggersAndViewsOfTheConnection) {
  execute(
      "CREATE TEMP TRIGGER mine AFTER INSERT ON main.\"Main Table\" BEGIN "
      "INSERT INTO log VALUES ('temp'); END");
  execute("CREATE TEMP VIEW seen AS SELECT n FROM \"Main Table\"");
  rebuild("Main Table");
  execute("INSERT INTO \"Main Table\" (n) VALUES (9)");
  EXPECT_THAT(rows("SELECT * FROM log"), ElementsAre("temp"));
  EXPECT_THAT(rows("SELECT * FROM seen"), ElementsAre("5", "9"));
}

TEST_P(RebuildAmongOthers, RefusesATemporaryTableThatHidesTheTable) {
  execute("CREATE TEMP TABLE \"main table\" (id INTEGER)");
  Column n = *column_of("Main Table", "n");
  n.type = text();
  EXPECT_THAT(message_of(AlterColumn{"Main Table", n}), HasSubstr("temporary table"));
}

TEST_P(RebuildAmongOthers, IsUndoneWhollyByAFailure) {
  const auto before = rows("SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY name");
  execute("UPDATE \"Main Table\" SET n = NULL");
  Column n = *column_of("Main Table", "n");
  n.nullable = false;
  EXPECT_THAT(message_of(AlterColumn{"Main Table", n}),
              HasSubstr("NOT NULL on 'Main Table.n' fails for 1 row (key 1)"));
  EXPECT_EQ(rows("SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY name"), before);
  EXPECT_EQ(value("PRAGMA foreign_keys"), "1");
  EXPECT_EQ(value("PRAGMA legacy_alter_table"), "0");
}

TEST_P(Rebuild, KeepsEveryKindOfIndex) {
  execute("CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT COLLATE NOCASE, b TEXT, spare TEXT)");
  execute("CREATE UNIQUE INDEX plain ON t (a, b DESC)");
  execute("CREATE INDEX \"Partial\" ON t (b) WHERE a IS NOT NULL AND b <> \"none\"");
  execute("CREATE INDEX expr ON t (lower(b) DESC, a || ')' COLLATE rtrim, length(a))");
  execute("CREATE INDEX collated ON t (b COLLATE NOCASE, a COLLATE binary DESC)");
  execute("INSERT INTO t VALUES (1, 'x', 'none', '')");
  rebuild("t");
  EXPECT_EQ(rows("SELECT l.name, l.\"unique\", l.partial, x.name, x.\"desc\", x.coll "
                 "FROM pragma_index_list('t') l JOIN pragma_index_xinfo(l.name) x "
                 "WHERE x.key ORDER BY l.name, x.seqno"),
            (std::vector<std::string>{"Partial|0|1|b|0|BINARY", "collated|0|0|b|0|nocase",
                                      "collated|0|0|a|1|binary", "expr|0|0|NULL|1|BINARY",
                                      "expr|0|0|NULL|0|rtrim", "expr|0|0|NULL|0|BINARY",
                                      "plain|1|0|a|0|nocase", "plain|1|0|b|1|BINARY"}));
  EXPECT_THAT(sql_of("Partial"), HasSubstr("b <> 'none'"));
  EXPECT_ANY_THROW(execute("INSERT INTO t VALUES (2, 'X', 'none', '')"));
}

TEST_P(Rebuild, KeepsChecksCollationsDefaultsAndTypesAsWritten) {
  execute(
      "CREATE TABLE t (id INTEGER PRIMARY KEY, spare TEXT,\n"
      "  a TIMESTAMP DEFAULT CURRENT_TIMESTAMP, b VARYING CHARACTER(20) COLLATE rtrim,\n"
      "  c DOUBLE PRECISION DEFAULT -1.50, d INT8 DEFAULT 'text', e DEFAULT x'00ff',\n"
      "  f DATE DEFAULT CURRENT_DATE, g TEXT DEFAULT \"quoted\", h TEXT DEFAULT (1 + 2),\n"
      "  i \"My Type\"(1, 2) CHECK (i IN ('a', \"Zz\")),\n"
      "  CONSTRAINT \"Named Check\" CHECK (t.c < 10 OR b = 'x' COLLATE nocase))");
  execute("INSERT INTO t (id) VALUES (1)");
  // The row id is never NULL, whether it says so or not.
  const std::string columns =
      "SELECT name, type, \"notnull\" AND NOT pk, pk FROM pragma_table_xinfo('t')";
  const auto before = rows(columns);
  const auto row = rows("SELECT * FROM t");
  rebuild("t");
  auto after = rows(columns);
  after[1] = before[1];
  EXPECT_EQ(after, before);
  EXPECT_EQ(rows("SELECT * FROM t"), row);
  execute("INSERT INTO t (id) VALUES (2)");
  EXPECT_EQ(rows("SELECT c, d, hex(e), g, h, typeof(h) FROM t WHERE id = 2"),
            std::vector<std::string>{"-1.5|text|00FF|quoted|3|text"});
  EXPECT_EQ(value("SELECT f = date('now') FROM t WHERE id = 2"), "1");
  EXPECT_ANY_THROW(execute("INSERT INTO t (id, i) VALUES (3, 'zz')"));
  execute("INSERT INTO t (id, i) VALUES (3, 'Zz')");
  EXPECT_ANY_THROW(execute("INSERT INTO t (id, b, c) VALUES (4, 'other', 11)"));
  execute("INSERT INTO t (id, b, c) VALUES (4, 'X', 11)");
  EXPECT_EQ(value("SELECT count(*) FROM t WHERE b = 'X  '"), "1");
}

TEST_P(Rebuild, KeepsGeneratedColumnsAndTheirValues) {
  execute(
      "CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER, spare TEXT, "
      "v INTEGER GENERATED ALWAYS AS (a * 2) VIRTUAL, "
      "s TEXT NOT NULL AS (a || '!') STORED)");
  execute("CREATE INDEX on_generated ON t (v)");
  execute("INSERT INTO t (id, a) VALUES (1, 4)");
  rebuild("t");
  EXPECT_THAT(rows("SELECT v, s FROM t"), ElementsAre("8|4!"));
  EXPECT_THAT(rows("SELECT name, hidden FROM pragma_table_xinfo('t') WHERE hidden > 0"),
              ElementsAre("v|2", "s|3"));
}

TEST_P(Rebuild, KeepsStrictAndWithoutRowid) {
  execute(
      "CREATE TABLE t (k TEXT, part INT, spare ANY, r REAL, b BLOB, PRIMARY KEY (k, part)) "
      "WITHOUT ROWID, STRICT");
  execute("INSERT INTO t VALUES ('b', 2, 1, 1.5, x'01'), ('a', 1, 'x', 2, NULL)");
  Column real = *column_of("t", "r");
  real.default_value = Number{"7"};
  EXPECT_TRUE(change(AlterColumn{"t", real}));
  EXPECT_THAT(rows("SELECT k, part, spare, typeof(spare), r FROM t"),
              ElementsAre("a|1|x|text|2", "b|2|1|integer|1.5"));
  EXPECT_THAT(rows("SELECT wr, strict FROM pragma_table_list('t')"), ElementsAre("1|1"));
  EXPECT_THAT(rows("SELECT type FROM pragma_table_xinfo('t')"),
              ElementsAre("TEXT", "INT", "ANY", "REAL", "BLOB"));
  EXPECT_ANY_THROW(execute("INSERT INTO t VALUES ('c', 'no number', 1, 1, NULL)"));
}

TEST_P(Rebuild, KeepsTheHighWaterMarkOfDeletedRows) {
  execute("CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, spare TEXT)");
  execute("CREATE TABLE u (id INTEGER PRIMARY KEY AUTOINCREMENT)");
  execute("INSERT INTO u VALUES (99)");
  execute("INSERT INTO t VALUES (1, ''), (7, '')");
  execute("DELETE FROM t WHERE id = 7");
  rebuild("t");
  rebuild("t");
  EXPECT_THAT(rows("SELECT * FROM sqlite_sequence ORDER BY name"), ElementsAre("t|7", "u|99"));
  execute("INSERT INTO t (spare) VALUES ('new')");
  EXPECT_EQ(value("SELECT max(id) FROM t"), "8");
  execute("DELETE FROM t");
  rebuild("t");
  execute("INSERT INTO t (spare) VALUES ('newer')");
  EXPECT_EQ(value("SELECT id FROM t"), "9");
}

TEST_P(Rebuild, KeepsRowIdsAndTheOrderOfRows) {
  execute("CREATE TABLE t (word TEXT, spare TEXT)");
  execute("CREATE INDEX all_of_it ON t (word, spare)");
  execute("INSERT INTO t (rowid, word) VALUES (5, 'z'), (9, 'a'), (2, 'm')");
  rebuild("t");
  EXPECT_THAT(rows("SELECT rowid, word FROM t NOT INDEXED"), ElementsAre("2|m", "5|z", "9|a"));
}

TEST_P(Rebuild, KeepsRowIdsBehindColumnsThatHideTheirName) {
  execute("CREATE TABLE t (RowId TEXT, _rowid_ TEXT, spare TEXT)");
  execute("INSERT INTO t (oid, rowid, _rowid_) VALUES (5, 'z', 'y'), (2, 'm', 'n')");
  rebuild("t");
  EXPECT_THAT(rows("SELECT oid, rowid, _rowid_ FROM t"), ElementsAre("2|m|n", "5|z|y"));
}

TEST_P(Rebuild, KeepsRowIdsWhenThePrimaryKeyGoes) {
  execute("CREATE TABLE t (id INTEGER PRIMARY KEY, spare TEXT)");
  execute("INSERT INTO t VALUES (4, 'a'), (8, 'b')");
  EXPECT_TRUE(change(DropPrimaryKey{"t"}));
  EXPECT_THAT(rows("SELECT rowid, id, spare FROM t"), ElementsAre("4|4|a", "8|8|b"));
}

TEST_P(Rebuild, RefusesToLoseAConflictClause) {
  execute("CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT UNIQUE ON CONFLICT REPLACE, spare TEXT)");
  Column spare = *column_of("t", "spare");
  spare.type = integer();
  EXPECT_THAT(message_of(AlterColumn{"t", spare}), HasSubstr("ON CONFLICT REPLACE"));
  EXPECT_FALSE(change(AddColumn{"t", nullable_column("more", text())}));
  EXPECT_THAT(sql_of("t"), HasSubstr("ON CONFLICT REPLACE"));
}

TEST_P(Rebuild, RefusesToLoseAColumnThatThePlanDoesNotKnow) {
  execute("CREATE TABLE t (id INTEGER PRIMARY KEY, spare TEXT)");
  const Schema before = found();
  execute("ALTER TABLE t ADD COLUMN since TEXT");
  const auto error =
      error_of([&] { (void)dialect().unmodelled_objects(connection(), {"t"}, before); });
  ASSERT_TRUE(error);
  EXPECT_THAT(error->what(), HasSubstr("'since'"));
}

TEST_P(Rebuild, KeepsIndexesThatThePlanDoesNotKnow) {
  execute("CREATE TABLE t (id INTEGER PRIMARY KEY, spare TEXT)");
  const Schema before = found();
  execute("CREATE INDEX since ON t (spare)");
  EXPECT_THAT(dialect().unmodelled_objects(connection(), {"t"}, before),
              ElementsAre("CREATE INDEX since ON t (spare)"));
}

TEST_P(Rebuild, NamesTheRowsThatStandInTheWay) {
  execute("CREATE TABLE parent (id INTEGER PRIMARY KEY)");
  execute("CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER, b INTEGER)");
  execute("INSERT INTO t VALUES (1, 1, 1), (2, 1, NULL), (3, -5, 9), (4, -6, 1)");
  EXPECT_THAT(message_of(AddColumn{"t", column("c", text())}),
              HasSubstr("'t.c' is NOT NULL and has no default, but 't' has 4 rows"));
  EXPECT_THAT(message_of(AddCheck{"t", Check{.name = "ck", .expression = "a > 0"}}),
              HasSubstr("check 'ck' (a > 0) fails for 2 rows (key 3; 4) of 't'"));
  EXPECT_THAT(message_of(AddUnique{"t", Unique{.name = "uq", .columns = {"a"}}}),
              HasSubstr("1 group of rows have the same values"));
  EXPECT_THAT(message_of(DropPrimaryKey{"t"}), HasSubstr("no error"));
  EXPECT_THAT(message_of(AddPrimaryKey{"t", PrimaryKey{.name = "", .columns = {"a"}}}),
              HasSubstr("the primary key on 't' (a)"));
  ForeignKey key;
  key.columns = {"b"};
  key.referenced_table = "parent";
  key.referenced_columns = {"id"};
  EXPECT_THAT(message_of(AddForeignKey{"t", key}),
              HasSubstr("3 rows of table 't' (row id 1, 3, 4) refer to rows of 'parent'"));
  EXPECT_EQ(value("SELECT count(*) FROM t"), "4");
}

TEST_P(Rebuild, NamesTheValuesThatAStrictTableCannotHold) {
  execute("CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER, b TEXT)");
  execute("INSERT INTO t VALUES (1, '12', 5), (2, 'many', 'x')");
  EXPECT_THAT(message_of(SetTableOptions{"t", true, false}),
              HasSubstr("type INTEGER of 't.a' fails for 1 row (key 2)"));
  execute("UPDATE t SET a = 3 WHERE id = 2");
  EXPECT_TRUE(change(SetTableOptions{"t", true, false}));
  EXPECT_THAT(rows("SELECT a, typeof(a), b, typeof(b) FROM t"),
              ElementsAre("12|integer|5|text", "3|integer|x|text"));
}

TEST_P(Rebuild, MapsTheRowsOfAnAlteredEnumInEveryTable) {
  apply_all({CreateEnum{{.name = "state", .values = {"queued", "sent", "lost"}}},
             CreateTable{Table{
                 .name = "a",
                 .columns = {column("id", integer()), column("state", enumeration("state"))}}},
             CreateTable{
                 Table{.name = "b", .columns = {nullable_column("s", enumeration("state", 20))}}}});
  execute("INSERT INTO a VALUES (1, 'queued'), (2, 'sent')");
  execute("INSERT INTO b VALUES ('lost'), (NULL), ('queued')");
  const Enum shorter{.name = "state", .values = {"waiting", "sent"}};
  EXPECT_THAT(message_of(AlterEnum{shorter, {{"queued", "waiting"}}, {}}),
              HasSubstr("removing 'lost' from enum 'state', which 'b.s' still holds"));
  EXPECT_TRUE(change(AlterEnum{shorter, {{"queued", "waiting"}}, {{"lost", "sent"}}}));
  EXPECT_THAT(rows("SELECT * FROM a"), ElementsAre("1|waiting", "2|sent"));
  EXPECT_THAT(rows("SELECT * FROM b"), ElementsAre("sent", "NULL", "waiting"));
  EXPECT_ANY_THROW(execute("INSERT INTO b VALUES ('lost')"));
}

TEST_P(Rebuild, KnowsAnEnumAfterItsTableAndColumnWereRenamed) {
  apply_all({CreateEnum{{.name = "state", .values = {"on", "off"}}},
             CreateTable{Table{
                 .name = "a",
                 .columns = {column("id", integer()), column("state", enumeration("state"))}}}});
  EXPECT_FALSE(change(RenameTable{"a", "b"}));
  EXPECT_FALSE(change(RenameColumn{"b", "state", "is_on"}));
  EXPECT_EQ(column_of("b", "is_on")->type.kind, TypeKind::Enum);
  EXPECT_TRUE(change(DropColumn{"b", "is_on"}));
}

TEST_P(Rebuild, TwoColumnsMoveWithUpdatesEachByItself) {
  Column seen = nullable_column("seen_at", datetime());
  seen.on_update_now = true;
  Column changed = nullable_column("changed_at", datetime());
  changed.on_update_now = true;
  for (const bool has_row_id : {true, false}) {
    const std::string name = has_row_id ? "with_row_id" : "without_row_id";
    apply(CreateTable{
        Table{.name = name,
              .columns = {column("id", integer()), nullable_column("body", text()), seen, changed},
              .primary_key = PrimaryKey{.name = "", .columns = {"id"}},
              .is_without_rowid = !has_row_id}});
    const Schema now = found();
    const Schema wanted = expected();
    EXPECT_EQ(*now.find_table(name), *wanted.find_table(name));
    execute("INSERT INTO " + name + " VALUES (1, 'a', '2001', '2001'), (2, 'b', '2001', '2001')");
    execute("UPDATE " + name + " SET seen_at = '2002' WHERE id = 1");
    EXPECT_THAT(rows("SELECT id, seen_at, changed_at > '2020' FROM " + name),
                ElementsAre("1|2002|1", "2|2001|0"));
    execute("UPDATE " + name + " SET changed_at = '2003' WHERE id = 1");
    EXPECT_THAT(rows("SELECT seen_at > '2020', changed_at FROM " + name + " WHERE id = 1"),
                ElementsAre("1|2003"));
    execute("UPDATE " + name + " SET body = 'c'");
    EXPECT_THAT(rows("SELECT seen_at > '2020', changed_at > '2020' FROM " + name),
                ElementsAre("1|1", "1|1"));
    EXPECT_FALSE(change(DropColumn{name, "seen_at"}));
    Column still = changed;
    still.on_update_now = false;
    EXPECT_FALSE(change(AlterColumn{name, still}));
  }
}

TEST_P(Rebuild, MovesBetweenRowIdsAndTheirAbsence) {
  execute("CREATE TABLE t (k TEXT NOT NULL PRIMARY KEY, spare TEXT)");
  execute("CREATE INDEX i ON t (spare)");
  execute("INSERT INTO t VALUES ('b', 'x'), ('a', 'y')");
  EXPECT_TRUE(change(SetTableOptions{"t", false, true}));
  EXPECT_THAT(rows("SELECT * FROM t ORDER BY k"), ElementsAre("a|y", "b|x"));
  EXPECT_TRUE(change(SetTableOptions{"t", false, false}));
  EXPECT_THAT(rows("SELECT * FROM t NOT INDEXED"), ElementsAre("a|y", "b|x"));
  EXPECT_FALSE(change(SetTableOptions{"t", false, false}));
}

TEST_P(Rebuild, IsNotNeededForACommentOrAnEqualColumn) {
  execute("CREATE TABLE t (id INTEGER PRIMARY KEY, spare TEXT)");
  Column spare = *column_of("t", "spare");
  spare.comment = "told";
  EXPECT_FALSE(change(AlterColumn{"t", spare}));
  EXPECT_FALSE(change(SetComment{"t", "spare", "told"}));
}

class RebuildTogether : public Rebuild {
 protected:
  void SetUp() override {
    execute("CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b INTEGER, spare TEXT)");
    execute("CREATE INDEX on_b ON t (b)");
    execute("INSERT INTO t VALUES (1, 'x', 5, 's'), (2, 'y', 6, NULL)");
  }

  Column wanted(const std::string& name, const Type& type) {
    Column column = *column_of("t", name);
    column.type = type;
    return column;
  }

  /// Brings about all changes at once.
  void change_together(const std::vector<Change>& changes) {
    const Schema before = found();
    ASSERT_EQ(dialect().done_together(changes, before), changes.size());
    using Pause = dialect::ForeignKeyPause;
    Pause pause(connection(), Pause::Needed::Yes);
    database::Transaction transaction(connection());
    for (const Change& each : changes) dialect().require_rows_fit(connection(), each, before);
    const auto statements = dialect().render_together(changes, before);
    EXPECT_EQ(std::ranges::count(statements, "DROP TABLE t"), 1);
    for (const std::string& statement : statements) execute(statement);
    transaction.commit();
    Schema after = before;
    for (const Change& each : changes) schema::apply(after, each);
    EXPECT_EQ(found(), dialect().normalize(after));
  }
};
INSTANTIATE_TEST_SUITE_P(Sqlite, RebuildTogether, testing::Values(TestEngine::Sqlite),
                         engine_name<testing::TestParamInfo<TestEngine>>);

TEST_P(RebuildTogether, DoesAllChangesOfATableWithOneCopy) {
  Column added = column("c", text());
  added.default_value = CurrentTimestamp{};
  Index both = index_on("both", {"c", "a"});
  change_together({AlterColumn{"t", wanted("a", string(9))}, DropIndex{"t", "on_b"},
                   AddColumn{"t", added},
                   AddCheck{"t", Check{.name = "ck", .expression = "b > 0 AND c <> ''"}},
                   DropColumn{"t", "spare"}, CreateIndex{"t", both},
                   AddUnique{"t", Unique{.name = "uq", .columns = {"c", "b"}}}});
  EXPECT_THAT(rows("SELECT id, a, b, c > '2020' FROM t"), ElementsAre("1|x|5|1", "2|y|6|1"));
}

TEST_P(RebuildTogether, AColumnThatComesBackDoesNotGetTheOldValues) {
  const std::vector<Change> changes = {AlterColumn{"t", wanted("b", text())}, DropColumn{"t", "a"},
                                       AddColumn{"t", nullable_column("a", text())},
                                       AlterColumn{"t", wanted("b", text())}};
  EXPECT_EQ(dialect().done_together(changes, found()), 1U);
}

TEST_P(RebuildTogether, OnlyWhenThatSavesACopy) {
  const Schema before = found();
  const auto count = [&](const std::vector<Change>& changes) {
    return dialect().done_together(changes, before);
  };
  const Change altered = AlterColumn{"t", wanted("b", text())};
  EXPECT_EQ(count({altered}), 1U);
  EXPECT_EQ(count({altered, AddColumn{"t", nullable_column("c", text())}}), 1U);
  EXPECT_EQ(count({altered, RenameColumn{"t", "a", "z"}, altered}), 1U);
  EXPECT_EQ(count({altered, AddCheck{"t", Check{.name = "ck", .expression = "id > 0"}}, altered,
                   Backfill{"t", {{.column = "a", .value = for_all_engines("1")}}}}),
            3U);
}

TEST_P(Rebuild, FindsAFreeNameForTheNewTable) {
  execute("CREATE TABLE parley_new_t (id INTEGER)");
  execute("CREATE TABLE t (id INTEGER PRIMARY KEY, spare TEXT)");
  rebuild("t");
  EXPECT_EQ(found().tables.size(), 2U);
}

}  // namespace
}  // namespace parley::test
