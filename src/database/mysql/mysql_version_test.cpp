#include "database/mysql/mysql_version.h"

#include <gtest/gtest.h>

namespace parley::database {
namespace {

void expect_version(std::string_view text, std::string_view product, int major, int minor,
                    int patch) {
  const ServerVersion version = parse_mysql_version(text);
  EXPECT_EQ(version.product, product) << text;
  EXPECT_EQ(version.major, major) << text;
  EXPECT_EQ(version.minor, minor) << text;
  EXPECT_EQ(version.patch, patch) << text;
}

TEST(MysqlVersion, TellsTheTwoProductsApart) {
  expect_version("8.0.36", "MySQL", 8, 0, 36);
  expect_version("8.0.36-0ubuntu0.22.04.1", "MySQL", 8, 0, 36);
  expect_version("10.11.6-MariaDB-0+deb12u1-log", "MariaDB", 10, 11, 6);
}

TEST(MysqlVersion, PassesThePrefixForOldReplicas) {
  expect_version("5.5.5-10.11.6-MariaDB", "MariaDB", 10, 11, 6);
  expect_version("5.5.5", "MySQL", 5, 5, 5);
}

}  // namespace
}  // namespace parley::database
