// What only MySQL and MariaDB have, on a live MariaDB: indexes that foreign keys need, methods of
// indexes, the ways of ALGORITHM and LOCK, and what people write by hand there.

#include "base/error.h"
#include "conformance/conformance.h"
#include "migrate/online.h"
#include "support/errors.h"

namespace parley::test {
namespace {

using namespace schema;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class Mariadb : public ConformanceTest {
 protected:
  void create_family() {
    Table parent;
    parent.name = "parent";
    parent.columns = {column("id", integer())};
    parent.primary_key = PrimaryKey{.name = "", .columns = {"id"}};
    Table child;
    child.name = "child";
    child.columns = {column("id", integer()), column("parent_id", integer()),
                     column("other", integer())};
    child.primary_key = PrimaryKey{.name = "", .columns = {"id"}};
    ForeignKey key;
    key.columns = {"parent_id"};
    key.referenced_table = "parent";
    key.referenced_columns = {"id"};
    child.foreign_keys = {key};
    apply_all({CreateTable{parent}, CreateTable{child}});
  }
};
INSTANTIATE_TEST_SUITE_P(Engines, Mariadb, testing::Values(TestEngine::Mariadb),
                         engine_name<testing::TestParamInfo<TestEngine>>);

TEST_P(Mariadb, IndexThatAForeignKeyNeedsGoesAndComesBack) {
  create_family();
  const Index index = index_on("idx_both", {"parent_id", "other"});
  for (int round = 0; round < 3; ++round) {
    apply(CreateIndex{"child", index});
    EXPECT_EQ(found(), expected());
    apply(DropIndex{"child", "idx_both"});
    EXPECT_EQ(found(), expected());
  }
  execute("INSERT INTO parent VALUES (1)");
  EXPECT_EQ(code_of([&] { execute("INSERT INTO child VALUES (1, 2, 3)"); }),
            ErrorCode::ForeignKeyViolation);
}

TEST_P(Mariadb, UniqueAndPrimaryKeyThatAForeignKeyNeedsGo) {
  create_family();
  const Unique unnamed{.name = "", .columns = {"parent_id"}};
  apply(DropPrimaryKey{"child"});
  apply(AddUnique{"child", unnamed});
  apply(DropUnique{"child", unnamed});
  EXPECT_EQ(found(), expected());
  apply(AddPrimaryKey{"child", PrimaryKey{.name = "", .columns = {"parent_id", "id"}}});
  apply(DropPrimaryKey{"child"});
  EXPECT_EQ(found(), expected());
}

TEST_P(Mariadb, IndexesOfEveryMethodComeBackAsTheyWere) {
  Table table;
  table.name = "places";
  table.columns = {column("id", integer()), column("note", text()), column("at", native("point"))};
  table.primary_key = PrimaryKey{.name = "", .columns = {"id"}};
  Index words = index_on("idx_words", {"note"});
  words.method = "fulltext";
  Index space = index_on("idx_space", {"at"});
  space.method = "spatial";
  Index beginning = index_on("idx_begin", {"note", "id"});
  beginning.parts[0].prefix_length = 12;
  beginning.parts[1].descending = true;
  Index tree = index_on("idx_tree", {"id"});
  tree.method = "BTREE";
  table.indexes = {words, space, beginning, tree};
  apply(CreateTable{table});
  EXPECT_EQ(found(), expected());
}

TEST_P(Mariadb, GeneratedColumnBecomesStoredInItsPlaceAndThenPlain) {
  Table table;
  table.name = "t";
  table.columns = {column("a", integer()), nullable_column("b", integer()), column("c", integer())};
  table.columns[1].generated = Generated{.expression = "a * 2", .is_stored = false};
  apply(CreateTable{table});
  execute("INSERT INTO t (a, c) VALUES (4, 1)");
  Column changed = table.columns[1];
  changed.generated = Generated{.expression = "a * 3", .is_stored = true};
  apply(AlterColumn{"t", changed});
  EXPECT_EQ(found(), expected());
  changed.generated.reset();
  apply(AlterColumn{"t", changed});
  EXPECT_EQ(found(), expected());
  EXPECT_EQ(value("SELECT b FROM t"), "12");
}

TEST_P(Mariadb, GeneratedColumnFollowsItsRenamedSource) {
  Table table;
  table.name = "t";
  table.columns = {column("a", integer()), nullable_column("b", integer())};
  table.columns[1].generated = Generated{.expression = "a * 2", .is_stored = false};
  table.checks = {Check{.name = "ck", .expression = "a > 0"}};
  apply(CreateTable{table});
  apply(RenameColumn{"t", "a", "z"});
  EXPECT_EQ(found(), expected());
}

TEST_P(Mariadb, RenamedColumnsOfEnumsAndTriggersStillWork) {
  Table table;
  table.name = "t";
  table.columns = {column("mood", enumeration("mood")), nullable_column("note", string(20))};
  Trigger trigger{.name = "noted",
                  .table = "t",
                  .time = TriggerTime::Before,
                  .events = {.insert = true},
                  .when = for_all_engines("NEW.mood = 'sad'"),
                  .body = for_all_engines("SET NEW.note = CONCAT(NEW.mood, '!');")};
  create(Schema{.tables = {table}, .triggers = {trigger}, .enums = {{"mood", {"sad", "glad"}}}});
  apply(RenameColumn{"t", "mood", "temper"});
  EXPECT_EQ(found(), expected());
  apply(RenameTable{"t", "u"});
  EXPECT_EQ(found(), expected());
  execute("INSERT INTO u (temper) VALUES ('sad'), ('glad')");
  EXPECT_EQ(value("SELECT GROUP_CONCAT(note) FROM u"), "sad!");
  EXPECT_EQ(code_of([&] { execute("INSERT INTO u (temper) VALUES ('mad')"); }),
            ErrorCode::CheckViolation);
}

TEST_P(Mariadb, NativeEnumsStayWhatTheyAre) {
  execute("CREATE TABLE t (e ENUM('a','b') NOT NULL)");
  EXPECT_EQ(found().tables[0].columns[0].type, native("enum('a','b')"));
  EXPECT_THAT(found().enums, IsEmpty());
}

TEST_P(Mariadb, ViewsKeepTheirCheckOptionAndLoseTheDatabase) {
  execute("CREATE TABLE T1 (id INTEGER)");
  execute("CREATE VIEW v AS SELECT id FROM T1 WHERE id > 1 WITH LOCAL CHECK OPTION");
  const View view = found().views.at(0);
  EXPECT_EQ(view.query[0].sql,
            "select `T1`.id as id from `T1` where `T1`.id > 1 with local check option");
  execute("DROP VIEW v");
  for (const std::string& statement : dialect().render(CreateView{view}, {})) execute(statement);
  EXPECT_EQ(found().views.at(0), view);
}

TEST_P(Mariadb, TriggersOfHandReadTheSameWithAndWithoutABlock) {
  execute("CREATE TABLE t (a INTEGER, b INTEGER)");
  execute("CREATE TRIGGER one BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 1");
  execute("CREATE TRIGGER two BEFORE INSERT ON t FOR EACH ROW BEGIN SET NEW.a = 1; END");
  const Schema schema = found();
  ASSERT_EQ(schema.triggers.size(), 2U);
  EXPECT_EQ(schema.triggers[0].body, schema.triggers[1].body);
}

/// Which clause the statement ran with, by what the server says of the ways it was not.
std::string way_of(database::Connection& connection, const dialect::Dialect& dialect,
                   const std::string& statement) {
  for (const std::string& form : dialect.online_forms(statement)) {
    try {
      connection.execute(form);
      return form.substr(form.find("ALGORITHM"));
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::UnsupportedOperation) << form;
    }
  }
  connection.execute(statement);
  return "plain";
}

TEST_P(Mariadb, DisturbsAsLittleAsItCan) {
  execute("CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY, a VARCHAR(20), b INTEGER)");
  execute("INSERT INTO t VALUES (1, 'x', 2)");
  const auto way = [&](const std::string& sql) { return way_of(connection(), dialect(), sql); };
  EXPECT_EQ(way("ALTER TABLE t ADD COLUMN c INTEGER DEFAULT 3 NOT NULL"), "ALGORITHM=INSTANT");
  EXPECT_EQ(way("ALTER TABLE t RENAME COLUMN c TO d"), "ALGORITHM=INSTANT");
  EXPECT_EQ(way("ALTER TABLE t MODIFY COLUMN a VARCHAR(50)"), "ALGORITHM=INSTANT");
  EXPECT_EQ(way("ALTER TABLE t DROP COLUMN d"), "ALGORITHM=INSTANT");
  EXPECT_EQ(way("CREATE INDEX i ON t (a)"), "ALGORITHM=INPLACE LOCK=NONE");
  EXPECT_EQ(way("ALTER TABLE t DROP INDEX i"), "ALGORITHM=INPLACE, LOCK=NONE");
  EXPECT_EQ(way("ALTER TABLE t MODIFY COLUMN b BIGINT"), "plain");
}

TEST_P(Mariadb, RunsAPlanOnlineAndAUsersOwnSqlAsItIs) {
  execute("CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY, b INTEGER)");
  const Change change = AddColumn{"t", nullable_column("c", integer())};
  migrate::execute_online(connection(), dialect(), change, "ALTER TABLE t ADD COLUMN c INTEGER");
  migrate::execute_online(connection(), dialect(), change, "ALTER TABLE t MODIFY COLUMN b BIGINT");
  migrate::execute_online(connection(), dialect(), Execute{}, "ALTER TABLE t DROP COLUMN c;");
  EXPECT_EQ(found().tables[0].columns.size(), 2U);
  EXPECT_EQ(found().tables[0].columns[1].type, big_integer());
  EXPECT_EQ(code_of([&] {
              migrate::execute_online(connection(), dialect(), change,
                                      "ALTER TABLE t ADD COLUMN b INTEGER");
            }),
            ErrorCode::DatabaseFailure);
}

TEST_P(Mariadb, DoctorSeesCharacterSetsAndStorageEngines) {
  EXPECT_THAT(dialect().concerns(connection()), IsEmpty());
  execute("CREATE TABLE old (a VARCHAR(9)) CHARACTER SET latin1");
  execute("CREATE TABLE loose (a INTEGER) ENGINE = MyISAM");
  execute("SET sql_mode = ''");
  execute("CREATE DATABASE narrow_parley CHARACTER SET latin1");
  std::vector<std::string> told;
  for (const auto& concern : dialect().concerns(connection())) told.push_back(concern.what);
  EXPECT_THAT(told, ElementsAre(HasSubstr("not strict"), HasSubstr("Table loose is kept by MyISAM"),
                                HasSubstr("Table old has the collation latin1")));
  connection().use_namespace("narrow_parley", database::Connection::Create::IfMissing);
  EXPECT_THAT(dialect().concerns(connection()).at(0).what, HasSubstr("character set latin1"));
  execute("DROP DATABASE narrow_parley");
}

}  // namespace
}  // namespace parley::test
