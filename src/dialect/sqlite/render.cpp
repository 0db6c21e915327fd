#include <fmt/format.h>

#include <algorithm>

#include "base/overloaded.h"
#include "dialect/backfill_text.h"
#include "dialect/ddl.h"
#include "dialect/expression.h"
#include "dialect/sqlite/create.h"
#include "dialect/sqlite/rebuild.h"
#include "dialect/sqlite/refusals.h"
#include "dialect/sqlite/sqlite_dialect.h"

namespace parley::dialect {
namespace {

using schema::Change;
using schema::Column;
using schema::Schema;
using schema::Table;
using schema::TypeKind;
using Statements = std::vector<std::string>;

std::string name(const std::string& identifier) { return quote_name(identifier, sqlite_style()); }

void append(Statements& list, Statements more) {
  std::move(more.begin(), more.end(), std::back_inserter(list));
}

Schema after(const Change& change, const Schema& before) {
  Schema state = before;
  schema::apply(state, change);
  return state;
}

/// ADD COLUMN takes only constant defaults once the table has rows, NOT NULL only with a default,
/// and never a column whose values are stored (SQLite documentation, "ALTER TABLE ADD COLUMN").
bool can_add_column(const Column& column) {
  if (column.auto_increment) return false;
  if (column.generated) return !column.generated->is_stored && column.nullable;
  const auto value = normal_default(column.default_value, column.type, sqlite_style());
  if (!value) return column.nullable;
  return !std::holds_alternative<schema::CurrentTimestamp>(*value) &&
         !std::holds_alternative<schema::Expression>(*value);
}

/// What SQLite keeps of the table, but for on-update triggers, which are no part of it.
Table kept_of(const Schema& schema, const std::string& table) {
  Table kept = table_in(sqlite().normalize(schema), table);
  for (Column& column : kept.columns) {
    column.on_update_now = false;
    column.on_update_trigger.clear();
  }
  return kept;
}

/// A comment, or when the column is set, may change without the table.
bool changes_table(const Change& change, const Schema& before) {
  const std::string table = schema::table_of(change);
  const Schema part = sqlite_part(before, table);
  return kept_of(part, table) != kept_of(after(change, part), table);
}

Statements tables_of_enum(const Schema& schema, const std::string& enumeration) {
  Statements tables;
  for (const Table& table : schema.tables) {
    const bool uses_it = std::ranges::any_of(table.columns, [&](const Column& column) {
      return column.type.kind == TypeKind::Enum && column.type.native == enumeration;
    });
    if (uses_it) tables.push_back(table.name);
  }
  return tables;
}

Statements rebuild(const Change& change, const Schema& before) {
  const Schema state = after(change, before);
  EnumMapping mapping;
  if (const auto* alter = std::get_if<schema::AlterEnum>(&change)) {
    mapping = {.enumeration = alter->enumeration.name, .values = alter->renamed};
    mapping.values.insert(mapping.values.end(), alter->replaced.begin(), alter->replaced.end());
  }
  Statements statements;
  for (const std::string& table : sqlite().rebuilt_tables(change, before)) {
    append(statements, sqlite_rebuild(before, state, table, mapping));
  }
  return statements;
}

Statements create_table(const Table& declared, const Schema& before) {
  const Table table = sqlite_stored_form(declared, before);
  Statements statements = {sqlite_create_table(table, table.name)};
  append(statements, sqlite_create_indexes(table));
  append(statements, sqlite_create_on_update_trigger(table));
  return statements;
}

/// `statement` with the table's on-update trigger dropped before it and made again after it: SQLite
/// rewrites a trigger's text but not its name, and the trigger names all such columns.
Statements with_on_update_trigger(const Change& change, const Schema& before,
                                  const std::string& table_after, Statements statement) {
  const Schema part = sqlite_part(before, schema::table_of(change));
  const Schema state = after(change, part);
  const Table& old = part.tables.front();
  const Table& wanted = table_in(state, table_after);
  const Statements made_before = sqlite_create_on_update_trigger(old);
  const Statements made_after = sqlite_create_on_update_trigger(wanted);
  if (made_before == made_after) return statement;
  Statements statements = sqlite_drop_on_update_triggers(old);
  append(statements, std::move(statement));
  append(statements, made_after);
  return statements;
}

Statements add_column(const schema::AddColumn& change, const Schema& before) {
  Table single{.name = change.table, .columns = {change.column}};
  single.is_strict = table_in(before, change.table).is_strict;
  const Table stored = sqlite_stored_form(std::move(single), before);
  std::string text = sqlite_column_text(stored.columns.front());
  for (const schema::Check& check : stored.checks) {
    text += " " + constraint_text(check, sqlite_style());
  }
  return with_on_update_trigger(
      change, before, change.table,
      {fmt::format("ALTER TABLE {} ADD COLUMN {}", name(change.table), text)});
}

Statements drop_column(const schema::DropColumn& change, const Schema& before) {
  return with_on_update_trigger(
      change, before, change.table,
      {fmt::format("ALTER TABLE {} DROP COLUMN {}", name(change.table), name(change.column))});
}

Statements rename_table(const schema::RenameTable& change, const Schema& before) {
  return with_on_update_trigger(
      change, before, change.new_name,
      {fmt::format("ALTER TABLE {} RENAME TO {}", name(change.table), name(change.new_name))});
}

Statements rename_column(const schema::RenameColumn& change, const Schema& before) {
  return with_on_update_trigger(
      change, before, change.table,
      {fmt::format("ALTER TABLE {} RENAME COLUMN {} TO {}", name(change.table), name(change.column),
                   name(change.new_name))});
}

Statements rename_index(const schema::RenameIndex& change, const Schema& before) {
  Table only = table_in(after(change, sqlite_part(before, change.table)), change.table);
  std::erase_if(only.indexes,
                [&](const schema::Index& index) { return index.name != change.new_name; });
  Statements statements = {"DROP INDEX " + name(change.index)};
  append(statements, sqlite_create_indexes(only));
  return statements;
}

Statements create_index(const schema::CreateIndex& change, const Schema& before) {
  Table only;
  only.name = change.table;
  if (const Table* table = before.find_table(change.table)) only.columns = table->columns;
  only.indexes = {change.index};
  return sqlite_create_indexes(only);
}

Statements drop_view(const Schema& before, const std::string& view) {
  const schema::View* found = before.find_view(view);
  if (found != nullptr && !sqlite_has(*found)) return {};
  return {"DROP VIEW " + name(view)};
}

Statements create_view(const schema::View& view) {
  return sqlite_has(view) ? Statements{sqlite_create_view(view)} : Statements{};
}

/// Its triggers go with a view.
Statements replace_view(const schema::View& view, const Schema& before) {
  Statements statements = drop_view(before, view.name);
  append(statements, create_view(view));
  const Schema state = after(schema::ReplaceView{view}, before);
  for (const schema::Trigger& trigger : state.triggers) {
    const bool is_on_it = trigger.table == view.name && sqlite_has(trigger, state);
    if (is_on_it) statements.push_back(sqlite_create_trigger(trigger));
  }
  return statements;
}

Statements create_trigger(const schema::Trigger& trigger, const Schema& before) {
  if (!sqlite_has(trigger, before)) return {};
  return {sqlite_create_trigger(trigger)};
}

Statements drop_trigger(const Schema& before, const std::string& table,
                        const std::string& trigger) {
  const schema::Trigger* found = before.find_trigger(table, trigger);
  if (found != nullptr && !sqlite_has(*found, before)) return {};
  return {"DROP TRIGGER " + name(trigger)};
}

Statements replace_trigger(const schema::Trigger& trigger, const Schema& before) {
  Statements statements = drop_trigger(before, trigger.table, trigger.name);
  append(statements, create_trigger(trigger, before));
  return statements;
}

}  // namespace

Statements SqliteDialect::rebuilt_tables(const Change& change, const Schema& before) const {
  const auto one_if = [](bool is_rebuilt, const std::string& table) {
    return is_rebuilt ? Statements{table} : Statements{};
  };
  const auto one = [](const auto& c) { return Statements{c.table}; };
  const auto none = [](const auto&) { return Statements{}; };
  return std::visit(
      overloaded{
          [&](const schema::AddColumn& c) { return one_if(!can_add_column(c.column), c.table); },
          [&](const schema::DropColumn& c) {
            // A check of the whole table would hold DROP COLUMN up.
            const Column& column = column_in(table_in(before, c.table), c.column);
            return one_if(column.type.kind == TypeKind::Enum, c.table);
          },
          [&](const schema::AlterColumn& c) {
            return one_if(changes_table(change, before), c.table);
          },
          [&](const schema::SetTableOptions& c) {
            return one_if(changes_table(change, before), c.table);
          },
          [&](const schema::AddPrimaryKey& c) { return one(c); },
          [&](const schema::DropPrimaryKey& c) { return one(c); },
          [&](const schema::AddUnique& c) { return one(c); },
          [&](const schema::DropUnique& c) { return one(c); },
          [&](const schema::AddCheck& c) { return one(c); },
          [&](const schema::DropCheck& c) { return one(c); },
          [&](const schema::AddForeignKey& c) { return one(c); },
          [&](const schema::DropForeignKey& c) { return one(c); },
          [&](const schema::AlterEnum& c) { return tables_of_enum(before, c.enumeration.name); },
          [&](const schema::CreateTable& c) { return none(c); },
          [&](const schema::DropTable& c) { return none(c); },
          [&](const schema::RenameTable& c) { return none(c); },
          [&](const schema::RenameColumn& c) { return none(c); },
          [&](const schema::CreateIndex& c) { return none(c); },
          [&](const schema::DropIndex& c) { return none(c); },
          [&](const schema::RenameIndex& c) { return none(c); },
          [&](const schema::CreateView& c) { return none(c); },
          [&](const schema::DropView& c) { return none(c); },
          [&](const schema::ReplaceView& c) { return none(c); },
          [&](const schema::CreateTrigger& c) { return none(c); },
          [&](const schema::DropTrigger& c) { return none(c); },
          [&](const schema::ReplaceTrigger& c) { return none(c); },
          [&](const schema::CreateEnum& c) { return none(c); },
          [&](const schema::DropEnum& c) { return none(c); },
          [&](const schema::SetComment& c) { return none(c); },
          [&](const schema::Backfill& c) { return none(c); },
          [&](const schema::Execute& c) { return none(c); },
      },
      change);
}

Statements SqliteDialect::render(const Change& change, const Schema& before) const {
  refuse_what_sqlite_cannot(change, before);
  if (!rebuilt_tables(change, before).empty()) return rebuild(change, before);
  const auto nothing = [](const auto&) { return Statements{}; };
  return std::visit(
      overloaded{
          [&](const schema::CreateTable& c) { return create_table(c.table, before); },
          [](const schema::DropTable& c) { return Statements{"DROP TABLE " + name(c.table)}; },
          [&](const schema::RenameTable& c) { return rename_table(c, before); },
          [&](const schema::AddColumn& c) { return add_column(c, before); },
          [&](const schema::DropColumn& c) { return drop_column(c, before); },
          [&](const schema::AlterColumn& c) {
            return with_on_update_trigger(change, before, c.table, {});
          },
          [&](const schema::RenameColumn& c) { return rename_column(c, before); },
          [&](const schema::CreateIndex& c) { return create_index(c, before); },
          [](const schema::DropIndex& c) { return Statements{"DROP INDEX " + name(c.index)}; },
          [&](const schema::RenameIndex& c) { return rename_index(c, before); },
          [&](const schema::CreateView& c) { return create_view(c.view); },
          [&](const schema::DropView& c) { return drop_view(before, c.view); },
          [&](const schema::ReplaceView& c) { return replace_view(c.view, before); },
          [&](const schema::CreateTrigger& c) { return create_trigger(c.trigger, before); },
          [&](const schema::DropTrigger& c) { return drop_trigger(before, c.table, c.trigger); },
          [&](const schema::ReplaceTrigger& c) { return replace_trigger(c.trigger, before); },
          [&](const schema::Backfill& c) { return Statements{update_text(c, *this)}; },
          [](const schema::Execute& c) { return execute_texts(c, "sqlite", "sqlite"); },
          // An enum is in the checks of the columns that use it; comments are not kept.
          [&](const schema::CreateEnum& c) { return nothing(c); },
          [&](const schema::DropEnum& c) { return nothing(c); },
          [&](const schema::SetComment& c) { return nothing(c); },
          // Without a table to make anew they change nothing.
          [&](const schema::AlterEnum& c) { return nothing(c); },
          [&](const schema::SetTableOptions& c) { return nothing(c); },
          [&](const schema::AddPrimaryKey& c) { return nothing(c); },
          [&](const schema::DropPrimaryKey& c) { return nothing(c); },
          [&](const schema::AddUnique& c) { return nothing(c); },
          [&](const schema::DropUnique& c) { return nothing(c); },
          [&](const schema::AddCheck& c) { return nothing(c); },
          [&](const schema::DropCheck& c) { return nothing(c); },
          [&](const schema::AddForeignKey& c) { return nothing(c); },
          [&](const schema::DropForeignKey& c) { return nothing(c); },
      },
      change);
}

bool SqliteDialect::needs_foreign_keys_off(const Change& change, const Schema& before) const {
  // DROP TABLE deletes the rows first, with all that ON DELETE says (SQLite documentation, "Foreign
  // Key Support", section 5).
  return std::holds_alternative<schema::DropTable>(change) ||
         !rebuilt_tables(change, before).empty();
}

}  // namespace parley::dialect
