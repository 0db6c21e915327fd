// What the catalogue keeps of views and triggers, read and brought to one form.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "dialect/mysql/triggers.h"
#include "dialect/mysql/views.h"

namespace parley::dialect {
namespace {

using namespace schema;

std::string stripped(std::string_view sql) {
  return without_database(sql, "app", [](const std::string& name) { return name == "users"; });
}

TEST(MysqlViewText, LosesTheNameOfTheDatabase) {
  EXPECT_EQ(stripped("select `app`.`users`.`id` AS `id` from `app`.`users`"),
            "select `users`.`id` AS `id` from `users`");
}

TEST(MysqlViewText, KeepsAnAliasThatIsCalledAsTheDatabase) {
  EXPECT_EQ(stripped("select `app`.`id` AS `id`,'`app`.`users`' AS `t` from `app`.`users` `app`"),
            "select `app`.`id` AS `id`,'`app`.`users`' AS `t` from `users` `app`");
}

TEST(MysqlViewText, KeepsOtherDatabases) {
  const std::string sql = "select `app`.`x`.`id` from `other`.`users`,`other`.`app`.`users`";
  EXPECT_EQ(stripped(sql), sql);
}

TEST(MysqlText, HasOneSpellingThatStillRuns) {
  EXPECT_EQ(canonical_mysql_text("SELECT  `id`,\n COUNT(*) FROM Users -- all\n WHERE a=1"),
            "select id, COUNT(*) from Users where a = 1");
  EXPECT_EQ(canonical_mysql_text("SET @n := @@session.x, y = x'ff' && 1;"),
            "set @n := @@session.x, y = x'ff' && 1;");
  EXPECT_EQ(canonical_mysql_text("a LIKE '50\\%' OR a = \"it's\""),
            "a like '50\\\\%' or a = 'it''s'");
}

TEST(MysqlText, StaysWhenACommentEndsWithItsLine) {
  EXPECT_EQ(canonical_mysql_text(" SET  a = 1; # it's one\nSET b = 2; "),
            "SET  a = 1; # it's one\nSET b = 2;");
}

TEST(MysqlText, IsTheSameTheSecondTime) {
  const std::string once = canonical_mysql_text(
      "IF NEW.a <> 'x\\'y' THEN SET NEW.b = -1 * (2 - -3), @v=1; CALL p(`Q`, \"r\"); END IF;");
  EXPECT_EQ(canonical_mysql_text(once), once);
}

TEST(MysqlTriggerBody, IsWhatStandsBetweenBeginAndEnd) {
  EXPECT_EQ(mysql_trigger_body("begin\n SET NEW.a = 1;\nEND"), "SET NEW.a = 1;");
  EXPECT_EQ(mysql_trigger_body(" SET NEW.a = 1 "), "SET NEW.a = 1;");
}

Trigger normal(std::string body, std::string when = "") {
  Trigger trigger;
  trigger.name = "t";
  trigger.table = "a";
  trigger.body = {{.dialect = "", .sql = std::move(body)}};
  if (!when.empty()) trigger.when = {{.dialect = "", .sql = std::move(when)}};
  Schema schema;
  schema.triggers = {trigger};
  schema = mariadb().normalize(schema);
  EXPECT_EQ(mariadb().normalize(schema), schema);
  return schema.triggers.at(0);
}

TEST(MysqlTriggerCondition, IsAnIfAroundTheWholeBody) {
  const Trigger asked = normal("SET NEW.a = 1;", "NEW.a > (1) AND (b)");
  EXPECT_EQ(normal("IF (NEW.a > (1) AND (b)) THEN SET NEW.a = 1; END IF;"), asked);
  EXPECT_EQ(normal("if NEW.a > (1) and (b) then\nset NEW.a = 1;\nend if"), asked);
  EXPECT_EQ(asked.when.at(0).sql, "NEW.a >(1) and(b)");
}

TEST(MysqlTriggerCondition, IsFoundAroundBlocksOfEveryKind) {
  const std::string body =
      "IF b THEN SET NEW.a = IF(c, 1, 2); ELSE SET NEW.a = CASE WHEN d THEN 3 ELSE 4 END; END IF; "
      "BEGIN DECLARE i INT; WHILE i < 3 DO SET i = i + 1; END WHILE; "
      "REPEAT SET i = 1; UNTIL TRUE END REPEAT; l: LOOP LEAVE l; END LOOP; "
      "CASE i WHEN 1 THEN SET i = 2; ELSE SET i = 3; END CASE; END;";
  EXPECT_EQ(normal("IF (CASE WHEN x THEN 1 ELSE 0 END) THEN " + body + " END IF;"),
            normal(body, "CASE WHEN x THEN 1 ELSE 0 END"));
}

TEST(MysqlTriggerCondition, IsNoneWhenTheIfIsNotTheWhole) {
  EXPECT_TRUE(normal("IF a THEN SET NEW.a = 1; END IF; SET NEW.b = 2;").when.empty());
  EXPECT_TRUE(normal("IF a THEN SET NEW.a = 1; ELSE SET NEW.a = 2; END IF;").when.empty());
  EXPECT_TRUE(normal("IF a THEN SET x = 1; END IF; IF b THEN SET y = 1; END IF;").when.empty());
}

TEST(MysqlTriggers, AreNotThereWithoutATextForTheEngine) {
  Schema schema;
  schema.triggers = {Trigger{.name = "t", .body = {{.dialect = "sqlite", .sql = "SELECT 1;"}}}};
  schema.views = {View{.name = "v", .query = {{.dialect = "sqlite", .sql = "SELECT 1"}}},
                  View{.name = "w", .query = {{.dialect = "mysql", .sql = "SELECT 2"}}}};
  const Schema normal = mariadb().normalize(schema);
  EXPECT_TRUE(normal.triggers.empty());
  ASSERT_EQ(normal.views.size(), 1U);
  EXPECT_EQ(normal.views[0].query, (SqlTexts{{.dialect = "", .sql = "select 2"}}));
}

}  // namespace
}  // namespace parley::dialect
