#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/text.h"
#include "database/connection.h"
#include "dialect/ddl.h"
#include "dialect/expression.h"
#include "dialect/sqlite/sqlite_dialect.h"
#include "dialect/sqlite/stored_sql.h"

namespace parley::dialect {
namespace {

using database::integer_of;
using database::text_of;
using schema::Column;
using schema::Table;

// Tables in the model's sense: no views, no virtual tables and what serves those, nothing of
// SQLite's own.
constexpr std::string_view kTables = R"(
  SELECT m.name, m.sql FROM sqlite_schema m
  JOIN pragma_table_list l ON l.schema = 'main' AND l.name = m.name AND l.type = 'table'
  WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite\_%' ESCAPE '\')";

constexpr std::string_view kColumns = R"(
  SELECT m.name, c.name, c.type, c."notnull", c.dflt_value, c.pk, c.hidden
  FROM sqlite_schema m JOIN pragma_table_xinfo(m.name) c
  WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite\_%' ESCAPE '\' ORDER BY m.name, c.cid)";

// Only what CREATE INDEX made; what serves a constraint has no SQL.
constexpr std::string_view kIndexes = R"(
  SELECT m.tbl_name, m.name, m.sql, l."unique", p.name, p."desc"
  FROM sqlite_schema m JOIN pragma_index_list(m.tbl_name) l ON l.name = m.name
  JOIN pragma_index_xinfo(m.name) p ON p.key = 1
  WHERE m.type = 'index' AND m.sql IS NOT NULL ORDER BY m.tbl_name, m.name, p.seqno)";

// SQLite counts the keys of a table from the last defined to the first.
constexpr std::string_view kForeignKeys = R"(
  SELECT m.name, k.id, k."table", k."from", k."to", k.on_update, k.on_delete
  FROM sqlite_schema m JOIN pragma_foreign_key_list(m.name) k
  WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite\_%' ESCAPE '\' ORDER BY m.name, k.id DESC, k.seq)";

constexpr std::string_view kTriggers =
    R"(SELECT tbl_name, name, sql FROM sqlite_schema WHERE type = 'trigger')";

schema::ReferenceAction action_of(const std::string& text) {
  if (text == "RESTRICT") return schema::ReferenceAction::Restrict;
  if (text == "CASCADE") return schema::ReferenceAction::Cascade;
  if (text == "SET NULL") return schema::ReferenceAction::SetNull;
  if (text == "SET DEFAULT") return schema::ReferenceAction::SetDefault;
  return schema::ReferenceAction::NoAction;
}

struct Found {
  Table table;
  StoredTable stored;
  std::map<std::int64_t, std::string> key_columns;  ///< Of the primary key, by position.
};

class Inspector {
 public:
  explicit Inspector(database::Connection& connection) : connection_(connection) {}

  schema::Schema run() {
    read_tables();
    read_columns();
    read_indexes();
    read_foreign_keys();
    read_triggers();
    schema::Schema schema;
    for (auto& [name, found] : tables_) {
      finish(found);
      schema.tables.push_back(std::move(found.table));
    }
    return schema;
  }

 private:
  Found* find(const Value& name) {
    const auto found = tables_.find(text_of(name));
    return found == tables_.end() ? nullptr : &found->second;
  }

  void read_tables() {
    for (const auto& row : database::query(connection_, kTables)) {
      Found& found = tables_[text_of(row[0])];
      found.table.name = text_of(row[0]);
      found.stored = read_stored_table(text_of(row[1]));
    }
  }

  void read_columns() {
    for (const auto& row : database::query(connection_, kColumns)) {
      Found* found = find(row[0]);
      if (found == nullptr) continue;
      Column column;
      column.name = text_of(row[1]);
      column.type = sqlite_type(text_of(row[2]));
      if (const auto at = found->stored.generations.find(column.name);
          at != found->stored.generations.end()) {
        // The pragma counts virtual columns as hidden 2 and stored ones as hidden 3.
        column.generated = {.expression = at->second, .is_stored = integer_of(row[6]) == 3};
      }
      column.nullable = integer_of(row[3]) == 0;
      column.default_value = default_from_sql(text_of(row[4]), sqlite_style());
      if (const auto at = found->stored.collations.find(column.name);
          at != found->stored.collations.end()) {
        column.collation = at->second;
      }
      if (integer_of(row[5]) > 0) found->key_columns[integer_of(row[5])] = column.name;
      found->table.columns.push_back(std::move(column));
    }
  }

