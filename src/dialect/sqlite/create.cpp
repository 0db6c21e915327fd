#include "dialect/sqlite/create.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/error.h"
#include "base/text.h"
#include "dialect/ddl.h"
#include "dialect/enum_check.h"
#include "dialect/expression.h"
#include "dialect/sqlite/sqlite_dialect.h"
#include "dialect/sqlite/stored_object.h"
#include "dialect/sqlite/stored_sql.h"

namespace parley::dialect {
namespace {

using schema::Column;
using schema::Table;
using schema::Trigger;
using schema::TriggerTime;

std::string name(const std::string& identifier) { return quote_name(identifier, sqlite_style()); }

std::string text_for_sqlite(const schema::SqlTexts& texts) {
  return join(texts_for(texts, "sqlite", "sqlite"), ";\n");
}

/// AUTOINCREMENT exists only inline, on the one column of an INTEGER primary key.
std::string auto_increment_text(const Table& table, const Column& column) {
  const std::string& key = table.primary_key->name;
  const std::string constraint = key.empty() ? "" : "CONSTRAINT " + name(key) + " ";
  return fmt::format("{} INTEGER {}PRIMARY KEY AUTOINCREMENT", name(column.name), constraint);
}

std::string_view time_text(TriggerTime time) {
  switch (time) {
    case TriggerTime::Before: return "BEFORE";
    case TriggerTime::After: return "AFTER";
    case TriggerTime::InsteadOf: return "INSTEAD OF";
  }
  return "";
}

std::string event_text(const Trigger& trigger) {
  if (trigger.events.insert) return "INSERT";
  if (trigger.events.remove) return "DELETE";
  if (trigger.update_of.empty()) return "UPDATE";
  return "UPDATE OF " + quote_names(trigger.update_of, sqlite_style());
}

Trigger normal(const Trigger& trigger) {
  return sqlite().normalize(schema::Schema{.triggers = {trigger}}).triggers.front();
}

bool still_says(const std::string& stored_sql, const Trigger& trigger) {
  if (stored_sql.empty()) return false;
  Trigger stored = read_stored_trigger(stored_sql);
  if (stored.body.empty()) return false;
  if (equals_ignoring_case(stored.table, trigger.table)) stored.table = trigger.table;
  return normal(stored) == normal(trigger);
}

/// Which row a trigger of `table` is about.
std::string this_row(const Table& table) {
  if (const auto row_id = sqlite_row_id(table)) return fmt::format("{0} = NEW.{0}", *row_id);
  std::vector<std::string> parts;
  if (table.primary_key) {
    for (const std::string& column : table.primary_key->columns) {
      parts.push_back(fmt::format("{0} = NEW.{0}", name(column)));
    }
  }
  if (!parts.empty()) return join(parts, " AND ");
  throw Error(ErrorCode::UnsupportedChange,
              fmt::format("a trigger cannot tell the rows of '{}': columns hide every name of the "
                          "row id, and there is no primary key",
                          table.name),
              "Give the table a primary key.");
}

}  // namespace

schema::Schema sqlite_part(const schema::Schema& schema, const std::string& table) {
  return schema::Schema{.tables = {table_in(schema, table)}, .enums = schema.enums};
}

Table sqlite_stored_form(Table table, const schema::Schema& schema) {
  table = with_enum_checks(std::move(table), schema, sqlite_style());
  sqlite_make_plain(table);
  if (!table.is_strict) return table;
  for (Column& column : table.columns) {
    const std::string text = sqlite_strict_type_text(column.type);
    column.type = sqlite_strict_type(column.type);
    column.type.spelling = {text};
  }
  return table;
}

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
  const auto counted = std::ranges::find_if(table.columns, &Column::auto_increment);
  std::vector<std::string> lines;
  for (auto column = table.columns.begin(); column != table.columns.end(); ++column) {
    lines.push_back(column == counted ? auto_increment_text(table, *column)
                                      : sqlite_column_text(*column));
  }
  Table constraints = table;
  if (counted != table.columns.end()) constraints.primary_key.reset();
  for (std::string& line : constraint_lines(constraints, sqlite_style())) {
    lines.push_back(std::move(line));
  }
  std::vector<std::string> options;
  if (table.is_strict) options.emplace_back("STRICT");
  if (table.is_without_rowid) options.emplace_back("WITHOUT ROWID");
  const std::string text = create_table_text(name(table_name), lines);
  return options.empty() ? text : text + " " + join(options, ", ");
}

