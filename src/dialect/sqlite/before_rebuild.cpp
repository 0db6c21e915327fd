#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "base/overloaded.h"
#include "base/text.h"
#include "database/connection.h"
#include "dialect/ddl.h"
#include "dialect/enum_check.h"
#include "dialect/expression.h"
#include "dialect/probe.h"
#include "dialect/sqlite/create.h"
#include "dialect/sqlite/sqlite_dialect.h"
#include "dialect/sqlite/stored_object.h"
#include "dialect/sqlite/stored_sql.h"

namespace parley::dialect {
namespace {

using database::text_of;
using schema::Column;
using schema::Schema;
using schema::Table;

constexpr std::string_view kColumnsOf = "SELECT name FROM pragma_table_xinfo(?, 'main')";

constexpr std::string_view kObjectsOf =
    "SELECT type, name, sql FROM main.sqlite_schema WHERE type IN ('index', 'trigger') "
    "AND tbl_name = ? COLLATE nocase AND sql IS NOT NULL ORDER BY rowid";

constexpr std::string_view kTemporaryOf =
    "SELECT type, name, sql FROM sqlite_temp_schema WHERE (type = 'trigger' AND tbl_name = ?1 "
    "COLLATE nocase) OR (type IN ('table', 'view') AND name = ?1 COLLATE nocase)";

std::string name(const std::string& identifier) { return quote_name(identifier, sqlite_style()); }

/// What rows that are there make impossible, said before SQLite says it in words about a table that
/// nobody knows.
class RowQuestions {
 public:
  RowQuestions(database::Connection& connection, const Schema& before)
      : connection_(connection), before_(before) {}

  void ask(const schema::Change& change) const {
    const auto nothing = [](const auto&) {};
    std::visit(overloaded{
                   [&](const schema::AddColumn& c) { about_new(c.table, c.column); },
                   [&](const schema::AlterColumn& c) { about_altered(c.table, c.column); },
                   [&](const schema::AddPrimaryKey& c) {
                     about_duplicates(c.table, c.primary_key.columns, "the primary key");
                     about_null_keys(c.table, c.primary_key.columns);
                   },
                   [&](const schema::AddUnique& c) {
                     about_duplicates(c.table, c.unique.columns,
                                      fmt::format("unique constraint {}", c.unique.name));
                   },
                   [&](const schema::AddCheck& c) {
                     about_condition(
                         c.table, c.check.expression,
                         fmt::format("check '{}' ({})", c.check.name, c.check.expression));
                   },
                   [&](const schema::AlterEnum& c) { about_values(c); },
                   [&](const schema::CreateTable& c) { nothing(c); },
                   [&](const schema::DropTable& c) { nothing(c); },
                   [&](const schema::RenameTable& c) { nothing(c); },
                   [&](const schema::DropColumn& c) { nothing(c); },
                   [&](const schema::RenameColumn& c) { nothing(c); },
                   [&](const schema::CreateIndex& c) { nothing(c); },
                   [&](const schema::DropIndex& c) { nothing(c); },
                   [&](const schema::RenameIndex& c) { nothing(c); },
                   [&](const schema::DropPrimaryKey& c) { nothing(c); },
                   [&](const schema::DropUnique& c) { nothing(c); },
                   [&](const schema::DropCheck& c) { nothing(c); },
                   [&](const schema::AddForeignKey& c) { nothing(c); },
                   [&](const schema::DropForeignKey& c) { nothing(c); },
                   [&](const schema::CreateView& c) { nothing(c); },
                   [&](const schema::DropView& c) { nothing(c); },
                   [&](const schema::ReplaceView& c) { nothing(c); },
                   [&](const schema::CreateTrigger& c) { nothing(c); },
                   [&](const schema::DropTrigger& c) { nothing(c); },
                   [&](const schema::ReplaceTrigger& c) { nothing(c); },
                   [&](const schema::CreateEnum& c) { nothing(c); },
                   [&](const schema::DropEnum& c) { nothing(c); },
                   [&](const schema::SetComment& c) { nothing(c); },
                   [&](const schema::SetTableOptions& c) { about_strict(c); },
                   [&](const schema::Backfill& c) { nothing(c); },
                   [&](const schema::Execute& c) { nothing(c); },
               },
               change);
  }

