#include "dialect/mysql/refusals.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "dialect/mysql/mysql_dialect.h"

namespace parley::dialect {
namespace {

using fmt::format;
using schema::TypeKind;

[[noreturn]] void refuse(const std::string& message, const std::string& hint) {
  throw Error(ErrorCode::UnsupportedChange, message, hint);
}

bool needs_prefix(const schema::Type& type) {
  const bool is_unbounded = type.kind == TypeKind::Binary && type.length == 0;
  const bool is_native = type.kind == TypeKind::Native &&
                         (type.native.ends_with("text") || type.native.ends_with("blob"));
  const bool is_text = type.kind == TypeKind::Text && !is_mysql_short_text(type);
  return is_text || type.kind == TypeKind::Json || is_unbounded || is_native;
}

bool leads_a_key(const schema::Table& table, const std::string& column) {
  const auto leads = [&](const auto& key) {
    return !key.columns.empty() && key.columns.front() == column;
  };
  return (table.primary_key && leads(*table.primary_key)) ||
         std::any_of(table.uniques.begin(), table.uniques.end(), leads);
}

}  // namespace

void refuse_mysql_column(const std::string& table, const schema::Column& column) {
  const schema::Type& type = column.type;
  if (type.kind == TypeKind::String && type.length <= 0) {
    refuse(
        format("column '{}.{}' is a VARCHAR without a length, which MySQL and MariaDB do not have",
               table, column.name),
        "Give it a length, such as string(255), or make it text.");
  }
  const bool is_time = type.kind == TypeKind::DateTime || type.kind == TypeKind::Native;
  if (column.on_update_now && !is_time) {
    refuse(format("column '{}.{}' cannot follow the time of updates: only a DATETIME can", table,
                  column.name),
           "Make it a datetime column, or drop on_update_now.");
  }
}

void refuse_mysql_key(const schema::Table& table, const std::vector<std::string>& columns) {
  for (const std::string& name : columns) {
    const schema::Column* column = table.find_column(name);
    if (column == nullptr || !needs_prefix(column->type)) continue;
    refuse(
        format(
            "'{}.{}' is {}, which MySQL and MariaDB cannot have in a key without a prefix length",
            table.name, name, mysql_type_text(column->type)),
        "Make it a string with a length.");
  }
}

void refuse_mysql_index(const schema::Table& table, const schema::Index& index) {
  if (!index.where.empty()) {
    refuse(format("index '{}' of table '{}' is partial, which MySQL and MariaDB do not have",
                  index.name, table.name),
           "Drop its condition, or create it for other engines only.");
  }
  std::vector<std::string> columns;
  for (const schema::IndexPart& part : index.parts) {
    if (part.expression.empty() && part.prefix_length == 0) columns.push_back(part.column);
  }
  refuse_mysql_key(table, columns);
}

void refuse_mysql_foreign_key(const schema::Table& table, const schema::ForeignKey& key) {
  using schema::ReferenceAction;
  refuse_mysql_key(table, key.columns);
  if (key.on_delete == ReferenceAction::SetDefault ||
      key.on_update == ReferenceAction::SetDefault) {
    refuse(format("the foreign key of '{}' to '{}' uses SET DEFAULT, which InnoDB does not have",
                  table.name, key.referenced_table),
           "Use SET NULL or CASCADE.");
  }
  const bool sets_null =
      key.on_delete == ReferenceAction::SetNull || key.on_update == ReferenceAction::SetNull;
  for (const std::string& name : key.columns) {
    const schema::Column* column = table.find_column(name);
    if (!sets_null || column == nullptr || column->nullable) continue;
    refuse(format("the foreign key of '{}' to '{}' sets '{}' to NULL, but that column is NOT NULL",
                  table.name, key.referenced_table, name),
           "Make the column nullable, or use another action.");
  }
}

void refuse_mysql_table(const schema::Table& table) {
  for (const schema::Column& column : table.columns) {
    refuse_mysql_column(table.name, column);
    if (column.auto_increment && !leads_a_key(table, column.name)) {
      refuse(format("'{}.{}' counts up but is in no key, which MySQL and MariaDB refuse",
                    table.name, column.name),
             "Make it the primary key or a unique constraint of the same table.");
    }
  }
  if (table.primary_key) refuse_mysql_key(table, table.primary_key->columns);
  for (const schema::Unique& unique : table.uniques) refuse_mysql_key(table, unique.columns);
  for (const schema::Index& index : table.indexes) refuse_mysql_index(table, index);
  for (const schema::ForeignKey& key : table.foreign_keys) refuse_mysql_foreign_key(table, key);
}

}  // namespace parley::dialect
