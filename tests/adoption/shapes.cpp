#include "adoption/shapes.h"

#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <sstream>
#include <vector>

#include "base/text.h"

namespace parley::test {
namespace {

using Texts = std::vector<std::string>;
using Words = std::map<std::string, std::string>;

const Words& words_of(TestEngine engine) {
  static const Words kSqlite = {{"@ID@", "INTEGER PRIMARY KEY AUTOINCREMENT"},
                                {"@ROWID@", "INTEGER PRIMARY KEY"},
                                {"@DT@", "DATETIME"},
                                {"@TS@", "TIMESTAMP"},
                                {"@TZ@", "TIMESTAMP"},
                                {"@JSON@", "JSON"},
                                {"@UUID@", "CHAR(36)"},
                                {"@LEADSTATUS@", "VARCHAR(11)"},
                                {"@ROLE@", "VARCHAR(6)"},
                                {"@CONNECTIONTYPE@", "VARCHAR(7)"},
                                {"@QUOTE@", R"(\")"},
                                {"@KEYSOFF@", "PRAGMA foreign_keys = OFF; "},
                                {"@TRUE@", "1"},
                                {"@FALSE@", "0"}};
  static const Words kPostgresql = {{"@ID@", "SERIAL PRIMARY KEY"},
                                    {"@ROWID@", "SERIAL PRIMARY KEY"},
                                    {"@DT@", "TIMESTAMP"},
                                    {"@TS@", "TIMESTAMP"},
                                    {"@TZ@", "TIMESTAMP"},
                                    {"@JSON@", "JSON"},
                                    {"@UUID@", "UUID"},
                                    {"@LEADSTATUS@", "leadstatus"},
                                    {"@ROLE@", "role"},
                                    {"@CONNECTIONTYPE@", "connectiontype"},
                                    {"@QUOTE@", R"(\")"},
                                    {"@TRUE@", "TRUE"},
                                    {"@FALSE@", "FALSE"}};
  static const Words kMariadb = {{"@ID@", "INTEGER NOT NULL AUTO_INCREMENT PRIMARY KEY"},
                                 {"@ROWID@", "INTEGER NOT NULL AUTO_INCREMENT PRIMARY KEY"},
                                 {"@DT@", "DATETIME"},
                                 {"@TS@", "DATETIME"},
                                 {"@JSON@", "JSON"},
                                 // A backslash escapes inside of a string literal here.
                                 {"@QUOTE@", R"(\\")"},
                                 {"@TRUE@", "TRUE"},
                                 {"@FALSE@", "FALSE"}};
  switch (engine) {
    case TestEngine::Sqlite: return kSqlite;
    case TestEngine::Postgresql: return kPostgresql;
    case TestEngine::Mariadb: return kMariadb;
  }
  return kSqlite;
}

}  // namespace

std::string script_of(const std::string& name, TestEngine engine) {
  std::ifstream stream(std::string(PARLEY_SHAPES) + "/" + name + ".sql");
  EXPECT_TRUE(stream) << name;
  std::stringstream text;
  text << stream.rdbuf();
  std::string sql = text.str();
  for (const auto& [word, meaning] : words_of(engine)) {
    for (std::size_t at = sql.find(word); at != std::string::npos; at = sql.find(word)) {
      sql.replace(at, word.size(), meaning);
    }
  }
  const Words types = {{" leadstatus ", "'new', 'in_progress', 'closed', 'completed'"},
                       {" role role ", "'OWNER', 'ADMIN', 'MEMBER', 'VIEWER'"},
                       {" connection_type connectiontype ", "'POWERBI', 'DB'"}};
  std::string begin;
  for (const auto& [use, values] : types) {
    if (sql.find(use) == std::string::npos) continue;
    const Texts words = split(use, ' ');
    begin += "CREATE TYPE " + words.at(words.size() - 2) + " AS ENUM (" + values + ");\n";
  }
  return begin + sql;
}

}  // namespace parley::test