 private:
  void require_no_row(const std::string& table, const std::string& condition,
                      const std::string& what, ErrorCode code, const std::string& way_out) const {
    const RowsFound found = rows_where(connection_, table_in(before_, table), condition);
    if (found.count == 0) return;
    const std::string examples =
        found.examples.empty() ? "" : fmt::format(" (key {})", join(found.examples, "; "));
    throw Error(code,
                fmt::format("{} fails for {} row{}{} of '{}'", what, found.count,
                            found.count == 1 ? "" : "s", examples, table),
                way_out);
  }

  void about_new(const std::string& table, const Column& column) const {
    const auto value = normal_default(column.default_value, column.type, sqlite_style());
    const bool fills_itself = column.nullable || value || column.generated || column.auto_increment;
    if (fills_itself) return;
    const std::int64_t rows = count_rows(connection_, table);
    if (rows == 0) return;
    throw Error(ErrorCode::NotNullViolation,
                fmt::format("column '{0}.{1}' is NOT NULL and has no default, but '{0}' has {2} "
                            "rows, which need a value",
                            table, column.name, rows),
                "Give it a default; or add it nullable, fill it with `backfill`, and make it NOT "
                "NULL afterwards.");
  }

  void about_altered(const std::string& table, const Column& column) const {
    const Table& old = table_in(before_, table);
    const Column* before = old.find_column(column.name);
    if (before == nullptr || column.generated) return;
    if (!column.nullable && before->nullable) {
      require_no_row(
          table, name(column.name) + " IS NULL",
          fmt::format("NOT NULL on '{}.{}'", table, column.name), ErrorCode::NotNullViolation,
          fmt::format("Fill it first: backfill {}.{} where it is null.", table, column.name));
    }
    const bool becomes_enum =
        column.type.kind == schema::TypeKind::Enum && before->type.kind != schema::TypeKind::Enum;
    if (!becomes_enum) return;
    const auto check = enum_check(column, table, before_, sqlite_style());
    about_condition(table, check.expression, fmt::format("enum '{}'", column.type.native));
  }

  void about_condition(const std::string& table, const std::string& expression,
                       const std::string& what) const {
    require_no_row(table, "NOT (" + plain_expression(expression, table_in(before_, table)) + ")",
                   what, ErrorCode::CheckViolation,
                   "Correct these rows first, by `backfill` or by hand.");
  }

  void about_null_keys(const std::string& table, const std::vector<std::string>& columns) const {
    const Table& old = table_in(before_, table);
    if (!old.is_strict && !old.is_without_rowid) return;
    for (const std::string& column : columns) {
      require_no_row(table, name(column) + " IS NULL", "the primary key",
                     ErrorCode::NotNullViolation, "Give these rows a key first.");
    }
  }

  void about_duplicates(const std::string& table, const std::vector<std::string>& columns,
                        const std::string& what) const {
    const Duplicates found = duplicates(connection_, table, columns);
    if (found.groups == 0) return;
    throw Error(ErrorCode::UniqueViolation,
                fmt::format("{} on '{}' ({}): {} group{} of rows have the same values ({})", what,
                            table, join(columns, ", "), found.groups, found.groups == 1 ? "" : "s",
                            join(found.examples, "; ")),
                "Remove the duplicates first: parley db repair --dedupe, or by hand.");
  }

  void about_values(const schema::AlterEnum& change) const {
    const schema::Enum* old = before_.find_enum(change.enumeration.name);
    if (old == nullptr) return;
    for (const std::string& value : old->values) {
      const auto is_of = [&](const schema::ValueMapping& each) { return each.from == value; };
      const bool stays =
          std::ranges::find(change.enumeration.values, value) != change.enumeration.values.end() ||
          std::ranges::any_of(change.renamed, is_of) || std::ranges::any_of(change.replaced, is_of);
      if (!stays) about_removed(change.enumeration.name, value);
    }
  }

  void about_removed(const std::string& enumeration, const std::string& value) const {
    for (const Table& table : before_.tables) {
      for (const Column& column : table.columns) {
        const bool is_of_it =
            column.type.kind == schema::TypeKind::Enum && column.type.native == enumeration;
        if (!is_of_it) continue;
        require_no_row(table.name, name(column.name) + " = " + quote_string(value, sqlite_style()),
                       fmt::format("removing '{}' from enum '{}', which '{}.{}' still holds,",
                                   value, enumeration, table.name, column.name),
                       ErrorCode::CheckViolation, "Say in `replaced` what these rows get instead.");
      }
    }
  }

