// `parley db --url --dir` where going on blindly would lose rows or leave a database half done.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "program/own_project.h"

namespace parley::test {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr const char* kPeople = R"(revision: 001_people
down_revision: null
message: "people → everybody"
upgrade:
  - create_table: people
    columns:
      - id: integer auto_increment
      - name: string(60) null
      - age: integer null
    primary_key: [id]
    unique: [name]
  - create_view: grown_up
    query: SELECT id, age FROM people WHERE age > 17
)";

/// The engine's own client, reading a file.
std::string client(TestEngine engine, const database::Url& url, const std::string& file) {
  switch (engine) {
    case TestEngine::Sqlite: return "sqlite3 '" + url.database + "' < " + file;
    case TestEngine::Postgresql:
      return "psql -q -h " + url.host + " -p " + std::to_string(url.port) + " -U " + url.user +
             " -f " + file + " " + url.database;
    case TestEngine::Mariadb: break;
  }
  const std::string password = url.password.empty() ? "" : " -p" + url.password;
  return "mariadb --no-defaults -h " + url.host + " -P " + std::to_string(url.port) + " -u " +
         url.user + password + " " + url.database + " < " + file;
}

class CarefulChange : public OwnProject {
 protected:
  CarefulChange() : OwnProject("001_people.yaml", kPeople) {}

  /// A second revision with these changes.
  void write_second(const std::string& changes) {
    write("002_second.yaml",
          "revision: 002_second\ndown_revision: 001_people\nmessage: second\nupgrade:\n" + changes);
  }
  void upgrade() {
    const Outcome outcome = db({"upgrade"});
    ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  }
  void execute(const std::string& sql) { database_.connect()->execute(sql); }
  std::int64_t number(const std::string& sql) {
    return database::integer_of(database::query(*database_.connect(), sql)[0][0]);
  }
};
INSTANTIATE_TEST_SUITE_P(Engines, CarefulChange, testing::ValuesIn(all_engines()),
                         engine_name<testing::TestParamInfo<TestEngine>>);

TEST_P(CarefulChange, AScriptStopsAtTheFirstErrorAndTakesNothingAway) {
  upgrade();
  execute("INSERT INTO people (name, age) VALUES ('Ada', 36), (NULL, 7)");
  write_second(
      "  - add_column: people.label string(5) null\n  - backfill: people\n"
      "    set: {label: name}\n  - alter_column: people.name string(60)\n"
      "  - drop_view: grown_up\n  - drop_column: people.age\n");
  const Outcome script = db({"upgrade", "001_people:head", "--sql"});
  ASSERT_EQ(script.exit_code, 0) << script.err;
  const std::string file = directory_.path() + "/up.sql";
  std::ofstream(file) << script.out;
  const std::string command = client(GetParam(), database_.url(), file) + " > /dev/null 2>&1";
  EXPECT_NE(std::system(command.c_str()), 0);
  EXPECT_EQ(number("SELECT COUNT(*) FROM people"), 2);
  EXPECT_EQ(number("SELECT SUM(age) FROM people"), 43);
}

TEST_P(CarefulChange, AViewOnAColumnOfAnotherTypeIsStillThere) {
  upgrade();
  if (GetParam() == TestEngine::Postgresql) {
    execute("DROP VIEW grown_up");
    execute("ALTER TABLE people ALTER age TYPE bigint");
    execute("CREATE VIEW grown_up AS SELECT id, age FROM people WHERE age > 17");
  } else if (GetParam() == TestEngine::Mariadb) {
    execute("ALTER TABLE people MODIFY age BIGINT");
  } else {
    const auto connection = database_.connect();
    connection->execute("PRAGMA writable_schema = 1");
    connection->execute(
        "UPDATE sqlite_master SET sql = replace(sql, 'age INTEGER', 'age BIGINT') "
        "WHERE name = 'people'");
  }
  const Outcome verified = db({"verify"});
  EXPECT_THAT(verified.out, HasSubstr("people.age"));
  EXPECT_THAT(verified.out + verified.err, Not(HasSubstr("grown_up")));
}

TEST_P(CarefulChange, AUniqueColumnThatCannotBeOneIsRefusedBeforeAnythingIsDone) {
  upgrade();
  write_second("  - alter_column: people.name text null\n");
  const Outcome outcome = db({"upgrade"});
  if (GetParam() != TestEngine::Mariadb) {
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    return;
  }
  EXPECT_EQ(outcome.exit_code, 3) << outcome.err;
  EXPECT_THAT(outcome.err, HasSubstr("'people.name' is TEXT, which MySQL and MariaDB cannot have "
                                     "in a key without a prefix length"));
  EXPECT_EQ(db({"downgrade", "-1"}).exit_code, 0);
}

TEST_P(CarefulChange, ACounterThatGetsWiderCountsBeyondTheOldType) {
  if (GetParam() == TestEngine::Postgresql) {
    execute("CREATE TABLE people (id serial PRIMARY KEY, name varchar(60) UNIQUE, age integer)");
    execute("CREATE VIEW grown_up AS SELECT id, age FROM people WHERE age > 17");
    const Outcome stamped = db({"stamp", "head"});
    ASSERT_EQ(stamped.exit_code, 0) << stamped.err;
  }
  write_second("  - drop_view: grown_up\n  - alter_column: people.id bigint auto_increment\n");
  upgrade();
  execute("INSERT INTO people (id, name) VALUES (2147483647, 'last')");
  if (GetParam() == TestEngine::Postgresql) {
    execute("SELECT setval(pg_get_serial_sequence('people', 'id'), 2147483647)");
  }
  execute("INSERT INTO people (name) VALUES ('next')");
  EXPECT_EQ(number("SELECT id FROM people WHERE name = 'next'"), 2147483648);
}

TEST_P(CarefulChange, ASequenceThatNoColumnOwnsIsBackedUpBeforeADrop) {
  if (GetParam() != TestEngine::Postgresql) GTEST_SKIP() << "only PostgreSQL has such sequences";
  execute("CREATE SEQUENCE shared START 5");
  execute(
      "CREATE TABLE people (id integer PRIMARY KEY DEFAULT nextval('shared'), "
      "name varchar(60) UNIQUE, age integer)");
  execute("CREATE VIEW grown_up AS SELECT id, age FROM people WHERE age > 17");
  execute("INSERT INTO people (name, age) VALUES ('Ada', 36)");
  ASSERT_EQ(db({"stamp", "head"}).exit_code, 0);
  write_second("  - drop_view: grown_up\n  - drop_column: people.age\n");
  upgrade();
  execute("INSERT INTO people (name) VALUES ('Bob')");
  EXPECT_EQ(number("SELECT id FROM people WHERE name = 'Bob'"), 6);
}

TEST_P(CarefulChange, TheRecordHoldsAnyTextInADatabaseOfLatin1) {
  if (GetParam() != TestEngine::Mariadb) GTEST_SKIP() << "only MySQL has character sets of tables";
  execute("ALTER DATABASE " + database_.url().database + " CHARACTER SET latin1");
  upgrade();
  EXPECT_THAT(db({"history"}).out, HasSubstr("people → everybody"));
  EXPECT_EQ(number("SELECT COUNT(*) FROM parley_revisions WHERE content LIKE '%→%'"), 1);
}

}  // namespace
}  // namespace parley::test
