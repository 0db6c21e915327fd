// MySQL's catalogue as its reference manual describes it, for versions that the tests cannot start.

#include <gtest/gtest.h>

#include "dialect/mysql/mysql_dialect.h"

namespace parley::dialect {
namespace {

using namespace schema;

std::optional<Default> stored_default(std::string text, std::string extra, Type type) {
  return mysql_flavor().read_default(
      {.text = std::move(text), .extra = std::move(extra), .type = std::move(type)});
}

TEST(MysqlStoredDefault, IsABareLiteral) {
  EXPECT_EQ(stored_default("pending", "", string(20)), Default("pending"));
  EXPECT_EQ(stored_default("CURRENT_TIMESTAMP", "", string(20)), Default("CURRENT_TIMESTAMP"));
  EXPECT_EQ(stored_default("0x6162", "", binary(4)), Default("ab"));
}

TEST(MysqlStoredDefault, IsSqlWhenItIsMarkedAsGenerated) {
  EXPECT_EQ(stored_default("_utf8mb4\\'it\\\\\\'s\\'", "DEFAULT_GENERATED", text()),
            Default("it's"));
  EXPECT_EQ(stored_default("CURRENT_TIMESTAMP(6)",
                           "DEFAULT_GENERATED ON UPDATE CURRENT_TIMESTAMP(6)", datetime()),
            Default(CurrentTimestamp{}));
  EXPECT_EQ(stored_default("now()", "DEFAULT_GENERATED", date()), Default(CurrentTimestamp{}));
  EXPECT_EQ(stored_default("(1 + 2)", "DEFAULT_GENERATED", integer()),
            Default(Expression{"1 + 2"}));
}

TEST(MysqlStoredDefault, IsNowWithoutAMarkOnMysql57) {
  EXPECT_EQ(stored_default("CURRENT_TIMESTAMP", "", datetime()), Default(CurrentTimestamp{}));
}

TEST(MysqlStoredType, IsTheSameWithAndWithoutTheWidthOfMysql57) {
  EXPECT_EQ(mysql_type("int(11)"), mysql_type("int"));
  EXPECT_EQ(mysql_type("int(10) unsigned"), mysql_type("int unsigned"));
  EXPECT_EQ(mysql_type("tinyint(1)"), boolean());
  EXPECT_EQ(mysql_type("tinyint(4)"), native("tinyint(4)"));
  EXPECT_EQ(mysql_type("datetime(6)").precision, 6);
}

TEST(MysqlStoredCheck, LosesTheNameOfTheServersOwn) {
  Table table;
  table.name = "t";
  table.columns = {Column{.name = "a", .type = string(9)}};
  table.checks = {Check{.name = "t_chk_1",
                        .expression = mysql_flavor().read_expression("(`a` <> _utf8mb4\\'x\\')")}};
  const Table normal = mysql().normalize(Schema{{table}}).tables[0];
  EXPECT_EQ(normal.checks[0], (Check{.name = "", .expression = "a <> 'x'"}));
}

}  // namespace
}  // namespace parley::dialect
