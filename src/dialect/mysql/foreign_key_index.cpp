#include "dialect/mysql/foreign_key_index.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "dialect/ddl.h"
#include "dialect/mysql/unnamed.h"

namespace parley::dialect {
namespace {

using fmt::format;
using schema::ForeignKey;
using schema::Table;

/// The columns of the index as far as it can serve a foreign key: whole columns of a B-tree.
std::vector<std::string> key_columns(const schema::Index& index) {
  std::vector<std::string> columns;
  if (!mysql_index_method(index).empty()) return columns;
  for (const schema::IndexPart& part : index.parts) {
    if (!part.expression.empty() || part.prefix_length > 0) break;
    columns.push_back(part.column);
  }
  return columns;
}

Statements drop_with_keys(const std::string& table, const std::string& action,
                          const std::vector<ForeignKey>& keys) {
  const std::string statement = alter_mysql_table(table, action);
  if (keys.empty()) return {statement};
  return {alter_with_indexes_for(table, statement, keys)};
}

}  // namespace

bool has_own_index(const Table& table, const ForeignKey& key) {
  const auto begins = [&](const std::vector<std::string>& columns) {
    return columns.size() >= key.columns.size() &&
           std::equal(key.columns.begin(), key.columns.end(), columns.begin());
  };
  return (table.primary_key && begins(table.primary_key->columns)) ||
         std::any_of(table.uniques.begin(), table.uniques.end(),
                     [&](const schema::Unique& unique) { return begins(unique.columns); }) ||
         std::any_of(table.indexes.begin(), table.indexes.end(),
                     [&](const schema::Index& index) { return begins(key_columns(index)); });
}

std::vector<ForeignKey> keys_left_unserved(const Table& table, const Table& after) {
  std::vector<ForeignKey> keys;
  for (const ForeignKey& key : table.foreign_keys) {
    if (has_own_index(table, key) && !has_own_index(after, key)) keys.push_back(key);
  }
  return keys;
}

Statements drop_mysql_index(const schema::DropIndex& change, const MysqlState& state) {
  Table after = table_in(state.before, change.table);
  std::erase_if(after.indexes,
                [&](const schema::Index& each) { return each.name == change.index; });
  // A named unique constraint is an index here, and may be dropped as either.
  std::erase_if(after.uniques,
                [&](const schema::Unique& each) { return each.name == change.index; });
  return drop_with_keys(change.table, "DROP INDEX " + mysql_name(change.index),
                        keys_left_unserved(table_in(state.before, change.table), after));
}

Statements drop_mysql_unique(const schema::DropUnique& change, const MysqlState& state) {
  if (!change.unique.name.empty()) {
    return drop_mysql_index({.table = change.table, .index = change.unique.name}, state);
  }
  Table after = table_in(state.before, change.table);
  const auto found = std::find_if(
      after.uniques.begin(), after.uniques.end(),
      [&](const schema::Unique& each) { return each.columns == change.unique.columns; });
  if (found != after.uniques.end()) after.uniques.erase(found);
  return {drop_unnamed_unique(change.table, change.unique.columns,
                              keys_left_unserved(table_in(state.before, change.table), after))};
}

/// The columns of a primary key became NOT NULL; those declared otherwise do not stay so without
/// it.
Statements drop_mysql_primary_key(const schema::DropPrimaryKey& change, const MysqlState& state) {
  const Table& table = table_in(state.before, change.table);
  std::string actions = "DROP PRIMARY KEY";
  for (const std::string& key_column :
       table.primary_key ? table.primary_key->columns : Statements()) {
    const schema::Column& column = column_in(table, key_column);
    if (column.auto_increment) {
      throw Error(ErrorCode::UnsupportedChange,
                  format("the primary key of '{}' cannot go while '{}' counts up", change.table,
                         key_column),
                  "Alter the column to one without auto_increment first.");
    }
    if (!column.nullable) continue;
    actions += ", MODIFY COLUMN " + mysql_column_text(stored_mysql_column(column, state));
  }
  Table after = table;
  after.primary_key.reset();
  return drop_with_keys(change.table, actions, keys_left_unserved(table, after));
}

Statements drop_mysql_foreign_key(const schema::DropForeignKey& change, const MysqlState& state) {
  const Table& table = table_in(state.before, change.table);
  const ForeignKey& dropped = change.foreign_key;
  Statements statements = {
      dropped.name.empty()
          ? drop_unnamed_foreign_key(change.table, dropped.columns)
          : alter_mysql_table(change.table, "DROP FOREIGN KEY " + mysql_name(dropped.name))};
  const auto key = std::find_if(
      table.foreign_keys.begin(), table.foreign_keys.end(), [&](const ForeignKey& each) {
        return dropped.name.empty() ? each.columns == dropped.columns : each.name == dropped.name;
      });
  if (key == table.foreign_keys.end() || has_own_index(table, *key)) return statements;
  const bool is_shared = std::any_of(
      table.foreign_keys.begin(), table.foreign_keys.end(), [&](const ForeignKey& each) {
        return &each != &*key && each.columns.front() == key->columns.front();
      });
  if (!is_shared) statements.push_back(drop_index_made_for(change.table, *key));
  return statements;
}

}  // namespace parley::dialect
