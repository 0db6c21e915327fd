#include "dialect/mysql/unnamed.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "dialect/sql_tokens.h"

namespace parley::dialect {
namespace {

using fmt::format;

std::string text(std::string_view value) { return quote_string(value, mysql_style()); }

/// Runs the one statement that `query` gives.
std::string execute_found(const std::string& query) {
  return "SET @parley_statement = " + query +
         ";\nPREPARE parley_statement FROM @parley_statement;\n"
         "EXECUTE parley_statement;\nDEALLOCATE PREPARE parley_statement";
}

/// `CONCAT('ALTER TABLE t DROP INDEX `', name, '`')`.
std::string alter_text(const std::string& table, std::string_view action,
                       std::string_view name_column) {
  const std::string beginning =
      format("ALTER TABLE {} {} `", quote_name(table, mysql_style()), action);
  return format("CONCAT({}, {}, '`')", text(beginning), name_column);
}

/// A condition without what the server and Parley write differently; `text` is an SQL expression.
std::string squeezed(const std::string& text) {
  std::string result = text;
  for (const char* letter : {"'`'", "' '", "'('", "')'"}) {
    result = format("REPLACE({}, {}, '')", result, letter);
  }
  return result;
}

/// The definition of each column that the condition names, as branches of a CASE on the column's
/// name.
std::string definitions_in(const schema::Table& table, const std::string& expression,
                           const MysqlState& state) {
  std::string branches;
  for (const schema::Column& column : table.columns) {
    if (!mentions_mysql_column(expression, column.name)) continue;
    branches += format(" WHEN {} THEN {}", text(column.name),
                       text(mysql_column_text(stored_mysql_column(column, state))));
  }
  return branches.empty() ? "NULL" : format("CASE CONSTRAINT_NAME{} END", branches);
}

/// The server names the index that it makes for a foreign key after it, or after its first column.
const std::string& made_index_name(const schema::ForeignKey& key) {
  return key.name.empty() ? key.columns.front() : key.name;
}

/// An SQL expression: `, ADD INDEX …`, or empty text when the table has an index of that name.
std::string add_missing_index(const std::string& table, const schema::ForeignKey& key) {
  const std::string& name = made_index_name(key);
  return format(
      "IF(EXISTS (SELECT 1 FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = DATABASE()"
      " AND TABLE_NAME = {} AND NON_UNIQUE = 1 AND INDEX_NAME = {} GROUP BY INDEX_NAME"
      " HAVING GROUP_CONCAT(COLUMN_NAME ORDER BY SEQ_IN_INDEX) = {}), '', {})",
      text(table), text(name), text(join(key.columns, ",")),
      text(format(", ADD INDEX {} ({})", quote_name(name, mysql_style()),
                  quote_names(key.columns, mysql_style()))));
}

/// An SQL expression: the statement that the expression `statement` gives, with those indexes.
std::string with_indexes_for(const std::string& table, const std::string& statement,
                             const std::vector<schema::ForeignKey>& keys) {
  if (keys.empty()) return statement;
  std::string parts = statement;
  for (const schema::ForeignKey& key : keys) parts += ", " + add_missing_index(table, key);
  return format("(SELECT CONCAT({}))", parts);
}

}  // namespace

std::string drop_unnamed_foreign_key(const std::string& table,
                                     const std::vector<std::string>& columns) {
  return execute_found(format(
      "(SELECT {} FROM information_schema.KEY_COLUMN_USAGE"
      " WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = {} AND REFERENCED_TABLE_NAME IS NOT NULL"
      " GROUP BY CONSTRAINT_NAME HAVING GROUP_CONCAT(COLUMN_NAME ORDER BY ORDINAL_POSITION) = {}"
      " ORDER BY LOCATE({}, CONSTRAINT_NAME) = 1 DESC LIMIT 1)",
      alter_text(table, "DROP FOREIGN KEY", "CONSTRAINT_NAME"), text(table),
      text(join(columns, ",")), text(table + "_ibfk_")));
}

std::string drop_unnamed_unique(const std::string& table, const std::vector<std::string>& columns,
                                const std::vector<schema::ForeignKey>& keys) {
  const std::string drop = format(
      "(SELECT {} FROM information_schema.STATISTICS"
      " WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = {} AND NON_UNIQUE = 0 AND "
      "INDEX_NAME <> 'PRIMARY'"
      " GROUP BY INDEX_NAME HAVING GROUP_CONCAT(COLUMN_NAME ORDER BY SEQ_IN_INDEX) = {}"
      " ORDER BY LOCATE({}, INDEX_NAME) = 1 DESC LIMIT 1)",
      alter_text(table, "DROP INDEX", "INDEX_NAME"), text(table), text(join(columns, ",")),
      text(columns.front()));
  return execute_found(with_indexes_for(table, drop, keys));
}

std::string alter_with_indexes_for(const std::string& table, const std::string& statement,
                                   const std::vector<schema::ForeignKey>& keys) {
  return execute_found(with_indexes_for(table, text(statement), keys));
}

bool mentions_mysql_column(std::string_view sql, std::string_view column) {
  const auto tokens = tokenize(sql, mysql_style());
  return std::ranges::any_of(tokens, [&](const SqlToken& token) {
    return token.kind != SqlToken::Kind::String && equals_ignoring_case(token.text, column);
  });
}

std::string drop_unnamed_check(const schema::Table& table, const std::string& expression,
                               const MysqlState& state) {
  const std::string name = quote_name(table.name, mysql_style());
  const std::string label = format(fmt::runtime(state.flavor.engine_check_label), table.name);
  const std::string missing =
      format("ALTER TABLE {} {} `the check without a name`", name, state.flavor.drop_check);
  return execute_found(format(
      "COALESCE((SELECT IF(LEVEL = 'Column', CONCAT({}, {}), {}) FROM ({}) checks"
      " WHERE TABLE_NAME = {} AND (LEVEL = 'Column' OR LOCATE({}, CONSTRAINT_NAME) = 1)"
      " AND {} = {} LIMIT 1), {})",
      text(format("ALTER TABLE {} MODIFY COLUMN ", name)), definitions_in(table, expression, state),
      alter_text(table.name, state.flavor.drop_check, "CONSTRAINT_NAME"), state.flavor.checks_query,
      text(table.name), text(label), squeezed("CHECK_CLAUSE"), squeezed(text(expression)),
      text(missing)));
}

std::string alter_with_check_of(const std::string& table, const std::string& column,
                                const std::string& statement, const MysqlFlavor& flavor) {
  return execute_found(
      format("CONCAT({}, COALESCE((SELECT CONCAT(' CHECK (', CHECK_CLAUSE, ')') FROM ({}) checks"
             " WHERE TABLE_NAME = {} AND LEVEL = 'Column' AND CONSTRAINT_NAME = {}"
             " AND CHECK_CLAUSE NOT LIKE 'json_valid(%' LIMIT 1), ''))",
             text(statement), flavor.checks_query, text(table), text(column)));
}

std::string drop_index_made_for(const std::string& table, const schema::ForeignKey& key) {
  const std::string& name = made_index_name(key);
  return execute_found(format(
      "COALESCE((SELECT {} FROM information_schema.STATISTICS"
      " WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = {} AND NON_UNIQUE = 1 AND INDEX_NAME = {}"
      " GROUP BY INDEX_NAME HAVING GROUP_CONCAT(COLUMN_NAME ORDER BY SEQ_IN_INDEX) = {}), 'DO 0')",
      alter_text(table, "DROP INDEX", "INDEX_NAME"), text(table), text(name),
      text(join(key.columns, ","))));
}

}  // namespace parley::dialect