  void about_strict(const schema::SetTableOptions& change) const {
    const Table& old = table_in(before_, change.table);
    if (!change.is_strict || old.is_strict) return;
    for (const Column& column : old.columns) {
      const std::string text = sqlite_strict_type_text(column.type);
      const bool is_free = column.generated || equals_ignoring_case(text, "ANY") || text.empty();
      if (is_free) continue;
      // A strict table stores what a cast brings to its type without loss.
      const std::string wanted = lower(text) == "int" ? "integer" : lower(text);
      const std::string stays = wanted == "real" ? "'real', 'integer'" : "'" + wanted + "'";
      const std::string converts = wanted == "text"
                                       ? "typeof({0}) IN ('integer', 'real')"
                                       : "typeof({0}) <> 'blob' AND CAST({0} AS {1}) = {0}";
      const std::string condition =
          fmt::format(fmt::runtime("{0} IS NOT NULL AND typeof({0}) NOT IN (" + stays +
                                   ") AND NOT (" + (wanted == "blob" ? "0" : converts) + ")"),
                      name(column.name), wanted);
      require_no_row(change.table, condition,
                     fmt::format("STRICT: type {} of '{}.{}'", text, change.table, column.name),
                     ErrorCode::CheckViolation, "Correct these values first.");
    }
  }

  database::Connection& connection_;
  const Schema& before_;
};

/// A column that the plan does not know of would be gone.
void require_known_columns(database::Connection& connection, const Table& table) {
  for (const auto& row : database::query(connection, kColumnsOf, {Value(table.name)})) {
    const std::string column = text_of(row.front());
    if (find_column_ignoring_case(table, column) != nullptr) continue;
    throw Error(ErrorCode::RefusedForSafety,
                fmt::format("table '{}' has a column '{}' that the plan does not know of, and "
                            "making the table anew would lose it",
                            table.name, column),
                "Plan again from the database as it is, or adopt the column first.");
  }
}

bool is_modelled(const std::string& type, const std::string& object, const std::string& sql,
                 const Table& table, const Schema& before) {
  if (type == "index") {
    return std::ranges::any_of(table.indexes, [&](const schema::Index& index) {
      return equals_ignoring_case(index.name, object);
    });
  }
  const bool stands_in = std::ranges::any_of(table.columns, [&](const Column& column) {
    return column.on_update_now &&
           equals_ignoring_case(on_update_trigger_name(table.name, column), object) &&
           !columns_set_to_now(read_stored_trigger(sql)).empty();
  });
  return stands_in || std::ranges::any_of(before.triggers, [&](const schema::Trigger& trigger) {
           return equals_ignoring_case(trigger.table, table.name) &&
                  equals_ignoring_case(trigger.name, object);
         });
}

/// `CREATE TEMP TRIGGER …`: the catalogue leaves the word out.
std::string temporary(const std::string& sql) {
  constexpr std::string_view kCreate = "CREATE ";
  return std::string(kCreate) + "TEMP " + sql.substr(kCreate.size());
}

}  // namespace

void SqliteDialect::require_rows_fit(database::Connection& connection, const schema::Change& change,
                                     const Schema& before) const {
  try {
    RowQuestions(connection, before).ask(change);
  } catch (const Error& error) {
    // About a column that comes with the same rebuild only the copy can tell.
    if (error.code() != ErrorCode::UnknownColumn) throw;
  }
}

std::vector<std::string> SqliteDialect::unmodelled_objects(database::Connection& connection,
                                                           const std::vector<std::string>& tables,
                                                           const Schema& before) const {
  std::vector<std::string> statements;
  for (const std::string& each : tables) {
    const Table& table = table_in(before, each);
    require_known_columns(connection, table);
    for (const auto& row : database::query(connection, kTemporaryOf, {Value(each)})) {
      if (text_of(row[0]) == "trigger") {
        statements.push_back(temporary(text_of(row[2])));
        continue;
      }
      throw Error(
          ErrorCode::RefusedForSafety,
          fmt::format("a temporary {} of this connection hides table '{}'", text_of(row[0]), each),
          fmt::format("Drop it first: DROP {} temp.{}", upper(text_of(row[0])), name(each)));
    }
    for (const auto& row : database::query(connection, kObjectsOf, {Value(each)})) {
      const std::string sql = text_of(row[2]);
      if (!is_modelled(text_of(row[0]), text_of(row[1]), sql, table, before)) {
        statements.push_back(sql);
      }
    }
  }
  return statements;
}

}  // namespace parley::dialect
