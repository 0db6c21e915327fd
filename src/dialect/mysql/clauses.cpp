#include "dialect/mysql/clauses.h"

#include <fmt/format.h>

#include "base/text.h"
#include "dialect/ddl.h"
#include "dialect/enum_check.h"
#include "dialect/expression.h"
#include "dialect/mysql/refusals.h"

namespace parley::dialect {
namespace {

using fmt::format;
using schema::Column;
using schema::TypeKind;

/// CURRENT_TIMESTAMP with as many digits as the column keeps: others are refused.
std::string now_text(const schema::Type& type) {
  return type.precision > 0 ? format("CURRENT_TIMESTAMP({})", type.precision) : "CURRENT_TIMESTAMP";
}

bool is_time(const schema::Type& type) {
  return type.kind == TypeKind::DateTime ||
         (type.kind == TypeKind::Native && type.native.starts_with("timestamp"));
}

std::string default_clause(const Column& column, const schema::Default& value) {
  const bool is_now = std::holds_alternative<schema::CurrentTimestamp>(value);
  if (is_now && is_time(column.type)) return " DEFAULT " + now_text(column.type);
  const std::string text = default_text(value, mysql_style());
  // Only an expression in parentheses may be the default of TEXT, BLOB and JSON, or call a function
  // (MySQL 8.0 Reference Manual, "Data Type Default Values").
  const bool is_large = column.type.kind == TypeKind::Text || column.type.kind == TypeKind::Json ||
                        (column.type.kind == TypeKind::Binary && column.type.length == 0);
  const bool needs_parentheses = is_now || (is_large && !text.starts_with('('));
  return " DEFAULT " + (needs_parentheses ? "(" + text + ")" : text);
}

std::string null_clause(const Column& column) {
  if (!column.nullable) return " NOT NULL";
  // Without the word a TIMESTAMP may become NOT NULL (explicit_defaults_for_timestamp).
  return column.type.kind == TypeKind::Native && is_time(column.type) ? " NULL" : "";
}

}  // namespace

std::string mysql_name(const std::string& identifier) {
  return quote_name(identifier, mysql_style());
}

std::string alter_mysql_table(const std::string& table, std::string_view actions) {
  return format("ALTER TABLE {} {}", mysql_name(table), actions);
}

std::string alter_mysql_table(const std::string& table, const Statements& actions) {
  return alter_mysql_table(table, join(actions, ", "));
}

Column stored_mysql_column(const Column& column, const MysqlState& state) {
  Column stored = column;
  if (column.type.kind == TypeKind::Enum) stored.type = enum_text_type(column, state.before);
  if (column.generated && !state.flavor.generated_not_null) stored.nullable = true;
  return stored;
}

std::string mysql_column_text(const Column& stored) {
  std::string text = mysql_name(stored.name) + " " + mysql_type_text(stored.type);
  if (!stored.collation.empty()) text += " COLLATE " + mysql_name(stored.collation);
  if (stored.generated) {
    text += format(" GENERATED ALWAYS AS ({}) {}", stored.generated->expression,
                   stored.generated->is_stored ? "STORED" : "VIRTUAL");
  }
  const auto value = normal_default(stored.default_value, stored.type, mysql_style());
  if (value && !stored.auto_increment) text += default_clause(stored, *value);
  if (stored.on_update_now) text += " ON UPDATE " + now_text(stored.type);
  text += null_clause(stored);
  if (stored.auto_increment) text += " AUTO_INCREMENT";
  if (!stored.comment.empty()) text += " COMMENT " + quote_string(stored.comment, mysql_style());
  return text;
}

Statements create_mysql_table(const schema::Table& table, const MysqlState& state) {
  refuse_mysql_table(table, state);
  Statements lines;
  for (const Column& column : table.columns) {
    lines.push_back(mysql_column_text(stored_mysql_column(column, state)));
  }
  const schema::Table checked = with_enum_checks(table, state.before, mysql_style());
  for (std::string& line : constraint_lines(checked, mysql_style())) {
    lines.push_back(std::move(line));
  }
  const std::string comment =
      table.comment.empty() ? "" : " COMMENT = " + quote_string(table.comment, mysql_style());
  Statements statements = {create_table_text(mysql_name(table.name), lines) + comment};
  for (const schema::Index& index : table.indexes) {
    statements.push_back(create_mysql_index(table.name, index));
  }
  return statements;
}

std::string mysql_index_method(const schema::Index& index) {
  const std::string method = lower(index.method);
  return method == "btree" ? std::string() : method;
}

std::string create_mysql_index(const std::string& table, const schema::Index& index) {
  schema::Index plain = index;
  plain.method.clear();
  const std::string text = create_index_text(table, plain, mysql_style());
  const std::string method = mysql_index_method(index);
  return method.empty() ? text : "CREATE " + upper(method) + text.substr(text.find(' '));
}

std::string drop_check_action(const std::string& check, const MysqlFlavor& flavor) {
  return format("{} {}", flavor.drop_check, mysql_name(check));
}

std::string add_check_action(const schema::Check& check) {
  return "ADD " + constraint_text(check, mysql_style());
}

}  // namespace parley::dialect
