#include "dialect/sqlite/rebuild.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "dialect/ddl.h"
#include "dialect/expression.h"
#include "dialect/sqlite/sqlite_dialect.h"

namespace parley::dialect {
namespace {

using schema::Column;
using schema::Table;

const Column* auto_increment_column(const Table& table) {
  const auto found = std::find_if(table.columns.begin(), table.columns.end(),
                                  [](const Column& column) { return column.auto_increment; });
  return found == table.columns.end() ? nullptr : &*found;
}

std::string name(const std::string& identifier) { return quote_name(identifier, sqlite_style()); }

/// AUTOINCREMENT exists only inline, on the one column of an INTEGER primary key.
std::string auto_increment_text(const Table& table, const Column& column) {
  const bool is_alone = table.primary_key && table.primary_key->columns == std::vector{column.name};
  if (!is_alone) {
    throw Error(ErrorCode::UnsupportedChange,
                fmt::format("SQLite can count up '{}.{}' only if it is the whole primary key",
                            table.name, column.name),
                "Make it the only column of the primary key, or drop auto_increment.");
  }
  const std::string& key = table.primary_key->name;
  const std::string constraint = key.empty() ? "" : "CONSTRAINT " + name(key) + " ";
  return fmt::format("{} INTEGER {}PRIMARY KEY AUTOINCREMENT", name(column.name), constraint);
}

std::vector<std::string> common_columns(const Table& before, const Table& after) {
  std::vector<std::string> common;
  for (const Column& column : after.columns) {
    const Column* old = before.find_column(column.name);
    if (old != nullptr && !column.generated) common.push_back(column.name);
  }
  return common;
}

/// The copied rows have set the mark to the highest id that is left; ids of deleted rows must not
/// come back either.
std::vector<std::string> carry_high_water_mark(const std::string& from, const std::string& to) {
  const auto text = [](const std::string& value) { return quote_string(value, sqlite_style()); };
  return {fmt::format("DELETE FROM sqlite_sequence WHERE name = {}", text(to)),
          fmt::format("INSERT INTO sqlite_sequence (name, seq) "
                      "SELECT {}, seq FROM sqlite_sequence WHERE name = {}",
                      text(to), text(from))};
}

void append(std::vector<std::string>& list, std::vector<std::string> more) {
  std::move(more.begin(), more.end(), std::back_inserter(list));
}

}  // namespace

std::string sqlite_column_text(const Column& column) {
  const auto default_value = normal_default(column.default_value, column.type, sqlite_style());
  std::string text = name(column.name);
  const std::string type = sqlite().type_text(column.type);
  if (!type.empty()) text += " " + type;
  if (!column.collation.empty()) text += " COLLATE " + name(column.collation);
  if (column.generated) {
    text += fmt::format(" GENERATED ALWAYS AS ({}) {}", column.generated->expression,
                        column.generated->is_stored ? "STORED" : "VIRTUAL");
  }
  if (default_value) text += " DEFAULT " + default_text(*default_value, sqlite_style());
  if (!column.nullable) text += " NOT NULL";
  return text;
}

std::string sqlite_create_table(const Table& table, const std::string& table_name) {
  const Column* counted = auto_increment_column(table);
  std::vector<std::string> lines;
  for (const Column& column : table.columns) {
    lines.push_back(&column == counted ? auto_increment_text(table, column)
                                       : sqlite_column_text(column));
  }
  Table constraints = table;
  if (counted != nullptr) constraints.primary_key.reset();
  append(lines, constraint_lines(constraints, sqlite_style()));
  return create_table_text(name(table_name), lines);
}

std::string sqlite_create_trigger(const std::string& table, const std::string& column) {
  // The second condition ends the recursion where recursive_triggers is on: the trigger's own
  // UPDATE leaves nothing to do.
  return fmt::format(
      "CREATE TRIGGER {0} AFTER UPDATE ON {1} FOR EACH ROW "
      "WHEN NEW.{2} IS OLD.{2} AND NEW.{2} IS NOT CURRENT_TIMESTAMP\n"
      "BEGIN\n    UPDATE {1} SET {2} = CURRENT_TIMESTAMP WHERE rowid = NEW.rowid;\nEND",
      name(on_update_trigger_name(table, column)), name(table), name(column));
}

std::string sqlite_drop_trigger(const std::string& table, const std::string& column) {
  return "DROP TRIGGER IF EXISTS " + name(on_update_trigger_name(table, column));
}

std::vector<std::string> sqlite_indexes_and_triggers(const Table& table) {
  std::vector<std::string> statements;
  for (const schema::Index& index : table.indexes) {
    statements.push_back(create_index_text(table.name, index, sqlite_style()));
  }
  for (const Column& column : table.columns) {
    if (column.on_update_now) statements.push_back(sqlite_create_trigger(table.name, column.name));
  }
  return statements;
}

std::vector<std::string> sqlite_rebuild(const Table& before, const Table& after) {
  const std::string temporary = "parley_new_" + after.name;
  std::vector<std::string> statements = {sqlite_create_table(after, temporary)};
  if (const auto common = common_columns(before, after); !common.empty()) {
    const std::string list = quote_names(common, sqlite_style());
    statements.push_back(fmt::format("INSERT INTO {} ({}) SELECT {} FROM {}", name(temporary), list,
                                     list, name(after.name)));
  }
  if (auto_increment_column(before) != nullptr && auto_increment_column(after) != nullptr) {
    append(statements, carry_high_water_mark(after.name, temporary));
  }
  statements.push_back("DROP TABLE " + name(after.name));
  // Without it RENAME reads every view and trigger of the database and fails on one that mentions
  // the table, which does not exist at this moment.
  statements.push_back("PRAGMA legacy_alter_table = ON");
  statements.push_back(
      fmt::format("ALTER TABLE {} RENAME TO {}", name(temporary), name(after.name)));
  statements.push_back("PRAGMA legacy_alter_table = OFF");
  append(statements, sqlite_indexes_and_triggers(after));
  return statements;
}

}  // namespace parley::dialect
