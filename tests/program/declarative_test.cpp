// `parley db plan`, `apply` and `diff` towards a schema in a file, on every engine.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "base/ids.h"
#include "base/json.h"
#include "support/databases.h"
#include "support/process.h"

namespace parley::test {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr const char* kShop = R"(
CREATE TABLE customers (
  id INTEGER NOT NULL PRIMARY KEY,
  email VARCHAR(80) NOT NULL,
  name VARCHAR(80)
);
CREATE TABLE orders (
  id INTEGER NOT NULL PRIMARY KEY,
  customer_id INTEGER NOT NULL,
  total INTEGER NOT NULL DEFAULT 0,
  CONSTRAINT fk_customer FOREIGN KEY (customer_id) REFERENCES customers (id),
  CONSTRAINT ck_total CHECK (total >= 0)
);
CREATE INDEX idx_customer ON orders (customer_id);
)";

class Declarative : public testing::TestWithParam<TestEngine> {
 protected:
  Declarative() : database_(GetParam()), connection_(database_.connect()) {}

  void target(const std::string& text, const std::string& name = "target.sql") {
    std::ofstream(directory_.path() + "/" + name) << text;
  }
  Outcome db(const std::string& verb, std::vector<std::string> more = {},
             const std::string& target = "target.sql") {
    std::vector<std::string> words = {"db",       verb,  "--url", database_.url_text(),
                                      "--target", target};
    words.insert(words.end(), more.begin(), more.end());
    return run_parley(words, directory_.path());
  }
  void apply(const std::string& text) {
    target(text);
    const Outcome outcome = db("apply", {"--no-renames"});
    ASSERT_EQ(outcome.exit_code, 0) << outcome.out << outcome.err;
  }
  void expect_nothing_left() {
    const Outcome outcome = db("plan");
    EXPECT_EQ(outcome.exit_code, 0) << outcome.out << outcome.err;
  }
  void execute(const std::string& sql) { connection_->execute(sql); }
  std::string value(const std::string& sql) {
    return database::text_of(database::query(*connection_, sql)[0][0]);
  }
  static std::string replaced(std::string text, const std::string& what, const std::string& by) {
    const auto at = text.find(what);
    EXPECT_NE(at, std::string::npos) << what;
    return text.replace(at, what.size(), by);
  }

  TestDatabase database_;
  std::unique_ptr<database::Connection> connection_;
  TemporaryDirectory directory_;
};
INSTANTIATE_TEST_SUITE_P(Engines, Declarative, testing::ValuesIn(all_engines()),
                         engine_name<testing::TestParamInfo<TestEngine>>);

TEST_P(Declarative, CreatesWhatTheTargetSaysAndIsThenDone) {
  target(kShop);
  const Outcome plan = db("plan");
  EXPECT_EQ(plan.exit_code, 1) << plan.err;
  EXPECT_THAT(plan.out, HasSubstr("create table customers"));
  EXPECT_THAT(plan.out, HasSubstr("Proved in"));
  EXPECT_EQ(db("apply").exit_code, 0);
  expect_nothing_left();
  EXPECT_EQ(db("diff").out, "No differences.\n");
}

TEST_P(Declarative, ChangesATableAndKeepsItsRows) {
  apply(kShop);
  execute("INSERT INTO customers (id, email, name) VALUES (1, 'a@x', 'Ada')");
  execute("INSERT INTO orders (id, customer_id, total) VALUES (7, 1, 30)");
  std::string wanted = replaced(kShop, "total INTEGER", "total BIGINT");
  wanted = replaced(wanted, "name VARCHAR(80)", "name VARCHAR(200), phone VARCHAR(20)");
  wanted = replaced(wanted, "idx_customer ON orders (customer_id)",
                    "idx_customer ON orders (customer_id, total)");
  apply(wanted);
  EXPECT_EQ(value("SELECT total FROM orders WHERE id = 7"), "30");
  EXPECT_EQ(value("SELECT name FROM customers"), "Ada");
  expect_nothing_left();
}

