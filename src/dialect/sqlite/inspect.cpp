#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/json.h"
#include "base/text.h"
#include "database/connection.h"
#include "dialect/ddl.h"
#include "dialect/enum_check.h"
#include "dialect/expression.h"
#include "dialect/sqlite/sqlite_dialect.h"
#include "dialect/sqlite/stored_object.h"
#include "dialect/sqlite/stored_sql.h"

namespace parley::dialect {
namespace {

using database::integer_of;
using database::text_of;
using schema::Column;
using schema::Table;

constexpr std::string_view kTables = R"(
  SELECT m.name, m.sql FROM sqlite_schema m
  WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite\_%' ESCAPE '\')";

// The catalogue has no index by name, so it is gone through once for all of them.
constexpr std::string_view kTheseTables = R"(
  SELECT m.name, m.sql FROM sqlite_schema m
  WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite\_%' ESCAPE '\'
    AND m.name COLLATE nocase IN (SELECT value FROM json_each(?)))";

// Tables in the model's sense: no views, no virtual tables and what serves those.
constexpr std::string_view kKinds = R"(
  SELECT l.name, l.wr, l.strict FROM pragma_table_list l WHERE l.schema = 'main' AND l.type = 'table')";

constexpr std::string_view kTheseKinds = R"(
  SELECT l.name, l.wr, l.strict FROM json_each(?) n CROSS JOIN pragma_table_list(n.value) l
  WHERE l.schema = 'main' AND l.type = 'table')";

// Asked for one table, the pragma goes through all of them, too: from so many on, all are asked
// for.
constexpr std::size_t kManyTables = 20;

constexpr std::string_view kColumns = R"(
  SELECT n.value, c.name, c.type, c."notnull", c.dflt_value, c.pk, c.hidden
  FROM json_each(?) n CROSS JOIN pragma_table_xinfo(n.value, 'main') c ORDER BY n.key, c.cid)";

// SQLite counts the keys of a table from the last defined to the first.
constexpr std::string_view kForeignKeys = R"(
  SELECT n.value, k.id, k."table", k."from", k."to", k.on_update, k.on_delete
  FROM json_each(?) n CROSS JOIN pragma_foreign_key_list(n.value, 'main') k
  ORDER BY n.key, k.id DESC, k.seq)";

// Only indexes that CREATE INDEX made: what serves a constraint has no SQL.
constexpr std::string_view kObjects = R"(
  SELECT m.type, m.tbl_name, m.sql FROM sqlite_schema m
  WHERE m.type IN ('index', 'trigger', 'view') AND m.sql IS NOT NULL ORDER BY m.rowid)";

constexpr std::string_view kTheseObjects = R"(
  SELECT m.type, m.tbl_name, m.sql FROM sqlite_schema m
  WHERE m.type IN ('index', 'trigger', 'view') AND m.sql IS NOT NULL
    AND m.tbl_name COLLATE nocase IN (SELECT value FROM json_each(?)) ORDER BY m.rowid)";

constexpr std::string_view kReferenced = R"(
  SELECT DISTINCT k."table"
  FROM json_each(?) n CROSS JOIN pragma_foreign_key_list(n.value, 'main') k)";

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
  bool is_table = false;                            ///< In the model's sense.
  bool may_refer = false;                           ///< Its text has the word.
  std::map<std::int64_t, std::string> key_columns;  ///< Of the primary key, by position.
};

class Inspector {
 public:
  enum class Reach { Everything, SomeTables };

  /// `tables` is a JSON list of names, for SomeTables.
  Inspector(database::Connection& connection, Reach reach, std::string tables = {})
      : connection_(connection), reach_(reach), names_(std::move(tables)) {}

  schema::Schema run() {
    read_tables();
    read_columns();
    read_foreign_keys();
    read_objects();
    for (auto& [name, found] : tables_) {
      finish(found);
      schema_.tables.push_back(std::move(found.table));
    }
    name_views_of_triggers();
    recognize_enums(schema_, sqlite_style());
    return std::move(schema_);
  }

 private:
  std::vector<database::Row> rows_of(std::string_view all, std::string_view these) {
    if (reach_ == Reach::Everything) return database::query(connection_, all);
    return database::query(connection_, these, {Value(names_)});
  }

  /// `query` asks a pragma for each of the tables that were found.
  std::vector<database::Row> rows_by_name(std::string_view query) {
    json::array names;
    for (const auto& [name, found] : tables_) names.emplace_back(found.table.name);
    return database::query(connection_, query, {Value(to_text(names))});
  }

  /// SQLite finds names in any letter case, and keeps some as they were written.
  Found* find(const Value& name) {
    const auto found = tables_.find(lower(text_of(name)));
    return found == tables_.end() ? nullptr : &found->second;
  }

  void read_tables() {
    for (const auto& row : rows_of(kTables, kTheseTables)) {
      Found& found = tables_[lower(text_of(row[0]))];
      const std::string sql = text_of(row[1]);
      found.table.name = text_of(row[0]);
      found.stored = read_stored_table(sql);
      found.may_refer = lower(sql).find("references") != std::string::npos;
      found.table.unmodelled = {join(found.stored.unmodelled, ", ")};
    }
    read_kinds();
    std::erase_if(tables_, [](const auto& entry) { return !entry.second.is_table; });
  }

  void read_kinds() {
    const bool are_few = tables_.size() < kManyTables;
    for (const auto& row :
         are_few ? rows_by_name(kTheseKinds) : database::query(connection_, kKinds)) {
      Found* found = find(row[0]);
      if (found == nullptr) continue;
      found->is_table = true;
      found->table.is_without_rowid = integer_of(row[1]) != 0;
      found->table.is_strict = integer_of(row[2]) != 0;
    }
  }

