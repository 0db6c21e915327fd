#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "base/overloaded.h"
#include "dialect/ddl.h"
#include "dialect/expression.h"
#include "dialect/mysql/mysql_dialect.h"
#include "dialect/mysql/refusals.h"
#include "dialect/mysql/unnamed.h"

namespace parley::dialect {
namespace {

using fmt::format;
using schema::Column;
using schema::ForeignKey;
using schema::Schema;
using schema::Table;
using schema::TypeKind;
using Statements = std::vector<std::string>;

std::string name(const std::string& identifier) { return quote_name(identifier, mysql_style()); }

std::string alter(const std::string& table, std::string_view action) {
  return format("ALTER TABLE {} {}", name(table), action);
}

void append(Statements& list, Statements more) {
  std::move(more.begin(), more.end(), std::back_inserter(list));
}

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
  const bool is_text = column.type.kind == TypeKind::Text && !is_mysql_short_text(column.type);
  const bool is_large = is_text || column.type.kind == TypeKind::Json ||
                        (column.type.kind == TypeKind::Binary && column.type.length == 0);
  const bool needs_parentheses = is_now || (is_large && !text.starts_with('('));
  return " DEFAULT " + (needs_parentheses ? "(" + text + ")" : text);
}

std::string column_text(const Column& column) {
  std::string text = name(column.name) + " " + mysql_type_text(column.type);
  if (!column.collation.empty()) text += " COLLATE " + name(column.collation);
  if (column.generated) {
    text += format(" GENERATED ALWAYS AS ({}) {}", column.generated->expression,
                   column.generated->is_stored ? "STORED" : "VIRTUAL");
  }
  const auto value = normal_default(column.default_value, column.type, mysql_style());
  if (value && !column.auto_increment) text += default_clause(column, *value);
  if (column.on_update_now) text += " ON UPDATE " + now_text(column.type);
  if (!column.nullable) {
    text += " NOT NULL";
  } else if (column.type.kind == TypeKind::Native && is_time(column.type)) {
    // Without the word a TIMESTAMP may become NOT NULL (explicit_defaults_for_timestamp).
    text += " NULL";
  }
  if (column.auto_increment) text += " AUTO_INCREMENT";
  if (!column.comment.empty()) text += " COMMENT " + quote_string(column.comment, mysql_style());
  return text;
}

Statements create_table(const Table& table) {
  refuse_mysql_table(table);
  Statements lines;
  for (const Column& column : table.columns) lines.push_back(column_text(column));
  append(lines, constraint_lines(table, mysql_style()));
  const std::string comment =
      table.comment.empty() ? "" : " COMMENT = " + quote_string(table.comment, mysql_style());
  Statements statements = {create_table_text(name(table.name), lines) + comment};
  for (const schema::Index& index : table.indexes) {
    statements.push_back(create_index_text(table.name, index, mysql_style()));
  }
  return statements;
}

Statements add_column(const schema::AddColumn& change) {
  refuse_mysql_column(change.table, change.column);
  if (change.column.auto_increment) {
    throw Error(ErrorCode::UnsupportedChange,
                format("'{}.{}' cannot be added as a column that counts up: MySQL and MariaDB want "
                       "it in a key "
                       "at the same moment",
                       change.table, change.column.name),
                "Add it without auto_increment, add the key, and then alter it.");
  }
  return {alter(change.table, "ADD COLUMN " + column_text(change.column))};
}

/// Whether an index, key or constraint that somebody asked for serves the foreign key, so that
/// InnoDB needs no index of its own.
bool is_served(const Table& table, const ForeignKey& key) {
  const auto begins = [&](const std::vector<std::string>& columns) {
    return columns.size() >= key.columns.size() &&
           std::equal(key.columns.begin(), key.columns.end(), columns.begin());
  };
  const auto serves = [&](const schema::Index& index) {
    std::vector<std::string> columns;
    for (const schema::IndexPart& part : index.parts) columns.push_back(part.column);
    return begins(columns);
  };
  return (table.primary_key && begins(table.primary_key->columns)) ||
         std::any_of(table.uniques.begin(), table.uniques.end(),
                     [&](const schema::Unique& unique) { return begins(unique.columns); }) ||
         std::any_of(table.indexes.begin(), table.indexes.end(), serves);
}

/// Checks that mention the column keep it from being renamed, so they go and come back in the same
/// statement; indexes that the server named after the column follow it.
Statements rename_column(const schema::RenameColumn& change, const Schema& before,
                         std::string_view drop_check) {
  const Table& table = table_in(before, change.table);
  Schema renamed = before;
  schema::apply(renamed, change);
  const Table& after = table_in(renamed, change.table);
  std::string dropped;
  std::string added;
  for (std::size_t i = 0; i < table.checks.size(); ++i) {
    const schema::Check& check = table.checks[i];
    if (check.name.empty() || check.expression == after.checks[i].expression) continue;
    dropped += format("{} {}, ", drop_check, name(check.name));
    added += ", ADD " + constraint_text(after.checks[i], mysql_style());
  }
  Statements statements;
  const auto rename_index = [&] {
    statements.push_back(alter(
        change.table, format("RENAME INDEX {} TO {}", name(change.column), name(change.new_name))));
  };
  for (const schema::Unique& unique : table.uniques) {
    if (unique.name.empty() && unique.columns.front() == change.column) rename_index();
  }
  for (const ForeignKey& key : table.foreign_keys) {
    if (key.name.empty() && key.columns.front() == change.column && !is_served(table, key))
      rename_index();
  }
  statements.push_back(
      alter(change.table, format("{}RENAME COLUMN {} TO {}{}", dropped, name(change.column),
                                 name(change.new_name), added)));
  return statements;
}

/// The columns of a primary key became NOT NULL; those declared otherwise do not stay so without
/// it.
Statements drop_primary_key(const schema::DropPrimaryKey& change, const Schema& before) {
  const Table& table = table_in(before, change.table);
  std::string actions = "DROP PRIMARY KEY";
  for (const std::string& key_column :
       table.primary_key ? table.primary_key->columns : Statements()) {
    const Column& column = column_in(table, key_column);
    if (column.auto_increment) {
      throw Error(ErrorCode::UnsupportedChange,
                  format("the primary key of '{}' cannot go while '{}' counts up", change.table,
                         key_column),
                  "Alter the column to one without auto_increment first.");
    }
    if (column.nullable) actions += ", MODIFY COLUMN " + column_text(column);
  }
  return {alter(change.table, actions)};
}

Statements drop_unique(const schema::DropUnique& change) {
  if (change.unique.name.empty()) return {drop_unnamed_unique(change.table, change.unique.columns)};
  return {alter(change.table, "DROP INDEX " + name(change.unique.name))};
}

Statements drop_check(const schema::DropCheck& change, std::string_view words) {
  if (!change.check.empty())
    return {alter(change.table, format("{} {}", words, name(change.check)))};
  throw Error(ErrorCode::UnsupportedChange,
              format("a check of table '{}' has no name, so the server cannot be told to drop it",
                     change.table),
              "Look its name up with SHOW CREATE TABLE, and drop it with an 'execute' change.");
}

Statements drop_foreign_key(const schema::DropForeignKey& change, const Schema& before) {
  const Table& table = table_in(before, change.table);
  const ForeignKey& dropped = change.foreign_key;
  Statements statements = {dropped.name.empty()
                               ? drop_unnamed_foreign_key(change.table, dropped.columns)
                               : alter(change.table, "DROP FOREIGN KEY " + name(dropped.name))};
  const auto key = std::find_if(
      table.foreign_keys.begin(), table.foreign_keys.end(), [&](const ForeignKey& each) {
        return dropped.name.empty() ? each.columns == dropped.columns : each.name == dropped.name;
      });
  if (key == table.foreign_keys.end() || is_served(table, *key)) return statements;
  const bool is_shared = std::any_of(
      table.foreign_keys.begin(), table.foreign_keys.end(), [&](const ForeignKey& each) {
        return &each != &*key && each.columns.front() == key->columns.front();
      });
  if (!is_shared) statements.push_back(drop_index_made_for(change.table, *key));
  return statements;
}

Statements create_index(const schema::CreateIndex& change, const Schema& before) {
  refuse_mysql_index(table_in(before, change.table), change.index);
  return {create_index_text(change.table, change.index, mysql_style())};
}

}  // namespace