TEST_P(Declarative, APlanWritesNothing) {
  target(kShop);
  EXPECT_EQ(db("plan").exit_code, 1);
  EXPECT_EQ(db("plan").exit_code, 1);
  EXPECT_ANY_THROW(execute("SELECT * FROM customers"));
  EXPECT_ANY_THROW(execute("SELECT * FROM parley_journal"));
}

TEST_P(Declarative, DropsNothingUnlessItIsAllowed) {
  apply(kShop);
  execute("INSERT INTO customers (id, email, name) VALUES (1, 'a@x', 'Ada')");
  target(replaced(kShop, ",\n  name VARCHAR(80)", ""));
  const Outcome plan = db("plan");
  EXPECT_EQ(plan.exit_code, 3);
  EXPECT_THAT(plan.out, HasSubstr("drop column customers.name"));
  EXPECT_THAT(plan.out, HasSubstr("dropping customers.name loses 1 non-empty value"));
  EXPECT_EQ(db("apply").exit_code, 3);
  EXPECT_EQ(value("SELECT name FROM customers"), "Ada");
  EXPECT_EQ(db("apply", {"--allow-drop"}).exit_code, 0);
  EXPECT_ANY_THROW(execute("SELECT name FROM customers"));
  expect_nothing_left();
}

TEST_P(Declarative, ARenameIsNotGuessed) {
  apply(kShop);
  execute("INSERT INTO customers (id, email, name) VALUES (1, 'a@x', 'Ada')");
  target(replaced(kShop, "name VARCHAR(80)", "full_name VARCHAR(80)"));
  const Outcome refused = db("plan");
  EXPECT_EQ(refused.exit_code, 3);
  EXPECT_THAT(refused.err, HasSubstr("--rename customers.name=full_name"));
  EXPECT_THAT(refused.err, HasSubstr("--no-renames"));
  const Outcome applied = db("apply", {"--rename", "customers.name=full_name"});
  EXPECT_EQ(applied.exit_code, 0) << applied.err << applied.out;
  EXPECT_EQ(value("SELECT full_name FROM customers"), "Ada");
  expect_nothing_left();
}

TEST_P(Declarative, ARenameIsAskedAtATerminal) {
  apply(kShop);
  execute("INSERT INTO customers (id, email, name) VALUES (1, 'a@x', 'Ada')");
  target(replaced(kShop, "name VARCHAR(80)", "full_name VARCHAR(80)"));
  const std::vector<std::string> words = {"db",       "apply",     "--url", database_.url_text(),
                                          "--target", "target.sql"};
  const Outcome denied = run_parley_at_terminal(words, directory_.path(), "2\n");
  EXPECT_THAT(denied.out, HasSubstr("column customers.name is gone"));
  EXPECT_EQ(denied.exit_code, 3) << denied.out;  // The drop is not allowed.
  database_.connect()->execute("ALTER TABLE customers DROP COLUMN full_name");
  const Outcome renamed = run_parley_at_terminal(words, directory_.path(), "9\nyes\n1\n");
  EXPECT_EQ(renamed.exit_code, 0) << renamed.out;
  EXPECT_THAT(renamed.out, HasSubstr("Your choice [1-2]:"));
  EXPECT_EQ(value("SELECT full_name FROM customers"), "Ada");
  expect_nothing_left();
}

TEST_P(Declarative, AnUnansweredRenameChangesNothing) {
  apply(kShop);
  target(replaced(kShop, "name VARCHAR(80)", "full_name VARCHAR(80)"));
  const char end_of_input = 4;
  const Outcome outcome = run_parley_at_terminal(
      {"db", "plan", "--url", database_.url_text(), "--target", "target.sql"}, directory_.path(),
      std::string(1, end_of_input));
  EXPECT_EQ(outcome.exit_code, 3) << outcome.out;
  EXPECT_THAT(outcome.out, HasSubstr("--no-renames"));
}

