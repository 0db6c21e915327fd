#include "dialect/mysql/online_ddl.h"

#include <array>
#include <string_view>

namespace parley::dialect {
namespace {

bool creates_index(const std::string& statement) {
  static constexpr std::array<std::string_view, 4> kBeginnings = {
      "CREATE INDEX ", "CREATE UNIQUE INDEX ", "CREATE FULLTEXT INDEX ", "CREATE SPATIAL INDEX "};
  for (const std::string_view beginning : kBeginnings) {
    if (statement.starts_with(beginning)) return true;
  }
  return false;
}

}  // namespace

std::vector<std::string> mysql_online_forms(const std::string& statement) {
  if (statement.starts_with("ALTER TABLE ")) {
    return {statement + ", ALGORITHM=INSTANT", statement + ", ALGORITHM=INPLACE, LOCK=NONE"};
  }
  if (creates_index(statement)) return {statement + " ALGORITHM=INPLACE LOCK=NONE"};
  return {};
}

}  // namespace parley::dialect
