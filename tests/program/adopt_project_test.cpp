// parley db adopt on a database of the user's own, which Alembic, Flyway, dbmate or nobody kept.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "support/databases.h"
#include "support/process.h"

namespace parley::test {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

class AdoptProject : public testing::TestWithParam<TestEngine> {
 protected:
  AdoptProject() : database_(GetParam()), connection_(database_.connect()) {
    make_tables(*connection_);
  }

  static void make_tables(database::Connection& connection) {
    connection.execute(
        "CREATE TABLE customers (id integer NOT NULL PRIMARY KEY, name varchar(80) "
        "NOT NULL)");
    connection.execute(
        "CREATE TABLE orders (id integer NOT NULL PRIMARY KEY, customer_id integer, "
        "total decimal(10, 2), FOREIGN KEY (customer_id) REFERENCES customers (id))");
    connection.execute("CREATE INDEX ix_orders_total ON orders (total)");
    connection.execute("INSERT INTO customers VALUES (1, 'Ada')");
  }
  void make_alembic(const std::string& id) {
    connection_->execute(
        "CREATE TABLE IF NOT EXISTS alembic_version (version_num VARCHAR(32) NOT "
        "NULL, CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))");
    connection_->execute("INSERT INTO alembic_version VALUES ('" + id + "')");
  }
  /// As Flyway creates it, with three rows.
  void make_flyway(const std::string& last_success) {
    connection_->execute(
        "CREATE TABLE flyway_schema_history (installed_rank INT NOT NULL PRIMARY KEY, version "
        "VARCHAR(50), description VARCHAR(200) NOT NULL, type VARCHAR(20) NOT NULL, script "
        "VARCHAR(1000) NOT NULL, checksum INT, installed_by VARCHAR(100) NOT NULL, installed_on "
        "TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP, execution_time INT NOT NULL, success "
        "BOOLEAN "
        "NOT NULL)");
    connection_->execute(
        "INSERT INTO flyway_schema_history (installed_rank, version, description, type, script, "
        "installed_by, execution_time, success) VALUES (1, '1.9', 'customers', 'SQL', "
        "'V1.9__customers.sql', 'me', 5, TRUE), (2, '1.10', 'orders', 'SQL', 'V1.10__orders.sql', "
        "'me', 5, " +
        last_success + "), (3, NULL, 'views', 'SQL', 'R__views.sql', 'me', 5, TRUE)");
  }

  void write(const std::string& file, const std::string& text) const {
    const std::filesystem::path path = directory_.path() + "/" + file;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path) << text;
  }
  std::string read(const std::string& file) const {
    std::ifstream stream(directory_.path() + "/" + file);
    return {std::istreambuf_iterator<char>(stream), {}};
  }
  std::vector<std::string> revision_files() const {
    std::vector<std::string> names;
    if (!std::filesystem::exists(directory_.path() + "/migrations")) return names;
    for (const auto& entry :
         std::filesystem::directory_iterator(directory_.path() + "/migrations")) {
      if (entry.path().extension() == ".yaml") names.push_back(entry.path().filename().string());
    }
    return names;
  }
  std::string baseline_text() const {
    const auto files = revision_files();
    return files.size() == 1 ? read("migrations/" + files.front()) : "";
  }
  Outcome db(std::vector<std::string> arguments, const TestDatabase& database) const {
    arguments.insert(arguments.begin(), "db");
    arguments.insert(arguments.end(), {"--url", database.url_text(), "--dir", "migrations"});
    return run_parley(arguments, directory_.path());
  }
  Outcome db(const std::vector<std::string>& arguments) const { return db(arguments, database_); }

  void expect_refused(const Outcome& outcome, const std::string& reason) const {
    EXPECT_EQ(outcome.exit_code, 3) << outcome.out << outcome.err;
    EXPECT_THAT(outcome.err, HasSubstr(reason));
    EXPECT_THAT(revision_files(), IsEmpty());
  }

  TestDatabase database_;
  std::unique_ptr<database::Connection> connection_;
  TemporaryDirectory directory_;
};

INSTANTIATE_TEST_SUITE_P(Engines, AdoptProject, testing::ValuesIn(all_engines()),
                         engine_name<testing::TestParamInfo<TestEngine>>);