std::vector<std::string> sqlite_create_indexes(const Table& table) {
  std::vector<std::string> statements;
  for (schema::Index index : table.indexes) {
    for (schema::IndexPart& part : index.parts) {
      part.prefix_length = 0;
      part.nulls = schema::NullsOrder::Usual;
    }
    index.method.clear();
    statements.push_back(create_index_text(table.name, index, sqlite_style()));
  }
  return statements;
}

std::string sqlite_create_view(const schema::View& view) {
  const std::string columns =
      view.columns.empty() ? "" : " (" + quote_names(view.columns, sqlite_style()) + ")";
  return fmt::format("CREATE VIEW {}{} AS {}", name(view.name), columns,
                     text_for_sqlite(view.query));
}

std::string sqlite_create_trigger(const Trigger& trigger) {
  if (still_says(trigger.stored_sql.text, trigger)) return trigger.stored_sql.text;
  const std::string when = text_for_sqlite(trigger.when);
  return fmt::format("CREATE TRIGGER {} {} {} ON {} FOR EACH ROW{}\nBEGIN\n{};\nEND",
                     name(trigger.name), time_text(trigger.time), event_text(trigger),
                     name(trigger.table), when.empty() ? "" : " WHEN (" + when + ")",
                     text_for_sqlite(trigger.body));
}

bool sqlite_has(const schema::View& view) {
  return !texts_for(view.query, "sqlite", "sqlite").empty();
}

bool sqlite_has(const Trigger& trigger, const schema::Schema& schema) {
  const schema::View* view = schema.find_view(trigger.table);
  return !texts_for(trigger.body, "sqlite", "sqlite").empty() &&
         (view == nullptr || sqlite_has(*view));
}

std::vector<std::string> sqlite_create_on_update_trigger(const Table& table) {
  std::vector<std::string> columns;
  std::string trigger;
  for (const Column& column : table.columns) {
    if (!column.on_update_now) continue;
    if (columns.empty()) trigger = on_update_trigger_name(table.name, column);
    columns.push_back(column.name);
  }
  if (columns.empty()) return {};
  std::vector<std::string> guards;
  std::vector<std::string> assignments;
  for (const std::string& column : columns) {
    // The second condition ends the recursion where recursive_triggers is on: the trigger's own
    // UPDATE leaves nothing to do.
    guards.push_back(
        fmt::format("NEW.{0} IS OLD.{0} AND NEW.{0} IS NOT CURRENT_TIMESTAMP", name(column)));
    const std::string now =
        columns.size() == 1
            ? "CURRENT_TIMESTAMP"
            : fmt::format("CASE WHEN NEW.{0} IS OLD.{0} THEN CURRENT_TIMESTAMP ELSE {0} END",
                          name(column));
    assignments.push_back(name(column) + " = " + now);
  }
  return {
      fmt::format("CREATE TRIGGER {} AFTER UPDATE ON {} FOR EACH ROW WHEN {}\n"
                  "BEGIN\n    UPDATE {} SET {} WHERE {};\nEND",
                  name(trigger), name(table.name), join(guards, " OR "), name(table.name),
                  join(assignments, ", "), this_row(table))};
}

std::vector<std::string> sqlite_drop_on_update_triggers(const Table& table) {
  std::vector<std::string> statements;
  for (const Column& column : table.columns) {
    if (!column.on_update_now) continue;
    statements.push_back("DROP TRIGGER IF EXISTS " +
                         name(on_update_trigger_name(table.name, column)));
  }
  return statements;
}

std::optional<std::string> sqlite_row_id(const Table& table) {
  if (table.is_without_rowid) return std::nullopt;
  for (const char* alias : {"rowid", "_rowid_", "oid"}) {
    if (find_column_ignoring_case(table, alias) == nullptr) return alias;
  }
  return std::nullopt;
}

bool sqlite_has_row_id_key(const Table& table) {
  if (table.is_without_rowid || !table.primary_key || table.primary_key->columns.size() != 1) {
    return false;
  }
  const Column* column = table.find_column(table.primary_key->columns.front());
  return column != nullptr && (column->auto_increment ||
                               equals_ignoring_case(sqlite().type_text(column->type), "INTEGER"));
}

}  // namespace parley::dialect
