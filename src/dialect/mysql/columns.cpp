#include "dialect/mysql/columns.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "dialect/ddl.h"
#include "dialect/enum_check.h"
#include "dialect/mysql/dependents.h"
#include "dialect/mysql/foreign_key_index.h"
#include "dialect/mysql/refusals.h"
#include "dialect/mysql/unnamed.h"

namespace parley::dialect {
namespace {

using fmt::format;
using schema::Column;
using schema::Table;
using schema::TypeKind;

[[noreturn]] void refuse(const std::string& message, const std::string& hint) {
  throw Error(ErrorCode::UnsupportedChange, message, hint);
}

bool is_enum(const Column& column) { return column.type.kind == TypeKind::Enum; }

std::string add_enum_check(const std::string& table, const Column& column,
                           const MysqlState& state) {
  const schema::Check check = enum_check(column, table, state.before, mysql_style());
  refuse_mysql_check(table, check, state);
  return add_check_action(check);
}

std::string drop_enum_check(const std::string& table, const Column& column,
                            const MysqlState& state) {
  return drop_check_action(enum_check_name(column.type.native, table, column.name), state.flavor);
}

enum class Storage { Plain, Stored, Virtual };

Storage storage_of(const Column& column) {
  if (!column.generated) return Storage::Plain;
  return column.generated->is_stored ? Storage::Stored : Storage::Virtual;
}

/// A virtual column has no place in the rows, so MODIFY makes none of another kind of it, nor the
/// other way round (MySQL 8.0 Reference Manual, "ALTER TABLE and Generated Columns").
bool can_be_modified(const Column& old, const Column& wanted) {
  return storage_of(old) == storage_of(wanted) ||
         (storage_of(old) != Storage::Virtual && storage_of(wanted) != Storage::Virtual);
}

std::string position_of(const Table& table, const Column& column) {
  if (table.columns.front().name == column.name) return "FIRST";
  const auto found = std::find_if(table.columns.begin(), table.columns.end(),
                                  [&](const Column& each) { return each.name == column.name; });
  return "AFTER " + mysql_name(std::prev(found)->name);
}

void refuse_lost_values(const Table& table, const Column& wanted) {
  if (!wanted.generated) {
    refuse(format("'{}.{}' is virtual, so a plain column in its place would be empty", table.name,
                  wanted.name),
           "Make it a stored generated column first; its values then stay in a plain one.");
  }
  const auto is_it = [&](const std::string& name) { return name == wanted.name; };
  const bool is_in_key = table.primary_key && std::any_of(table.primary_key->columns.begin(),
                                                          table.primary_key->columns.end(), is_it);
  const bool is_in_unique =
      std::any_of(table.uniques.begin(), table.uniques.end(), [&](const schema::Unique& unique) {
        return std::any_of(unique.columns.begin(), unique.columns.end(), is_it);
      });
  const bool is_in_index =
      std::any_of(table.indexes.begin(), table.indexes.end(), [&](const schema::Index& index) {
        return std::any_of(index.parts.begin(), index.parts.end(),
                           [&](const schema::IndexPart& part) { return is_it(part.column); });
      });
  if (!is_in_key && !is_in_unique && !is_in_index) return;
  refuse(format("'{}.{}' must be dropped and added again to change between virtual and stored, and "
                "an index or key uses it",
                table.name, wanted.name),
         "Drop the index or key first, and create it again behind this change.");
}

/// True when a check without a name, which may stand in the column's definition, is about it.
bool may_hold_a_check(const Table& table, const std::string& column) {
  return std::ranges::any_of(table.checks, [&](const schema::Check& check) {
    return check.name.empty() && mentions_mysql_column(check.expression, column);
  });
}

/// What makes `wanted` of `old`, as actions of one ALTER TABLE.
Statements modify(const Table& table, const Column& old, const Column& wanted,
                  const MysqlState& state) {
  const std::string text = mysql_column_text(stored_mysql_column(wanted, state));
  if (can_be_modified(old, wanted)) return {"MODIFY COLUMN " + text};
  refuse_lost_values(table, wanted);
  return {"DROP COLUMN " + mysql_name(old.name),
          format("ADD COLUMN {} {}", text, position_of(table, old))};
}

/// Generated columns and index parts that read the column: MariaDB lets them follow in the same
/// statement, MySQL refuses the rename (error 3108).
Statements follow_expressions(const Table& table, const Table& after,
                              const schema::RenameColumn& change, const MysqlState& state) {
  Statements actions;
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    if (table.columns[i].generated == after.columns[i].generated) continue;
    if (!state.flavor.renames_sources_of_generated) {
      refuse(format("'{}.{}' cannot be renamed while the generated column '{}' reads it",
                    change.table, change.column, table.columns[i].name),
             "Drop the generated column first, and add it again behind the rename.");
    }
    const Column stored = stored_mysql_column(after.columns[i], state);
    actions.push_back("MODIFY COLUMN " + mysql_column_text(stored));
  }
  for (std::size_t i = 0; i < table.indexes.size(); ++i) {
    const auto reads_it = [&](const schema::IndexPart& part) {
      return !part.expression.empty() &&
             std::find(after.indexes[i].parts.begin(), after.indexes[i].parts.end(), part) ==
                 after.indexes[i].parts.end();
    };
    const schema::Index& index = table.indexes[i];
    if (std::none_of(index.parts.begin(), index.parts.end(), reads_it)) continue;
    refuse(format("'{}.{}' cannot be renamed while an expression of the index '{}' reads it",
                  change.table, change.column, index.name),
           "Drop the index first, and create it again behind the rename.");
  }
  return actions;
}

/// Indexes that the server named after the column take the new name.
Statements follow_index_names(const Table& table, const schema::RenameColumn& change) {
  const auto rename =
      format("RENAME INDEX {} TO {}", mysql_name(change.column), mysql_name(change.new_name));
  for (const schema::Unique& unique : table.uniques) {
    if (unique.name.empty() && unique.columns.front() == change.column) return {rename};
  }
  for (const schema::ForeignKey& key : table.foreign_keys) {
    if (key.name.empty() && key.columns.front() == change.column && !has_own_index(table, key))
      return {rename};
  }
  return {};
}

/// The keys and indexes that hold the column must be possible on what it becomes. MariaDB would
/// make a unique key on TEXT one of hashes, and so another than was asked for.
void refuse_in_keys(const Table& table, const Column& column, const MysqlState& state) {
  Table altered = table;
  *altered.find_column(column.name) = column;
  const auto require_key = [&](const std::vector<std::string>& columns) {
    if (std::ranges::find(columns, column.name) != columns.end()) {
      refuse_mysql_key(altered, columns);
    }
  };
  if (altered.primary_key) require_key(altered.primary_key->columns);
  for (const schema::Unique& unique : altered.uniques) require_key(unique.columns);
  for (const schema::ForeignKey& key : altered.foreign_keys) require_key(key.columns);
  for (const schema::Index& index : altered.indexes) {
    if (std::ranges::find(index.parts, column.name, &schema::IndexPart::column) !=
        index.parts.end()) {
      refuse_mysql_index(altered, index, state.flavor);
    }
  }
}

}  // namespace

