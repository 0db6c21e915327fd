#include "dialect/expression.h"
#include "dialect/mariadb/mariadb_dialect.h"

namespace parley::dialect {

std::string_view mariadb_indexes_query() {
  // There are no index parts that are expressions.
  return R"(
    SELECT TABLE_NAME, INDEX_NAME, NON_UNIQUE, COLUMN_NAME, COLLATION, SUB_PART, NULL, INDEX_TYPE
    FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = DATABASE() AND TRUE
    ORDER BY TABLE_NAME, INDEX_NAME, SEQ_IN_INDEX)";
}

std::string_view mariadb_checks_query() {
  return R"(
    SELECT TABLE_NAME, CONSTRAINT_NAME, CHECK_CLAUSE, LEVEL
    FROM information_schema.CHECK_CONSTRAINTS WHERE CONSTRAINT_SCHEMA = DATABASE() AND TRUE)";
}

/// Since 10.2.7 a default is SQL, quotes included, and `NULL` is the text of none (MariaDB
/// documentation, "Information Schema COLUMNS Table").
std::optional<schema::Default> read_mariadb_default(const MysqlStoredDefault& stored) {
  return default_from_sql(stored.text, mysql_style());
}

std::string read_mariadb_expression(const std::string& stored) { return stored; }

}  // namespace parley::dialect
