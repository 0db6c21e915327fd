#include <fmt/format.h>

#include "database/connection.h"
#include "dialect/mysql/mysql_dialect.h"

namespace parley::dialect {
namespace {

using database::text_of;
using fmt::format;

constexpr std::string_view kSession = R"(
  SELECT SCHEMA_NAME, DEFAULT_CHARACTER_SET_NAME, @@SESSION.sql_mode FROM information_schema.SCHEMATA
  WHERE SCHEMA_NAME = DATABASE())";

constexpr std::string_view kTables = R"(
  SELECT TABLE_NAME, TABLE_COLLATION, ENGINE FROM information_schema.TABLES
  WHERE TABLE_SCHEMA = DATABASE() AND TABLE_TYPE = 'BASE TABLE'
    AND (TABLE_COLLATION NOT LIKE 'utf8mb4%' OR ENGINE <> 'InnoDB')
  ORDER BY TABLE_NAME)";

}  // namespace

std::vector<Concern> MysqlDialect::concerns(database::Connection& connection) const {
  std::vector<Concern> concerns;
  for (const auto& row : database::query(connection, kSession)) {
    const std::string name = quote(text_of(row[0]));
    if (text_of(row[1]) != "utf8mb4") {
      concerns.push_back(
          {.what = format("New tables of {} get the character set {}, which cannot hold every "
                          "character: emoji are refused or lost",
                          name, text_of(row[1])),
           .way_out = format("ALTER DATABASE {} CHARACTER SET utf8mb4", name)});
    }
    if (text_of(row[2]).find("STRICT_") == std::string::npos) {
      concerns.push_back(
          {.what = "The server is not strict: what does not fit a column is cut without an error",
           .way_out = "SET GLOBAL sql_mode = CONCAT(@@GLOBAL.sql_mode, ',STRICT_TRANS_TABLES')"});
    }
  }
  for (const auto& row : database::query(connection, kTables)) {
    const std::string name = quote(text_of(row[0]));
    if (!text_of(row[1]).starts_with("utf8mb4")) {
      concerns.push_back(
          {.what = format("Table {} has the collation {}, which cannot hold every character: emoji "
                          "are refused or lost",
                          name, text_of(row[1])),
           .way_out = format("ALTER TABLE {} CONVERT TO CHARACTER SET utf8mb4", name)});
    }
    if (text_of(row[2]) != "InnoDB") {
      concerns.push_back(
          {.what = format("Table {} is kept by {}, without transactions and foreign keys", name,
                          text_of(row[2])),
           .way_out = format("ALTER TABLE {} ENGINE = InnoDB", name)});
    }
  }
  return concerns;
}

}  // namespace parley::dialect