TEST_P(Declarative, ARenameIsDeclaredInYaml) {
  apply(kShop);
  execute("INSERT INTO customers (id, email, name) VALUES (1, 'a@x', 'Ada')");
  target(R"(tables:
  - table: clients
    renamed_from: customers
    columns:
      - id: integer
      - email: string(80)
      - name: string(80) null
    primary_key: [id]
  - table: orders
    columns:
      - id: integer
      - customer_id: integer
      - total: integer default 0
    primary_key: [id]
    checks:
      - ck_total: total >= 0
    foreign_keys:
      - fk_customer: customer_id -> clients(id)
    indexes:
      - idx_customer (customer_id)
)",
         "target.yaml");
  const Outcome applied = db("apply", {}, "target.yaml");
  EXPECT_EQ(applied.exit_code, 0) << applied.err << applied.out;
  EXPECT_EQ(value("SELECT name FROM clients"), "Ada");
  EXPECT_EQ(db("plan", {}, "target.yaml").exit_code, 0);
}

TEST_P(Declarative, RowsThatDoNotLetAStepWorkAreNamedBeforehand) {
  apply(kShop);
  execute("INSERT INTO customers (id, email, name) VALUES (4, 'a@x', NULL)");
  execute("INSERT INTO customers (id, email, name) VALUES (9, 'a@x', NULL)");
  std::string wanted = replaced(kShop, "name VARCHAR(80)", "name VARCHAR(80) NOT NULL");
  wanted = replaced(wanted, "email VARCHAR(80) NOT NULL", "email VARCHAR(80) NOT NULL UNIQUE");
  target(wanted);
  const Outcome plan = db("plan");
  EXPECT_EQ(plan.exit_code, 3);
  EXPECT_THAT(plan.out, HasSubstr("NOT NULL of customers.name fails for 2 rows (id 4, 9)"));
  EXPECT_THAT(plan.out, HasSubstr("1 group of duplicates"));
  const Outcome apply = db("apply");
  EXPECT_EQ(apply.exit_code, 3);
  EXPECT_THAT(apply.err, HasSubstr("fails for 2 rows"));
}

TEST_P(Declarative, ErrorsOfATargetNameFileLineAndStatement) {
  target("CREATE TABLE a (id INTEGER PRIMARY KEY);\n\nCREATE TABEL b (id INTEGER);\n");
  const Outcome outcome = db("plan");
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("target.sql:3:"));
  EXPECT_THAT(outcome.err, HasSubstr("CREATE TABEL b"));
}

TEST_P(Declarative, AnswersInOneDocument) {
  target(kShop);
  const Outcome outcome = db("plan", {"--json"});
  EXPECT_EQ(outcome.exit_code, 1);
  const Json document = parse_json(outcome.out);
  const auto& plan = document.at("plans").at(0).as_object();
  EXPECT_TRUE(plan.at("proved").as_bool());
  EXPECT_EQ(plan.at("steps").at(0).at("description").as_string(), "create table customers");
  EXPECT_THAT(db("diff", {"--json"}).out, HasSubstr("\"changes\":[{"));
}

TEST_P(Declarative, AnAppliedPlanIsInTheJournal) {
  apply(kShop);
  EXPECT_EQ(value("SELECT action FROM parley_journal"), "apply");
}

TEST_P(Declarative, WritesTheNextRevisionAndThenFindsNothing) {
  std::filesystem::create_directory(directory_.path() + "/revisions");
  const std::vector<std::string> dir = {"--dir", "revisions"};
  const auto revise = [&](const std::string& id) {
    return db("revision", {"--dir", "revisions", "--autogenerate", "-m", id, "--rev-id", id});
  };
  target(kShop);
  EXPECT_EQ(db("check", dir).exit_code, 1);
  EXPECT_EQ(revise("a01").exit_code, 0);
  EXPECT_EQ(run_parley({"db", "upgrade", "--url", database_.url_text(), "--dir", "revisions"},
                       directory_.path())
                .exit_code,
            0);
  EXPECT_THAT(revise("a02").out, HasSubstr("No new upgrade operations detected."));
  EXPECT_EQ(db("check", dir).exit_code, 0);
  EXPECT_EQ(db("plan", dir).exit_code, 0);
  EXPECT_EQ(db("apply", dir).exit_code, 3);
}