Statements add_mysql_column(const schema::AddColumn& change, const MysqlState& state) {
  refuse_mysql_column(change.table, change.column);
  if (change.column.auto_increment) {
    refuse(
        format("'{}.{}' cannot be added as a column that counts up: MySQL and MariaDB want it in "
               "a key at the same moment",
               change.table, change.column.name),
        "Add it without auto_increment, add the key, and then alter it.");
  }
  Statements actions = {"ADD COLUMN " +
                        mysql_column_text(stored_mysql_column(change.column, state))};
  if (is_enum(change.column)) {
    actions.push_back(add_enum_check(change.table, change.column, state));
  }
  return {alter_mysql_table(change.table, actions)};
}

Statements drop_mysql_column(const schema::DropColumn& change, const MysqlState& state) {
  Statements actions;
  const Table* table = state.before.find_table(change.table);
  const Column* column = table == nullptr ? nullptr : table->find_column(change.column);
  if (column != nullptr && is_enum(*column)) {
    actions.push_back(drop_enum_check(change.table, *column, state));
  }
  actions.push_back("DROP COLUMN " + mysql_name(change.column));
  return {alter_mysql_table(change.table, actions)};
}

Statements alter_mysql_column(const schema::AlterColumn& change, const MysqlState& state) {
  refuse_mysql_column(change.table, change.column);
  const Table& table = table_in(state.before, change.table);
  const Column& old = column_in(table, change.column.name);
  refuse_in_keys(table, change.column, state);
  const bool keeps_enum =
      is_enum(old) && is_enum(change.column) && old.type.native == change.column.type.native;
  Statements actions;
  if (is_enum(old) && !keeps_enum) actions.push_back(drop_enum_check(change.table, old, state));
  for (std::string& action : modify(table, old, change.column, state)) {
    actions.push_back(std::move(action));
  }
  if (is_enum(change.column) && !keeps_enum) {
    actions.push_back(add_enum_check(change.table, change.column, state));
  }
  const std::string statement = alter_mysql_table(change.table, actions);
  const bool is_modified = can_be_modified(old, change.column) && !is_enum(change.column);
  if (!is_modified || !may_hold_a_check(table, old.name)) return {statement};
  return {alter_with_check_of(change.table, old.name, statement, state.flavor)};
}

