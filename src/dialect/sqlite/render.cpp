#include <fmt/format.h>

#include "base/overloaded.h"
#include "dialect/ddl.h"
#include "dialect/expression.h"
#include "dialect/sqlite/rebuild.h"
#include "dialect/sqlite/sqlite_dialect.h"

namespace parley::dialect {
namespace {

using schema::Change;
using schema::Column;
using schema::Schema;
using schema::Table;
using Statements = std::vector<std::string>;

std::string name(const std::string& identifier) { return quote_name(identifier, sqlite_style()); }

/// ADD COLUMN takes only constant defaults once the table has rows, and NOT NULL only with a
/// default (SQLite documentation, "ALTER TABLE ADD COLUMN").
bool can_add_column(const Column& column) {
  if (column.auto_increment || column.generated) return false;
  const auto value = normal_default(column.default_value, column.type, sqlite_style());
  if (!value) return column.nullable;
  return !std::holds_alternative<schema::CurrentTimestamp>(*value) &&
         !std::holds_alternative<schema::Expression>(*value);
}

bool needs_rebuild(const Change& change) {
  return std::visit(overloaded{[](const schema::AddColumn& c) { return !can_add_column(c.column); },
                               [](const schema::AlterColumn&) { return true; },
                               [](const schema::AddPrimaryKey&) { return true; },
                               [](const schema::DropPrimaryKey&) { return true; },
                               [](const schema::AddUnique&) { return true; },
                               [](const schema::DropUnique&) { return true; },
                               [](const schema::AddCheck&) { return true; },
                               [](const schema::DropCheck&) { return true; },
                               [](const schema::AddForeignKey&) { return true; },
                               [](const schema::DropForeignKey&) { return true; },
                               [](const schema::CreateTable&) { return false; },
                               [](const schema::DropTable&) { return false; },
                               [](const schema::RenameTable&) { return false; },
                               [](const schema::DropColumn&) { return false; },
                               [](const schema::RenameColumn&) { return false; },
                               [](const schema::CreateIndex&) { return false; },
                               [](const schema::DropIndex&) { return false; },
                               [](const schema::RenameIndex&) { return false; },
                               [](const schema::CreateView&) { return false; },
                               [](const schema::DropView&) { return false; },
                               [](const schema::ReplaceView&) { return false; },
                               [](const schema::CreateTrigger&) { return false; },
                               [](const schema::DropTrigger&) { return false; },
                               [](const schema::ReplaceTrigger&) { return false; },
                               [](const schema::CreateEnum&) { return false; },
                               [](const schema::AlterEnum&) { return true; },
                               [](const schema::DropEnum&) { return false; },
                               [](const schema::SetComment&) { return false; },
                               [](const schema::SetTableOptions&) { return true; },
                               [](const schema::Backfill&) { return false; },
                               [](const schema::Execute&) { return false; }},
                    change);
}

Statements rebuild(const Change& change, const Schema& before) {
  Schema after = before;
  schema::apply(after, change);
  const std::string table = schema::table_of(change);
  return sqlite_rebuild(table_in(before, table), table_in(after, table));
}

Statements create_table(const Table& table) {
  Statements statements = {sqlite_create_table(table, table.name)};
  for (std::string& each : sqlite_indexes_and_triggers(table))
    statements.push_back(std::move(each));
  return statements;
}

/// SQLite rewrites the triggers' text, but not their names.
Statements rename_table(const schema::RenameTable& change, const Schema& before) {
  Statements statements;
  Statements triggers;
  for (const Column& column : table_in(before, change.table).columns) {
    if (!column.on_update_now) continue;
    statements.push_back(sqlite_drop_trigger(change.table, column.name));
    triggers.push_back(sqlite_create_trigger(change.new_name, column.name));
  }
  statements.push_back(
      fmt::format("ALTER TABLE {} RENAME TO {}", name(change.table), name(change.new_name)));
  statements.insert(statements.end(), triggers.begin(), triggers.end());
  return statements;
}

Statements add_column(const schema::AddColumn& change) {
  Statements statements = {fmt::format("ALTER TABLE {} ADD COLUMN {}", name(change.table),
                                       sqlite_column_text(change.column))};
  if (change.column.on_update_now) {
    statements.push_back(sqlite_create_trigger(change.table, change.column.name));
  }
  return statements;
}

Statements drop_column(const schema::DropColumn& change, const Schema& before) {
  Statements statements;
  const Table& table = table_in(before, change.table);
  if (column_in(table, change.column).on_update_now) {
    statements.push_back(sqlite_drop_trigger(change.table, change.column));
  }
  statements.push_back(
      fmt::format("ALTER TABLE {} DROP COLUMN {}", name(change.table), name(change.column)));
  return statements;
}

Statements rename_column(const schema::RenameColumn& change, const Schema& before) {
  const Table& table = table_in(before, change.table);
  const bool has_trigger = column_in(table, change.column).on_update_now;
  Statements statements;
  if (has_trigger) statements.push_back(sqlite_drop_trigger(change.table, change.column));
  statements.push_back(fmt::format("ALTER TABLE {} RENAME COLUMN {} TO {}", name(change.table),
                                   name(change.column), name(change.new_name)));
  if (has_trigger) statements.push_back(sqlite_create_trigger(change.table, change.new_name));
  return statements;
}

}  // namespace

Statements SqliteDialect::render(const Change& change, const Schema& before) const {
  const auto rebuilt = [&](const auto&) { return rebuild(change, before); };
  return std::visit(
      overloaded{
          [](const schema::CreateTable& c) { return create_table(c.table); },
          [](const schema::DropTable& c) { return Statements{"DROP TABLE " + name(c.table)}; },
          [&](const schema::RenameTable& c) { return rename_table(c, before); },
          [&](const schema::AddColumn& c) {
            return needs_rebuild(change) ? rebuild(change, before) : add_column(c);
          },
          [&](const schema::DropColumn& c) { return drop_column(c, before); },
          [&](const schema::AlterColumn& c) { return rebuilt(c); },
          [&](const schema::RenameColumn& c) { return rename_column(c, before); },
          [](const schema::CreateIndex& c) {
            return Statements{create_index_text(c.table, c.index, sqlite_style())};
          },
          [](const schema::DropIndex& c) { return Statements{"DROP INDEX " + name(c.index)}; },
          [&](const schema::AddPrimaryKey& c) { return rebuilt(c); },
          [&](const schema::DropPrimaryKey& c) { return rebuilt(c); },
          [&](const schema::AddUnique& c) { return rebuilt(c); },
          [&](const schema::DropUnique& c) { return rebuilt(c); },
          [&](const schema::AddCheck& c) { return rebuilt(c); },
          [&](const schema::DropCheck& c) { return rebuilt(c); },
          [&](const schema::AddForeignKey& c) { return rebuilt(c); },
          [&](const schema::DropForeignKey& c) { return rebuilt(c); },
          [&](const schema::RenameIndex&) -> Statements { return unsupported(change); },
          [&](const schema::CreateView&) -> Statements { return unsupported(change); },
          [&](const schema::DropView&) -> Statements { return unsupported(change); },
          [&](const schema::ReplaceView&) -> Statements { return unsupported(change); },
          [&](const schema::CreateTrigger&) -> Statements { return unsupported(change); },
          [&](const schema::DropTrigger&) -> Statements { return unsupported(change); },
          [&](const schema::ReplaceTrigger&) -> Statements { return unsupported(change); },
          [&](const schema::CreateEnum&) -> Statements { return unsupported(change); },
          [&](const schema::AlterEnum&) -> Statements { return unsupported(change); },
          [&](const schema::DropEnum&) -> Statements { return unsupported(change); },
          [&](const schema::SetComment&) -> Statements { return unsupported(change); },
          [&](const schema::SetTableOptions&) -> Statements { return unsupported(change); },
          [&](const schema::Backfill&) -> Statements { return unsupported(change); },
          [](const schema::Execute& c) { return execute_texts(c, "sqlite", "sqlite"); },
      },
      change);
}

bool SqliteDialect::needs_foreign_keys_off(const Change& change, const Schema&) const {
  // DROP TABLE deletes the rows first, with all that ON DELETE says (SQLite documentation, "Foreign
  // Key Support", section 5).
  return needs_rebuild(change) || std::holds_alternative<schema::DropTable>(change);
}

}  // namespace parley::dialect