TEST_P(Declarative, AColumnThatCannotBeNullIsWrittenInThreeSteps) {
  std::filesystem::create_directory(directory_.path() + "/revisions");
  const auto revise = [&](const std::string& id) {
    return db("revision", {"--dir", "revisions", "--autogenerate", "-m", id, "--rev-id", id});
  };
  const auto upgrade = [&] {
    const Outcome outcome = run_parley(
        {"db", "upgrade", "--url", database_.url_text(), "--dir", "revisions"}, directory_.path());
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  };
  target(kShop);
  revise("a01");
  upgrade();
  execute("INSERT INTO customers (id, email) VALUES (1, 'a@x')");
  target(replaced(kShop, "name VARCHAR(80)", "name VARCHAR(80), city VARCHAR(40) NOT NULL"));
  const Outcome written = revise("a02");
  EXPECT_THAT(written.out, HasSubstr("add column customers.city\n  backfill"));
  EXPECT_THAT(written.out, HasSubstr("alter column customers.city\n"));
  upgrade();
  EXPECT_EQ(value("SELECT city FROM customers"), "");
  EXPECT_THAT(revise("a03").out, HasSubstr("No new upgrade operations detected."));
}

TEST_P(Declarative, ALoginThatMayOnlyReadStillPlans) {
  if (GetParam() == TestEngine::Sqlite) return;  // A file has no logins.
  apply(kShop);
  const bool is_postgresql = GetParam() == TestEngine::Postgresql;
  const std::string& name = database_.url().database;
  const std::string reader = "reader_" + random_hex(8);
  if (is_postgresql) {
    execute("CREATE ROLE " + reader + " LOGIN PASSWORD 'r'");
    execute("GRANT SELECT ON ALL TABLES IN SCHEMA public TO " + reader);
  } else {
    execute("CREATE USER " + reader + " IDENTIFIED BY 'r'");
    execute("GRANT SELECT ON " + name + ".* TO " + reader);
  }
  target(R"(tables:
  - table: customers
    columns:
      - id: integer
      - email: string(80)
      - name: string(80) null
      - city: string(80) null
    primary_key: [id]
)",
         "target.yaml");
  const database::Url& url = database_.url();
  const std::string address = std::string(is_postgresql ? "postgresql" : "mariadb") + "://" +
                              reader + ":r@" + url.host + ":" + std::to_string(url.port) + "/" +
                              name;
  const Outcome plan =
      run_parley({"db", "plan", "--url", address, "--target", "target.yaml"}, directory_.path());
  EXPECT_EQ(plan.exit_code, 3) << plan.err;
  EXPECT_THAT(plan.out, HasSubstr("add column customers.city"));
  EXPECT_THAT(plan.out, HasSubstr("Not proved: "));
  if (is_postgresql) execute("DROP OWNED BY " + reader);
  execute((is_postgresql ? "DROP ROLE " : "DROP USER ") + reader);
}

// ---- What the engines' own tools write is a target. ----

std::string output_of(const std::string& command) {
  std::string text;
  FILE* pipe = popen(command.c_str(), "r");
  char buffer[4096];
  for (std::size_t read = 0; (read = std::fread(buffer, 1, sizeof buffer, pipe)) > 0;) {
    text.append(buffer, read);
  }
  EXPECT_EQ(pclose(pipe), 0) << command;
  return text;
}

std::string dump_command(TestEngine engine, const database::Url& url) {
  switch (engine) {
    case TestEngine::Sqlite: return "sqlite3 '" + url.database + "' .schema";
    case TestEngine::Postgresql:
      return "pg_dump -s -h " + url.host + " -p " + std::to_string(url.port) + " -U " + url.user +
             " " + url.database;
    case TestEngine::Mariadb: break;
  }
  const std::string password = url.password.empty() ? "" : " -p" + url.password;
  return "mariadb-dump --no-defaults --no-data --triggers -h " + url.host + " -P " +
         std::to_string(url.port) + " -u " + url.user + password + " " + url.database;
}