/// Checks that mention the column keep it from being renamed, so they go and come back in the same
/// statement. Triggers would name a column that is not there any more, and follow behind it.
Statements rename_mysql_column(const schema::RenameColumn& change, const MysqlState& state) {
  refuse_long_mysql_name("column", change.new_name);
  schema::Schema renamed = state.before;
  schema::apply(renamed, change);
  const Table table =
      with_enum_checks(table_in(state.before, change.table), state.before, mysql_style());
  const Table after = with_enum_checks(table_in(renamed, change.table), renamed, mysql_style());
  Statements actions;
  Statements added;
  for (std::size_t i = 0; i < table.checks.size(); ++i) {
    const schema::Check& check = table.checks[i];
    if (check.name.empty() || check == after.checks[i]) continue;
    actions.push_back(drop_check_action(check.name, state.flavor));
    added.push_back(add_check_action(after.checks[i]));
  }
  const auto add = [&](Statements more) {
    std::move(more.begin(), more.end(), std::back_inserter(actions));
  };
  add(follow_index_names(table, change));
  add({format("RENAME COLUMN {} TO {}", mysql_name(change.column), mysql_name(change.new_name))});
  add(follow_expressions(table_in(state.before, change.table), table_in(renamed, change.table),
                         change, state));
  add(std::move(added));
  Statements statements = {alter_mysql_table(change.table, actions)};
  append_changed_triggers(statements, renamed, state);
  return statements;
}

Statements set_mysql_comment(const schema::SetComment& change, const MysqlState& state) {
  if (change.column.empty()) {
    return {alter_mysql_table(change.table,
                              "COMMENT = " + quote_string(change.comment, mysql_style()))};
  }
  const Table& table = table_in(state.before, change.table);
  Column column = stored_mysql_column(column_in(table, change.column), state);
  column.comment = change.comment;
  const std::string statement =
      alter_mysql_table(change.table, "MODIFY COLUMN " + mysql_column_text(column));
  if (!may_hold_a_check(table, column.name)) return {statement};
  return {alter_with_check_of(change.table, column.name, statement, state.flavor)};
}

}  // namespace parley::dialect
