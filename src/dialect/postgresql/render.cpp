#include <fmt/format.h>

#include "base/error.h"
#include "base/overloaded.h"
#include "dialect/ddl.h"
#include "dialect/expression.h"
#include "dialect/postgresql/alter_column.h"
#include "dialect/postgresql/postgresql_dialect.h"

namespace parley::dialect {
namespace {

using fmt::format;
using schema::Column;
using schema::Schema;
using schema::Table;
using Statements = std::vector<std::string>;

std::string name(const std::string& identifier) {
  return quote_name(identifier, postgresql_style());
}

void append(Statements& list, Statements more) {
  std::move(more.begin(), more.end(), std::back_inserter(list));
}

std::string alter(const std::string& table, std::string_view action) {
  return format("ALTER TABLE {} {}", name(table), action);
}

Statements create_table(const Table& table) {
  Statements lines;
  for (const Column& column : table.columns) lines.push_back(postgresql_column_text(column));
  append(lines, constraint_lines(table, postgresql_style()));
  Statements statements = {create_table_text(name(table.name), lines)};
  for (const schema::Index& index : table.indexes) {
    statements.push_back(create_index_text(table.name, index, postgresql_style()));
  }
  if (!table.comment.empty()) {
    statements.push_back(format("COMMENT ON TABLE {} IS {}", name(table.name),
                                quote_string(table.comment, postgresql_style())));
  }
  for (const Column& column : table.columns) {
    append(statements, postgresql_column_extras(table.name, column));
  }
  return statements;
}

/// The trigger goes with its table; its function does not.
Statements drop_table(const schema::DropTable& change, const Schema& before) {
  Statements statements = {"DROP TABLE " + name(change.table)};
  for (const Column& column : table_in(before, change.table).columns) {
    if (!column.on_update_now) continue;
    statements.push_back(postgresql_drop_function(change.table, column.name));
  }
  return statements;
}

/// Constraints that PostgreSQL named after the table or column would otherwise keep the old name,
/// and look as if somebody had given it.
Statements rename_engine_names(const Table& before, const Table& after) {
  Statements statements;
  const auto rename = [&](const std::string& given, const auto& old_columns,
                          const auto& new_columns, std::string_view label) {
    const std::string from = postgresql_constraint_name(before.name, old_columns, label);
    const std::string to = postgresql_constraint_name(after.name, new_columns, label);
    if (!given.empty() || from == to) return;
    statements.push_back(
        alter(after.name, format("RENAME CONSTRAINT {} TO {}", name(from), name(to))));
  };
  const Statements none;
  if (before.primary_key) rename(before.primary_key->name, none, none, "pkey");
  for (std::size_t i = 0; i < before.uniques.size(); ++i) {
    rename(before.uniques[i].name, before.uniques[i].columns, after.uniques[i].columns, "key");
  }
  for (std::size_t i = 0; i < before.foreign_keys.size(); ++i) {
    rename(before.foreign_keys[i].name, before.foreign_keys[i].columns,
           after.foreign_keys[i].columns, "fkey");
  }
  return statements;
}

Statements rename_table(const schema::RenameTable& change, const Schema& before) {
  const Table& table = table_in(before, change.table);
  Table renamed = table;
  renamed.name = change.new_name;
  Statements statements;
  for (const Column& column : table.columns) {
    if (column.on_update_now)
      append(statements, postgresql_drop_trigger(change.table, column.name));
  }
  statements.push_back(alter(change.table, "RENAME TO " + name(change.new_name)));
  append(statements, rename_engine_names(table, renamed));
  for (const Column& column : table.columns) {
    if (column.on_update_now)
      append(statements, postgresql_create_trigger(change.new_name, column.name));
  }
  return statements;
}

Statements rename_column(const schema::RenameColumn& change, const Schema& before) {
  const Table& table = table_in(before, change.table);
  const bool has_trigger = column_in(table, change.column).on_update_now;
  Schema after = before;
  schema::apply(after, change);
  Statements statements;
  if (has_trigger) append(statements, postgresql_drop_trigger(change.table, change.column));
  statements.push_back(alter(
      change.table, format("RENAME COLUMN {} TO {}", name(change.column), name(change.new_name))));
  append(statements, rename_engine_names(table, table_in(after, change.table)));
  if (has_trigger) append(statements, postgresql_create_trigger(change.table, change.new_name));
  return statements;
}

Statements add_column(const schema::AddColumn& change) {
  Statements statements = {
      alter(change.table, "ADD COLUMN " + postgresql_column_text(change.column))};
  append(statements, postgresql_column_extras(change.table, change.column));
  return statements;
}

Statements drop_column(const schema::DropColumn& change, const Schema& before) {
  Statements statements;
  if (column_in(table_in(before, change.table), change.column).on_update_now) {
    append(statements, postgresql_drop_trigger(change.table, change.column));
  }
  statements.push_back(alter(change.table, "DROP COLUMN " + name(change.column)));
  return statements;
}

std::string drop_constraint(const std::string& table, const std::string& given,
                            std::span<const std::string> columns, std::string_view label) {
  const std::string constraint =
      given.empty() ? postgresql_constraint_name(table, columns, label) : given;
  return alter(table, "DROP CONSTRAINT " + name(constraint));
}

/// The columns of a primary key became NOT NULL; those declared otherwise do not stay so without
/// it.
Statements drop_primary_key(const schema::DropPrimaryKey& change, const Schema& before) {
  const Table& table = table_in(before, change.table);
  const schema::PrimaryKey key = table.primary_key.value_or(schema::PrimaryKey{});
  Statements statements = {drop_constraint(change.table, key.name, {}, "pkey")};
  for (const std::string& column : key.columns) {
    if (!column_in(table, column).nullable) continue;
    statements.push_back(
        alter(change.table, format("ALTER COLUMN {} DROP NOT NULL", name(column))));
  }
  return statements;
}

Statements drop_check(const schema::DropCheck& change) {
  if (!change.check.empty()) return {drop_constraint(change.table, change.check, {}, "check")};
  throw Error(ErrorCode::UnsupportedChange,
              format("a check of table '{}' has no name, so PostgreSQL cannot be told to drop it",
                     change.table),
              "Look its name up with \\d in psql, and drop it with an 'execute' change.");
}

}  // namespace

Statements PostgresqlDialect::render(const schema::Change& change, const Schema& before) const {
  const auto add = [](const std::string& table, const auto& constraint) {
    return Statements{alter(table, "ADD " + constraint_text(constraint, postgresql_style()))};
  };
  return std::visit(
      overloaded{
          [](const schema::CreateTable& c) { return create_table(c.table); },
          [&](const schema::DropTable& c) { return drop_table(c, before); },
          [&](const schema::RenameTable& c) { return rename_table(c, before); },
          [](const schema::AddColumn& c) { return add_column(c); },
          [&](const schema::DropColumn& c) { return drop_column(c, before); },
          [&](const schema::AlterColumn& c) {
            const Table& table = table_in(before, c.table);
            return postgresql_alter_column(c.table, column_in(table, c.column.name), c.column);
          },
          [&](const schema::RenameColumn& c) { return rename_column(c, before); },
          [](const schema::CreateIndex& c) {
            return Statements{create_index_text(c.table, c.index, postgresql_style())};
          },
          [](const schema::DropIndex& c) { return Statements{"DROP INDEX " + name(c.index)}; },
          [&](const schema::AddPrimaryKey& c) { return add(c.table, c.primary_key); },
          [&](const schema::DropPrimaryKey& c) { return drop_primary_key(c, before); },
          [&](const schema::AddUnique& c) { return add(c.table, c.unique); },
          [](const schema::DropUnique& c) {
            return Statements{drop_constraint(c.table, c.unique.name, c.unique.columns, "key")};
          },
          [&](const schema::AddCheck& c) { return add(c.table, c.check); },
          [](const schema::DropCheck& c) { return drop_check(c); },
          [&](const schema::AddForeignKey& c) { return add(c.table, c.foreign_key); },
          [](const schema::DropForeignKey& c) {
            return Statements{
                drop_constraint(c.table, c.foreign_key.name, c.foreign_key.columns, "fkey")};
          },
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
          [](const schema::Execute& c) { return execute_texts(c, "postgresql", "postgresql"); },
      },
      change);
}

}  // namespace parley::dialect
