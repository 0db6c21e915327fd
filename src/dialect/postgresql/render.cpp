#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "base/overloaded.h"
#include "dialect/backfill_text.h"
#include "dialect/ddl.h"
#include "dialect/expression.h"
#include "dialect/postgresql/alter_column.h"
#include "dialect/postgresql/enums.h"
#include "dialect/postgresql/postgresql_dialect.h"
#include "dialect/postgresql/triggers.h"
#include "dialect/postgresql/views.h"
#include "schema/sql_names.h"

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

[[noreturn]] void refuse(const schema::Index& index, const std::string& reason, std::string hint) {
  throw Error(ErrorCode::UnsupportedChange, format("index '{}': {}", index.name, reason),
              std::move(hint));
}

Statements create_index(const std::string& table, const schema::Index& index) {
  for (const schema::IndexPart& part : index.parts) {
    if (part.prefix_length == 0) continue;
    refuse(index,
           format("PostgreSQL has no index on the beginning of a column ({}({}))", part.column,
                  part.prefix_length),
           format("Use the expression left({}, {}), or the whole column.", name(part.column),
                  part.prefix_length));
  }
  if (index.method == "fulltext" || index.method == "spatial") {
    refuse(index, format("PostgreSQL has no index method '{}'", index.method),
           index.method == "spatial"
               ? "Use the method gist."
               : "Use the method gin with the expression to_tsvector('english', column).");
  }
  return {create_index_text(table, index, postgresql_style())};
}

Statements create_table(const Table& table) {
  Statements lines;
  for (const Column& column : table.columns) {
    postgresql_require_possible(table.name, column);
    lines.push_back(postgresql_column_text(column));
  }
  append(lines, constraint_lines(table, postgresql_style()));
  Statements statements = {create_table_text(name(table.name), lines)};
  for (const schema::Index& index : table.indexes) {
    append(statements, create_index(table.name, index));
  }
  if (!table.comment.empty()) {
    statements.push_back(postgresql_comment_on_table(table.name, table.comment));
  }
  for (const Column& column : table.columns) {
    append(statements, postgresql_column_extras(table.name, column));
  }
  return statements;
}

/// The triggers go with their table; their functions do not.
Statements drop_table(const schema::DropTable& change, const Schema& before) {
  Statements statements = {"DROP TABLE " + name(change.table)};
  for (const Column& column : table_in(before, change.table).columns) {
    if (!column.on_update_now) continue;
    statements.push_back(postgresql_drop_on_update_function(change.table, column));
  }
  append(statements, postgresql_drop_functions_of(change.table, before));
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
  Schema after = before;
  schema::apply(after, change);
  Statements statements;
  for (const Column& column : table.columns) {
    if (column.on_update_now) append(statements, postgresql_drop_on_update(change.table, column));
  }
  statements.push_back(alter(change.table, "RENAME TO " + name(change.new_name)));
  append(statements, rename_engine_names(table, table_in(after, change.new_name)));
  for (const Column& column : table.columns) {
    if (column.on_update_now)
      append(statements, postgresql_create_on_update(change.new_name, column));
  }
  append(statements, postgresql_follow_rename(before, after));
  return statements;
}

Statements rename_column(const schema::RenameColumn& change, const Schema& before) {
  const Table& table = table_in(before, change.table);
  const Column& column = column_in(table, change.column);
  Column renamed = column;
  renamed.name = change.new_name;
  Schema after = before;
  schema::apply(after, change);
  Statements statements;
  if (column.on_update_now) append(statements, postgresql_drop_on_update(change.table, column));
  statements.push_back(alter(
      change.table, format("RENAME COLUMN {} TO {}", name(change.column), name(change.new_name))));
  append(statements, rename_engine_names(table, table_in(after, change.table)));
  if (column.on_update_now) append(statements, postgresql_create_on_update(change.table, renamed));
  append(statements, postgresql_follow_rename(before, after));
  return statements;
}

Statements add_column(const schema::AddColumn& change) {
  postgresql_require_possible(change.table, change.column);
  Statements statements = {
      alter(change.table, "ADD COLUMN " + postgresql_column_text(change.column))};
  append(statements, postgresql_column_extras(change.table, change.column));
  return statements;
}