/// A view of a view, and a trigger with semicolons and a quote inside.
std::string with_objects(TestEngine engine) {
  const std::string views =
      "CREATE VIEW large AS SELECT id, total FROM orders WHERE total > 100;\n"
      "CREATE VIEW larger AS SELECT id FROM large WHERE total > 1000;\n";
  switch (engine) {
    case TestEngine::Sqlite:
      return views +
             "CREATE TRIGGER t AFTER INSERT ON orders BEGIN UPDATE customers SET name = CASE WHEN "
             "1 "
             "THEN 'a;b' END WHERE id = NEW.customer_id; SELECT 1; END;\n";
    case TestEngine::Postgresql:
      return views +
             "CREATE TYPE mood AS ENUM ('good', 'it''s bad');\nALTER TABLE orders ADD mood mood;\n"
             "CREATE FUNCTION t() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.total := 1; "
             "RETURN NEW; END $$;\nCREATE TRIGGER t BEFORE INSERT ON orders FOR EACH ROW EXECUTE "
             "FUNCTION t();\n";
    case TestEngine::Mariadb: break;
  }
  return views +
         "DELIMITER ;;\nCREATE TRIGGER t BEFORE INSERT ON orders FOR EACH ROW BEGIN SET NEW.total "
         "= "
         "1; SET @x = 'a;b'; END ;;\nDELIMITER ;\n";
}

TEST_P(Declarative, UnnamedConstraintsComeAndGo) {
  const std::string with = "CREATE TABLE a (id INTEGER PRIMARY KEY, n INTEGER, UNIQUE (n)";
  apply(with + ", CHECK (id > 0));");
  apply("CREATE TABLE a (id INTEGER PRIMARY KEY, n INTEGER);");
  expect_nothing_left();
  apply(with + ", CHECK (id > 1));");
  expect_nothing_left();
  apply(with + ", CHECK (id > 2));");
  expect_nothing_left();
}

TEST_P(Declarative, AChecksInAColumnStaysWithItAndGoesAlone) {
  const std::string begin = "CREATE TABLE a (id INTEGER PRIMARY KEY, n ";
  const std::string end = ", s VARCHAR(9) CHECK (s IN ('a', 'b c')), UNIQUE (n), CHECK (id <> 7));";
  apply(begin + "INTEGER CHECK (n > 0)" + end);
  expect_nothing_left();
  apply(begin + "BIGINT NOT NULL CHECK (n > 0)" + end);
  EXPECT_ANY_THROW(execute("INSERT INTO a (id, n) VALUES (1, -1)"));
  expect_nothing_left();
  apply(begin + "BIGINT NOT NULL" + end);
  execute("INSERT INTO a (id, n) VALUES (1, -1)");
  EXPECT_ANY_THROW(execute("INSERT INTO a (id, n, s) VALUES (2, 2, 'c')"));
  EXPECT_ANY_THROW(execute("INSERT INTO a (id, n) VALUES (7, 2)"));
  expect_nothing_left();
}

TEST_P(Declarative, WhatTheEnginesOwnToolDumpsIsATarget) {
  apply(kShop + with_objects(GetParam()));
  if (GetParam() == TestEngine::Postgresql) {
    // pg_dump writes it before the table that it reads.
    execute(
        "CREATE FUNCTION orders_of(bigint) RETURNS bigint LANGUAGE sql STABLE AS 'SELECT count(*) "
        "FROM public.orders WHERE id = $1'");
  }
  target(output_of(dump_command(GetParam(), database_.url())));
  const Outcome same = db("plan");
  EXPECT_EQ(same.exit_code, 0) << same.out << same.err;
}

}  // namespace
}  // namespace parley::test