  void read_indexes() {
    for (const auto& row : database::query(connection_, kIndexes)) {
      Found* found = find(row[0]);
      if (found == nullptr) continue;
      auto& indexes = found->table.indexes;
      const std::string name = text_of(row[1]);
      const bool is_new = indexes.empty() || indexes.back().name != name;
      const StoredIndex stored = read_stored_index(text_of(row[2]));
      if (is_new) {
        indexes.push_back({.name = name, .unique = integer_of(row[3]) != 0, .where = stored.where});
      }
      auto& parts = indexes.back().parts;
      const bool is_expression = is_null(row[4]) && parts.size() < stored.parts.size();
      schema::IndexPart part{.column = text_of(row[4]), .descending = integer_of(row[5]) != 0};
      if (is_expression) part.expression = stored.parts[parts.size()];
      parts.push_back(std::move(part));
    }
  }

  void read_foreign_keys() {
    std::string last;
    for (const auto& row : database::query(connection_, kForeignKeys)) {
      Found* found = find(row[0]);
      if (found == nullptr) continue;
      auto& keys = found->table.foreign_keys;
      const std::string id = text_of(row[0]) + "#" + text_of(row[1]);
      if (id != last) {
        const auto& names = found->stored.foreign_key_names;
        keys.push_back({.name = keys.size() < names.size() ? names[keys.size()] : "",
                        .referenced_table = text_of(row[2]),
                        .on_delete = action_of(text_of(row[6])),
                        .on_update = action_of(text_of(row[5]))});
        last = id;
      }
      keys.back().columns.push_back(text_of(row[3]));
      if (!is_null(row[4])) keys.back().referenced_columns.push_back(text_of(row[4]));
    }
  }

  void read_triggers() {
    for (const auto& row : database::query(connection_, kTriggers)) {
      Found* found = find(row[0]);
      if (found == nullptr) continue;
      for (Column& column : found->table.columns) {
        const bool is_ours =
            on_update_trigger_name(found->table.name, column.name) == text_of(row[1]);
        if (is_ours && is_on_update_trigger(text_of(row[2]), column.name))
          column.on_update_now = true;
      }
    }
  }

  static void finish(Found& found) {
    Table& table = found.table;
    table.uniques = found.stored.uniques;
    table.checks = found.stored.checks;
    if (found.key_columns.empty()) return;
    table.primary_key.emplace();
    table.primary_key->name = found.stored.primary_key_name;
    for (const auto& [position, name] : found.key_columns)
      table.primary_key->columns.push_back(name);
    Column* first = table.find_column(table.primary_key->columns.front());
    if (found.stored.has_auto_increment && first != nullptr) first->auto_increment = true;
  }

  database::Connection& connection_;
  std::map<std::string, Found> tables_;
};

}  // namespace

schema::Schema SqliteDialect::inspect(database::Connection& connection) const {
  return normalize(Inspector(connection).run());
}

std::vector<std::string> SqliteDialect::unmodelled_objects(database::Connection& connection,
                                                           const schema::Change& change,
                                                           const schema::Schema& before) const {
  const std::string name = schema::table_of(change);
  const bool is_kept =
      std::holds_alternative<schema::DropTable>(change) || !needs_foreign_keys_off(change, before);
  if (is_kept) return {};
  std::vector<std::string> statements;
  for (const auto& row : database::query(
           connection,
           "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = ?",
           {Value(name)})) {
    const auto& columns = table_in(before, name).columns;
    const bool is_modelled = std::any_of(columns.begin(), columns.end(), [&](const Column& column) {
      return column.on_update_now && on_update_trigger_name(name, column.name) == text_of(row[0]);
    });
    if (!is_modelled) statements.push_back(text_of(row[1]));
  }
  return statements;
}

}  // namespace parley::dialect