/// A view that reads all columns has read this one too.
Statements drop_column(const schema::DropColumn& change, const Schema& before) {
  Detour detour =
      postgresql_around(postgresql_readers(before, change.table, {change.column}), before);
  Statements statements = std::move(detour.before);
  const Column& column = column_in(table_in(before, change.table), change.column);
  if (column.on_update_now) append(statements, postgresql_drop_on_update(change.table, column));
  statements.push_back(alter(change.table, "DROP COLUMN " + name(change.column)));
  append(statements, std::move(detour.after));
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

/// The columns by which PostgreSQL names a check that nobody named: the only one in it, or none.
std::vector<std::string> naming_columns(const schema::Table& table, const std::string& expression) {
  std::vector<std::string> columns;
  for (const Column& column : table.columns) {
    if (schema::mentions_column(expression, column.name)) columns.push_back(column.name);
  }
  if (columns.size() != 1) columns.clear();
  return columns;
}

Statements drop_check(const schema::DropCheck& change, const Schema& before) {
  if (!change.check.empty()) return {drop_constraint(change.table, change.check, {}, "check")};
  const schema::Table& table = table_in(before, change.table);
  const auto columns = naming_columns(table, change.expression);
  const auto alike = std::ranges::count_if(table.checks, [&](const schema::Check& check) {
    return check.name.empty() && naming_columns(table, check.expression) == columns;
  });
  if (alike == 1) return {drop_constraint(change.table, "", columns, "check")};
  throw Error(
      ErrorCode::UnsupportedChange,
      format("several checks of table '{}' have no name, so PostgreSQL cannot be told which "
             "to drop",
             change.table),
      "Give them names: ALTER TABLE … RENAME CONSTRAINT, with those that \\d shows in psql.");
}

Statements drop_view(const schema::DropView& change, const Schema& before) {
  const schema::View* view = before.find_view(change.view);
  return view == nullptr ? Statements{} : postgresql_drop_view(*view, before);
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
            return postgresql_alter_column(table_in(before, c.table), c.column, before);
          },
          [&](const schema::RenameColumn& c) { return rename_column(c, before); },
          [](const schema::CreateIndex& c) { return create_index(c.table, c.index); },
          [](const schema::DropIndex& c) { return Statements{"DROP INDEX " + name(c.index)}; },
          [&](const schema::AddPrimaryKey& c) { return add(c.table, c.primary_key); },
          [&](const schema::DropPrimaryKey& c) { return drop_primary_key(c, before); },
          [&](const schema::AddUnique& c) { return add(c.table, c.unique); },
          [](const schema::DropUnique& c) {
            return Statements{drop_constraint(c.table, c.unique.name, c.unique.columns, "key")};
          },
          [&](const schema::AddCheck& c) { return add(c.table, c.check); },
          [&](const schema::DropCheck& c) { return drop_check(c, before); },
          [&](const schema::AddForeignKey& c) { return add(c.table, c.foreign_key); },
          [](const schema::DropForeignKey& c) {
            return Statements{
                drop_constraint(c.table, c.foreign_key.name, c.foreign_key.columns, "fkey")};
          },
          [](const schema::RenameIndex& c) {
            return Statements{
                format("ALTER INDEX {} RENAME TO {}", name(c.index), name(c.new_name))};
          },
          [](const schema::CreateView& c) { return postgresql_create_view(c.view); },
          [&](const schema::DropView& c) { return drop_view(c, before); },
          [&](const schema::ReplaceView& c) { return postgresql_replace_view(c.view, before); },
          [&](const schema::CreateTrigger& c) {
            return postgresql_create_trigger(c.trigger, before);
          },
          [&](const schema::DropTrigger& c) { return postgresql_drop_trigger(c, before); },
          [&](const schema::ReplaceTrigger& c) {
            return postgresql_replace_trigger(c.trigger, before);
          },
          [](const schema::CreateEnum& c) { return postgresql_create_enum(c.enumeration); },
          [&](const schema::AlterEnum& c) { return postgresql_alter_enum(c, before); },
          [](const schema::DropEnum& c) { return Statements{"DROP TYPE " + name(c.enumeration)}; },
          [](const schema::SetComment& c) {
            return Statements{c.column.empty()
                                  ? postgresql_comment_on_table(c.table, c.comment)
                                  : postgresql_comment_on_column(c.table, c.column, c.comment)};
          },
          [](const schema::SetTableOptions&) { return Statements{}; },
          [this](const schema::Backfill& c) { return Statements{update_text(c, *this)}; },
          [](const schema::Execute& c) { return execute_texts(c, "postgresql", "postgresql"); },
      },
      change);
}

}  // namespace parley::dialect