Statements MysqlDialect::render(const schema::Change& change, const Schema& before) const {
  const auto add = [](const std::string& table, const auto& constraint) {
    return Statements{alter(table, "ADD " + constraint_text(constraint, mysql_style()))};
  };
  return std::visit(
      overloaded{
          [](const schema::CreateTable& c) { return create_table(c.table); },
          [](const schema::DropTable& c) { return Statements{"DROP TABLE " + name(c.table)}; },
          [](const schema::RenameTable& c) {
            return Statements{format("RENAME TABLE {} TO {}", name(c.table), name(c.new_name))};
          },
          [](const schema::AddColumn& c) { return add_column(c); },
          [](const schema::DropColumn& c) {
            return Statements{alter(c.table, "DROP COLUMN " + name(c.column))};
          },
          [](const schema::AlterColumn& c) {
            refuse_mysql_column(c.table, c.column);
            return Statements{alter(c.table, "MODIFY COLUMN " + column_text(c.column))};
          },
          [&](const schema::RenameColumn& c) {
            return rename_column(c, before, flavor_.drop_check);
          },
          [&](const schema::CreateIndex& c) { return create_index(c, before); },
          [](const schema::DropIndex& c) {
            return Statements{format("DROP INDEX {} ON {}", name(c.index), name(c.table))};
          },
          [&](const schema::AddPrimaryKey& c) {
            refuse_mysql_key(table_in(before, c.table), c.primary_key.columns);
            return add(c.table, c.primary_key);
          },
          [&](const schema::DropPrimaryKey& c) { return drop_primary_key(c, before); },
          [&](const schema::AddUnique& c) {
            refuse_mysql_key(table_in(before, c.table), c.unique.columns);
            return add(c.table, c.unique);
          },
          [](const schema::DropUnique& c) { return drop_unique(c); },
          [&](const schema::AddCheck& c) { return add(c.table, c.check); },
          [&](const schema::DropCheck& c) { return drop_check(c, flavor_.drop_check); },
          [&](const schema::AddForeignKey& c) {
            refuse_mysql_foreign_key(table_in(before, c.table), c.foreign_key);
            return add(c.table, c.foreign_key);
          },
          [&](const schema::DropForeignKey& c) { return drop_foreign_key(c, before); },
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
          // MariaDB runs what was written for MySQL when nothing was written for it.
          [&](const schema::Execute& c) {
            return execute_texts(c, flavor_.capabilities.name, "mysql");
          },
      },
      change);
}

}  // namespace parley::dialect