  void read_columns() {
    for (const auto& row : rows_by_name(kColumns)) {
      Found* found = find(row[0]);
      if (found == nullptr) continue;
      Column column;
      column.name = text_of(row[1]);
      column.type = sqlite_type(text_of(row[2]));
      column.type.spelling = {text_of(row[2])};
      if (const auto at = found->stored.generations.find(column.name);
          at != found->stored.generations.end()) {
        // The pragma counts virtual columns as hidden 2 and stored ones as hidden 3.
        column.generated = {.expression = at->second, .is_stored = integer_of(row[6]) == 3};
      }
      column.nullable = integer_of(row[3]) == 0;
      column.default_value = default_from_sql(plain_default(text_of(row[4])), sqlite_style());
      if (const auto at = found->stored.collations.find(column.name);
          at != found->stored.collations.end()) {
        column.collation = at->second;
      }
      if (integer_of(row[5]) > 0) found->key_columns[integer_of(row[5])] = column.name;
      found->table.columns.push_back(std::move(column));
    }
  }

  void read_foreign_keys() {
    json::array names;
    for (const auto& [name, found] : tables_) {
      if (found.may_refer) names.emplace_back(found.table.name);
    }
    std::string last;
    for (const auto& row : database::query(connection_, kForeignKeys, {Value(to_text(names))})) {
      Found* found = find(row[0]);
      if (found == nullptr) continue;
      auto& keys = found->table.foreign_keys;
      const std::string id = text_of(row[0]) + "#" + text_of(row[1]);
      if (id != last) {
        const auto& stored = found->stored.foreign_keys;
        const StoredForeignKey key =
            keys.size() < stored.size() ? stored[keys.size()] : StoredForeignKey{};
        const Found* referenced = find(row[2]);
        keys.push_back({.name = key.name,
                        .referenced_table = referenced ? referenced->table.name : text_of(row[2]),
                        .on_delete = action_of(text_of(row[6])),
                        .on_update = action_of(text_of(row[5])),
                        .deferral = key.deferral});
        last = id;
      }
      keys.back().columns.push_back(text_of(row[3]));
      if (!is_null(row[4])) keys.back().referenced_columns.push_back(name_in(row[2], row[4]));
    }
  }

  /// The column as its table spells it.
  std::string name_in(const Value& table, const Value& column) {
    const Found* found = find(table);
    const Column* declared =
        found ? find_column_ignoring_case(found->table, text_of(column)) : nullptr;
    return declared ? declared->name : text_of(column);
  }

  void read_objects() {
    for (const auto& row : rows_of(kObjects, kTheseObjects)) {
      const std::string type = text_of(row[0]);
      const std::string sql = text_of(row[2]);
      Found* found = find(row[1]);
      if (type == "view") {
        schema_.views.push_back(read_stored_view(sql));
      } else if (type == "trigger") {
        add_trigger(read_stored_trigger(sql), found);
      } else if (found != nullptr) {
        found->table.indexes.push_back(read_stored_index(sql, found->table));
      }
    }
  }

  /// A trigger that stands in for on-update-now is a property of its columns; a second one of a
  /// column is not.
  void add_trigger(schema::Trigger trigger, Found* found) {
    std::vector<Column*> columns;
    bool has_usual_name = false;
    bool is_first = true;
    if (found != nullptr) {
      trigger.table = found->table.name;
      for (const std::string& name : columns_set_to_now(trigger)) {
        const Column* column = find_column_ignoring_case(found->table, name);
        if (column == nullptr) return schema_.triggers.push_back(std::move(trigger));
        has_usual_name |= trigger.name == usual_on_update_trigger_name(trigger.table, column->name);
        is_first = is_first && !column->on_update_now;
        columns.push_back(found->table.find_column(column->name));
      }
    }
    if (columns.empty() || !is_first) return schema_.triggers.push_back(std::move(trigger));
    for (Column* column : columns) column->on_update_now = true;
    if (has_usual_name) return;
    const auto first = std::ranges::find_if(found->table.columns, [&](const Column& column) {
      return std::ranges::find(columns, &column) != columns.end();
    });
    first->on_update_trigger = trigger.name;
  }

  void name_views_of_triggers() {
    for (schema::Trigger& trigger : schema_.triggers) {
      for (const schema::View& view : schema_.views) {
        if (equals_ignoring_case(trigger.table, view.name)) trigger.table = view.name;
      }
    }
  }

  void finish(Found& found) {
    Table& table = found.table;
    table.uniques = found.stored.uniques;
    for (schema::Unique& unique : table.uniques) {
      for (std::string& name : unique.columns) name = name_in(Value(table.name), Value(name));
    }
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
  Reach reach_;
  std::string names_;
  std::map<std::string, Found> tables_;
  schema::Schema schema_;
};

}  // namespace

schema::Schema SqliteDialect::inspect(database::Connection& connection) const {
  return normalize(Inspector(connection, Inspector::Reach::Everything).run());
}

schema::Schema SqliteDialect::inspect_tables(database::Connection& connection,
                                             const std::set<std::string>& tables) const {
  json::array names;
  for (const std::string& table : tables) names.emplace_back(table);
  // Those that they refer to are read too, for the columns that a reference leaves out.
  for (const auto& row : database::query(connection, kReferenced, {Value(to_text(names))})) {
    names.emplace_back(text_of(row[0]));
  }
  schema::Schema part =
      normalize(Inspector(connection, Inspector::Reach::SomeTables, to_text(names)).run());
  std::erase_if(part.tables, [&](const Table& table) { return !tables.contains(table.name); });
  return schema::Schema{.tables = std::move(part.tables)};
}

}  // namespace parley::dialect
