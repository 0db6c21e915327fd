#include "dialect/client_script.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "dialect/target_script.h"

namespace parley::dialect {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::vector<std::string> texts(const std::vector<ScriptStatement>& statements) {
  std::vector<std::string> list;
  for (const ScriptStatement& each : statements) list.push_back(each.text);
  return list;
}

std::vector<std::string> split(std::string_view script, std::string_view dialect) {
  return texts(split_script(script, dialect));
}

TEST(ClientScript, CutsAtSemicolonsOutsideOfQuotesAndComments) {
  EXPECT_THAT(split("SELECT ';' ; -- a; b\nSELECT \"x;y\" /* ; */ ;; ", "sqlite"),
              ElementsAre("SELECT ';'", "SELECT \"x;y\""));
}

TEST(ClientScript, TellsWhereAStatementBegins) {
  const auto statements = split_script("-- first\n\nSELECT 1;\n  SELECT\n 2;", "sqlite");
  ASSERT_EQ(statements.size(), 2U);
  EXPECT_EQ(statements[0].line, 3U);
  EXPECT_EQ(statements[1].line, 4U);
}

TEST(ClientScript, KeepsTheBodyOfASqliteTriggerTogether) {
  const std::string trigger =
      "CREATE TRIGGER t AFTER INSERT ON a BEGIN UPDATE a SET x = CASE WHEN 1 THEN 2 END; SELECT 1; "
      "END";
  EXPECT_THAT(split(trigger + "; SELECT 2;", "sqlite"), ElementsAre(trigger, "SELECT 2"));
}

TEST(ClientScript, LeavesOutWhatTheSqliteShellAloneUnderstands) {
  EXPECT_THAT(split(".mode list\nSELECT 1;\n.quit\n", "sqlite"), ElementsAre("SELECT 1"));
}

TEST(ClientScript, KeepsDollarQuotesTogether) {
  const std::string function =
      "CREATE FUNCTION f() RETURNS trigger AS $body$ BEGIN; $$;$$ END; $body$ LANGUAGE plpgsql";
  EXPECT_THAT(split("\\restrict abc\n" + function + ";\nSELECT $1;", "postgresql"),
              ElementsAre(function, "SELECT $1"));
}

TEST(ClientScript, KeepsAnSqlBodyTogether) {
  const std::string function =
      "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; SELECT 2; END";
  EXPECT_THAT(split(function + "; SELECT 3", "postgresql"), ElementsAre(function, "SELECT 3"));
}

TEST(ClientScript, KnowsEscapesOfPostgresqlAndOfMysql) {
  EXPECT_THAT(split("SELECT E'it\\';', 'back\\';", "postgresql"),
              ElementsAre("SELECT E'it\\';', 'back\\'"));
  EXPECT_THAT(split("SELECT 'it\\';'; # a; b\nSELECT 2;", "mariadb"),
              ElementsAre("SELECT 'it\\';'", "SELECT 2"));
}

TEST(ClientScript, FollowsDelimiterLines) {
  EXPECT_THAT(
      split("DELIMITER ;;\nCREATE TRIGGER t BEGIN a; b; END ;;\nDELIMITER ;\nSELECT 1;", "mysql"),
      ElementsAre("CREATE TRIGGER t BEGIN a; b; END", "SELECT 1"));
}

TEST(ClientScript, KeepsWhatTheServerExecutesInComments) {
  EXPECT_THAT(
      split("/*M!999999\\- enable the sandbox mode */ \n-- MariaDB dump\n/* plain */\n"
            "/*!40101 SET NAMES utf8mb4 */;\n/*!50001 CREATE */ /*!50001 VIEW `v` AS SELECT 1 */;",
            "mariadb"),
      ElementsAre("/*!40101 SET NAMES utf8mb4 */",
                  "/*!50001 CREATE */ /*!50001 VIEW `v` AS SELECT 1 */"));
}

TEST(ClientScript, SaysWhereSomethingIsNotClosed) {
  try {
    split("SELECT 1;\nSELECT 'x;\n", "sqlite");
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("line 2: a quote"));
  }
  EXPECT_THROW(split("COPY a (b) FROM stdin;\n1\n\\.\n", "postgresql"), Error);
}

TEST(TargetScript, LeavesOutOwnersPrivilegesAndSettings) {
  EXPECT_THAT(texts(schema_statements(
                  "SET statement_timeout = 0;\nSELECT pg_catalog.set_config('search_path', '', "
                  "false);\nCREATE TABLE public.a (id int);\nALTER TABLE public.a OWNER TO joe;\n"
                  "GRANT ALL ON TABLE public.a TO joe;\nALTER TABLE ONLY public.a ADD PRIMARY KEY "
                  "(id);\nCREATE SCHEMA public;",
                  "postgresql")),
              ElementsAre("SELECT pg_catalog.set_config('search_path', '', false)",
                          "CREATE TABLE public.a (id int)",
                          "ALTER TABLE ONLY public.a ADD PRIMARY KEY (id)"));
  EXPECT_THAT(texts(schema_statements("PRAGMA foreign_keys=OFF;\nBEGIN TRANSACTION;\nCREATE TABLE "
                                      "sqlite_sequence(name,seq);\nCOMMIT;",
                                      "sqlite")),
              IsEmpty());
}

TEST(TargetScript, TakesTheDefinerOutOfAView) {
  EXPECT_THAT(texts(schema_statements(
                  "/*!50013 DEFINER=`root`@`localhost` SQL SECURITY DEFINER */;", "mariadb")),
              ElementsAre("/*!50013  SQL SECURITY DEFINER */"));
}

TEST(TargetScript, KnowsWhatReachesOutOfANamespace) {
  const std::vector<std::string> names = {"public", "shop"};
  EXPECT_TRUE(
      needs_own_database(schema_statements("CREATE TABLE public.a (id int)", "postgresql"), names));
  EXPECT_FALSE(needs_own_database(
      schema_statements("CREATE VIEW v AS SELECT a.id FROM a", "postgresql"), names));
  EXPECT_EQ(named_database({"DROP TABLE `shop`.`a`", 1}, names), "shop");
  EXPECT_EQ(named_database({"CREATE VIEW v AS SELECT `shop`.`id` FROM `shop`", 1}, names), "");
  EXPECT_EQ(named_database({"CREATE INDEX i ON shop.a (id)", 1}, names), "shop");
}

}  // namespace
}  // namespace parley::dialect