TEST_P(AdoptProject, BeginsWithWhatAlembicMade) {
  make_alembic("27c6a30d7c24");
  write("versions/ae1.py",
        "\"\"\"add customers\"\"\"\nrevision = 'ae1027a6acf'\n"
        "down_revision = None\n");
  write("versions/27c.py",
        "\"\"\"add orders\n\nRevises: ae1\"\"\"\nrevision: str = '27c6a30d7c24'\n"
        "down_revision: str = \"ae1027a6acf\"\n");
  const Outcome outcome = db({"adopt", "--from", "versions"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("✓ Read 2 migrations of Alembic in alembic_version\n"));
  EXPECT_THAT(outcome.out, HasSubstr("✓ Recorded revision 27c6a30d7c24\n"));
  EXPECT_THAT(outcome.out, HasSubstr("ALL VALIDATIONS PASSED"));
  ASSERT_EQ(revision_files().size(), 1U);
  const std::string file = baseline_text();
  EXPECT_THAT(file, HasSubstr("#   ae1027a6acf (add customers)\n#   27c6a30d7c24 (add orders)\n"));
  EXPECT_THAT(file, HasSubstr("message: as Alembic left it at 27c6a30d7c24 (add orders)"));
  const auto marker = database::query(*connection_, "SELECT version_num FROM alembic_version");
  ASSERT_EQ(marker.size(), 1U);
  EXPECT_EQ(database::text_of(marker[0][0]), "27c6a30d7c24");
}

TEST_P(AdoptProject, SaysTheSecondTimeThatNothingIsLeft) {
  EXPECT_EQ(db({"adopt"}).exit_code, 0);
  const auto files = revision_files();
  const Outcome again = db({"adopt"});
  EXPECT_EQ(again.exit_code, 0) << again.err;
  EXPECT_THAT(again.out, HasSubstr("Nothing to adopt: the database is up to date."));
  EXPECT_EQ(revision_files(), files);
}

TEST_P(AdoptProject, GoesOnFromAFlywayHistory) {
  make_flyway("TRUE");
  write("sql/V1.9__customers.sql", "");
  write("sql/V1.10__orders.sql", "");
  write("sql/R__views.sql", "");
  const Outcome outcome = db({"adopt", "--from", "sql"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.out << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("✓ Recorded revision baseline_1_10\n"));
  EXPECT_THAT(outcome.out, HasSubstr("ignored: the record of Flyway, kept as it was"));
  EXPECT_EQ(baseline_text().find("create_table: flyway"), std::string::npos);
  EXPECT_THAT(baseline_text(), HasSubstr("create_table: orders"));
  write("migrations/002.yaml",
        "revision: 002_phone\ndown_revision: baseline_1_10\nmessage: phone\n"
        "upgrade:\n  - add_column: customers.phone string(20) null\n");
  EXPECT_EQ(db({"upgrade"}).exit_code, 0);
  EXPECT_EQ(db({"verify"}).exit_code, 0);
  EXPECT_EQ(database::query(*connection_, "SELECT phone FROM customers").size(), 1U);
  EXPECT_EQ(database::query(*connection_, "SELECT 1 FROM flyway_schema_history").size(), 3U);
}

TEST_P(AdoptProject, GoesOnFromADbmateHistory) {
  connection_->execute("CREATE TABLE schema_migrations (version varchar(128) PRIMARY KEY)");
  connection_->execute(
      "INSERT INTO schema_migrations VALUES ('20240102000000'), "
      "('20240101000000')");
  write("db/20240101000000_add_customers.sql", "");
  write("db/20240102000000_add_orders.sql", "");
  const Outcome outcome = db({"adopt", "--from", "db"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.out << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("✓ Recorded revision baseline_20240102000000\n"));
  EXPECT_THAT(baseline_text(),
              HasSubstr("message: as dbmate left it at 20240102000000 (add orders)"));
}

TEST_P(AdoptProject, RecordsTheSameRevisionOfAnotherDatabase) {
  ASSERT_EQ(db({"adopt"}).exit_code, 0);
  const TestDatabase production(GetParam());
  make_tables(*production.connect());
  const Outcome outcome = db({"adopt"}, production);
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, testing::StartsWith("✓ Recorded revision baseline\n"));

  const TestDatabase other(GetParam());
  other.connect()->execute("CREATE TABLE customers (id integer NOT NULL PRIMARY KEY)");
  EXPECT_EQ(db({"adopt"}, other).exit_code, 3);
}

TEST_P(AdoptProject, RefusesAFailedFlywayMigration) {
  make_flyway("FALSE");
  expect_refused(db({"adopt"}), "V1.10__orders.sql failed");
}

TEST_P(AdoptProject, RefusesSeveralHeads) {
  make_alembic("ae1");
  make_alembic("b2c");
  expect_refused(db({"adopt"}), "several heads: ae1, b2c");
}

TEST_P(AdoptProject, RefusesMigrationsThatAreNotAppliedYet) {
  make_flyway("TRUE");
  write("sql/V1.9__customers.sql", "");
  write("sql/V1.11__more.sql", "");
  expect_refused(db({"adopt", "--from", "sql"}), "lacks: V1.11__more.sql");
}

TEST_P(AdoptProject, RefusesAnAlembicRevisionThatNoFileHas) {
  make_alembic("ae1");
  write("versions/other.py", "revision = 'other'\ndown_revision = None\n");
  const Outcome outcome = db({"adopt", "--from", "versions"});
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("Can't locate revision identified by 'ae1'"));
  EXPECT_THAT(revision_files(), IsEmpty());
}

TEST_P(AdoptProject, RefusesTwoHistories) {
  make_alembic("ae1");
  make_flyway("TRUE");
  expect_refused(db({"adopt"}), "Two tools");
}

TEST_P(AdoptProject, RefusesADatabaseWithoutTables) {
  const TestDatabase empty(GetParam());
  empty.connect();
  expect_refused(db({"adopt"}, empty), "no tables");
}

}  // namespace
}  // namespace parley::test
