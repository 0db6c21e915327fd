#include <fmt/format.h>

#include <map>
#include <set>

#include "base/check.h"
#include "base/error.h"
#include "base/text.h"
#include "database/connection.h"
#include "dialect/ddl.h"
#include "dialect/enum_check.h"
#include "dialect/expression.h"
#include "dialect/mysql/mysql_dialect.h"
#include "dialect/mysql/triggers.h"
#include "dialect/mysql/views.h"

namespace parley::dialect {
namespace {

using database::integer_of;
using database::text_of;
using schema::Column;
using schema::Table;

// A condition on one table takes the place of TRUE where only some are asked for (rows_of).
constexpr std::string_view kTables = R"(
  SELECT TABLE_NAME, TABLE_COLLATION, TABLE_COMMENT FROM information_schema.TABLES
  WHERE TABLE_SCHEMA = DATABASE() AND TRUE AND TABLE_TYPE = 'BASE TABLE')";

constexpr std::string_view kColumns = R"(
  SELECT TABLE_NAME, COLUMN_NAME, COLUMN_TYPE, IS_NULLABLE, COLUMN_DEFAULT, EXTRA, COLLATION_NAME, COLUMN_COMMENT,
         GENERATION_EXPRESSION
  FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() AND TRUE
  ORDER BY TABLE_NAME, ORDINAL_POSITION)";

constexpr std::string_view kForeignKeys = R"(
  SELECT k.TABLE_NAME, k.CONSTRAINT_NAME, k.COLUMN_NAME, k.REFERENCED_TABLE_NAME, k.REFERENCED_COLUMN_NAME
  FROM information_schema.KEY_COLUMN_USAGE k
  WHERE k.TABLE_SCHEMA = DATABASE() AND TRUE AND k.REFERENCED_TABLE_NAME IS NOT NULL
  ORDER BY k.TABLE_NAME, k.CONSTRAINT_NAME, k.ORDINAL_POSITION)";

// Apart from the columns: joined, the two views cost the product of their rows.
constexpr std::string_view kActions = R"(
  SELECT TABLE_NAME, CONSTRAINT_NAME, DELETE_RULE, UPDATE_RULE
  FROM information_schema.REFERENTIAL_CONSTRAINTS WHERE CONSTRAINT_SCHEMA = DATABASE() AND TRUE)";

// TABLE_SCHEMA is the name of the database, which stands in front of every name in the text.
constexpr std::string_view kViews = R"(
  SELECT TABLE_NAME, VIEW_DEFINITION, CHECK_OPTION, TABLE_SCHEMA
  FROM information_schema.VIEWS WHERE TABLE_SCHEMA = DATABASE())";

constexpr std::string_view kTriggers = R"(
  SELECT TRIGGER_NAME, EVENT_OBJECT_TABLE, ACTION_TIMING, EVENT_MANIPULATION, ACTION_STATEMENT
  FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = DATABASE())";

/// The index's method in the model's words. A HASH index is one of a MEMORY table.
std::string method_of(const std::string& type) {
  return type == "BTREE" || type == "RTREE" ? std::string() : lower(type);
}

schema::ReferenceAction action_of(const std::string& text) {
  if (text == "RESTRICT") return schema::ReferenceAction::Restrict;
  if (text == "CASCADE") return schema::ReferenceAction::Cascade;
  if (text == "SET NULL") return schema::ReferenceAction::SetNull;
  if (text == "SET DEFAULT") return schema::ReferenceAction::SetDefault;
  return schema::ReferenceAction::NoAction;
}

class Inspector {
 public:
  Inspector(database::Connection& connection, const MysqlFlavor& flavor)
      : connection_(connection), flavor_(flavor) {}

  schema::Schema run() {
    read_tables(nullptr);
    const auto views = database::query(connection_, kViews);
    for (const auto& row : views) views_.insert(text_of(row[0]));
    schema::Schema schema;
    for (const auto& row : views) schema.views.push_back(view_of(row));
    for (const auto& row : database::query(connection_, kTriggers)) {
      schema.triggers.push_back(trigger_of(row));
    }
    take_tables(schema);
    return schema;
  }

  /// Asked for one table at a time: only a plain comparison with its name keeps the server from
  /// opening all of them (MariaDB documentation, "Information Schema", "Optimizations").
  schema::Schema run(const std::set<std::string>& tables) {
    for (const std::string& table : tables) read_tables(&table);
    schema::Schema schema;
    take_tables(schema);
    return schema;
  }

 private:
  /// Null stands for all tables.
  void read_tables(const std::string* only) {
    for (const auto& row : rows_of(kTables, only)) add_table(row);
    if (only != nullptr && !tables_.contains(*only)) return;
    for (const auto& row : rows_of(kColumns, only)) add_column(row);
    for (const auto& row : rows_of(flavor_.indexes_query, only)) add_index_part(row);
    for (const auto& row : rows_of(kForeignKeys, only)) add_foreign_key_column(row);
    for (const auto& row : rows_of(kActions, only)) add_actions(row);
    for (const auto& row : rows_of(flavor_.checks_query, only)) add_check(row);
  }

  std::vector<database::Row> rows_of(std::string_view query, const std::string* only) {
    if (only == nullptr) return database::query(connection_, query);
    static constexpr std::string_view kAll = "AND TRUE";
    std::string narrowed(query);
    const std::size_t at = narrowed.find(kAll);
    PARLEY_CHECK(at != std::string::npos);
    narrowed.replace(at, kAll.size(), "AND TABLE_NAME = ?");
    return database::query(connection_, narrowed, {Value(*only)});
  }

  void take_tables(schema::Schema& schema) {
    for (auto& [name, table] : tables_) schema.tables.push_back(std::move(table));
    recognize_enums(schema, mysql_style());
  }

  Table* find(const Value& name) {
    const auto found = tables_.find(text_of(name));
    return found == tables_.end() ? nullptr : &found->second;
  }

  void add_table(const database::Row& row) {
    const std::string name = text_of(row[0]);
    tables_[name].name = name;
    tables_[name].comment = text_of(row[2]);
    collations_[name] = text_of(row[1]);
  }

  void add_column(const database::Row& row) {
    Table* table = find(row[0]);
    if (table == nullptr) return;
    const std::string type = text_of(row[2]);
    const std::string extra = upper(text_of(row[5]));
    Column column;
    column.name = text_of(row[1]);
    column.type = mysql_type(type);
    column.nullable = text_of(row[3]) == "YES";
    column.auto_increment = extra.find("AUTO_INCREMENT") != std::string::npos;
    column.on_update_now = extra.find("ON UPDATE") != std::string::npos;
    column.comment = text_of(row[7]);
    const std::string collation = text_of(row[6]);
    if (collation != collations_[table->name]) column.collation = collation;
    const std::string generation = flavor_.read_expression(text_of(row[8]));
    if (!generation.empty()) {
      const bool is_stored = extra.find("STORED") != std::string::npos ||
                             extra.find("PERSISTENT") != std::string::npos;
      column.generated = {.expression = generation, .is_stored = is_stored};
    } else if (!is_null(row[4])) {
      column.default_value =
          flavor_.read_default({.text = text_of(row[4]), .extra = extra, .type = column.type});
    }
    table->columns.push_back(std::move(column));
  }

  void add_index_part(const database::Row& row) {
    Table* table = find(row[0]);
    if (table == nullptr) return;
    const std::string name = text_of(row[1]);
    const std::string column = text_of(row[3]);
    if (name == "PRIMARY") {
      if (!table->primary_key) table->primary_key.emplace();
      table->primary_key->columns.push_back(column);
      return;
    }
    if (table->indexes.empty() || table->indexes.back().name != name) {
      table->indexes.push_back(
          {.name = name, .parts = {}, .unique = integer_of(row[2]) == 0, .where = ""});
      table->indexes.back().method = method_of(text_of(row[7]));
    }
    schema::IndexPart part{.column = column, .descending = text_of(row[4]) == "D"};
    if (is_null(row[3])) part.expression = flavor_.read_expression(text_of(row[6]));
    // A spatial index tells the size of its boxes there.
    const bool is_spatial = table->indexes.back().method == "spatial";
    if (!is_null(row[5]) && !is_spatial) part.prefix_length = static_cast<int>(integer_of(row[5]));
    table->indexes.back().parts.push_back(std::move(part));
  }

  void add_foreign_key_column(const database::Row& row) {
    Table* table = find(row[0]);
    if (table == nullptr) return;
    auto& keys = table->foreign_keys;
    const std::string name = text_of(row[1]);
    if (keys.empty() || keys.back().name != name) {
      schema::ForeignKey key;
      key.name = name;
      key.referenced_table = text_of(row[3]);
      keys.push_back(std::move(key));
    }
    keys.back().columns.push_back(text_of(row[2]));
    keys.back().referenced_columns.push_back(text_of(row[4]));
  }

  void add_actions(const database::Row& row) {
    Table* table = find(row[0]);
    if (table == nullptr) return;
    for (schema::ForeignKey& key : table->foreign_keys) {
      if (key.name != text_of(row[1])) continue;
      key.on_delete = action_of(text_of(row[2]));
      key.on_update = action_of(text_of(row[3]));
    }
  }

  void add_check(const database::Row& row) {
    Table* table = find(row[0]);
    if (table == nullptr) return;
    // The condition inside a column's definition goes by the column's name, which is none of its
    // own.
    const bool is_in_column = text_of(row[3]) == "Column";
    table->checks.push_back({.name = is_in_column ? "" : text_of(row[1]),
                             .expression = flavor_.read_expression(text_of(row[2]))});
  }

  schema::View view_of(const database::Row& row) const {
    const std::string name = text_of(row[0]);
    const std::string stored = text_of(row[1]);
    if (stored.empty()) {
      throw Error(ErrorCode::PermissionDenied,
                  fmt::format("the server does not show the definition of view '{}'", name),
                  fmt::format("GRANT SHOW VIEW ON {}.* to this user.",
                              quote_name(text_of(row[3]), mysql_style())));
    }
    std::string query = without_database(stored, text_of(row[3]), [&](const std::string& each) {
      return tables_.contains(each) || views_.contains(each);
    });
    const std::string option = text_of(row[2]);
    if (option != "NONE") query += " with " + lower(option) + " check option";
    return {.name = name, .query = {{.dialect = "", .sql = std::move(query)}}};
  }

  static schema::Trigger trigger_of(const database::Row& row) {
    const std::string event = text_of(row[3]);
    schema::Trigger trigger;
    trigger.name = text_of(row[0]);
    trigger.table = text_of(row[1]);
    trigger.time =
        text_of(row[2]) == "BEFORE" ? schema::TriggerTime::Before : schema::TriggerTime::After;
    trigger.events = {
        .insert = event == "INSERT", .update = event == "UPDATE", .remove = event == "DELETE"};
    trigger.body = {{.dialect = "", .sql = mysql_trigger_body(text_of(row[4]))}};
    return trigger;
  }

  database::Connection& connection_;
  const MysqlFlavor& flavor_;
  std::set<std::string> views_;
  std::map<std::string, Table> tables_;
  std::map<std::string, std::string> collations_;  ///< By table.
};

// CHECK_CONSTRAINTS does not tell the table (MySQL 8.0 Reference Manual, same name).
constexpr std::string_view kChecks = R"(
  SELECT t.TABLE_NAME, c.CONSTRAINT_NAME, c.CHECK_CLAUSE, 'Table' AS LEVEL
  FROM information_schema.CHECK_CONSTRAINTS c
  JOIN information_schema.TABLE_CONSTRAINTS t
    ON t.CONSTRAINT_SCHEMA = c.CONSTRAINT_SCHEMA AND t.CONSTRAINT_NAME = c.CONSTRAINT_NAME
  WHERE c.CONSTRAINT_SCHEMA = DATABASE() AND TRUE AND t.CONSTRAINT_TYPE = 'CHECK')";

constexpr std::string_view kIndexes = R"(
  SELECT TABLE_NAME, INDEX_NAME, NON_UNIQUE, COLUMN_NAME, COLLATION, SUB_PART, EXPRESSION,
         INDEX_TYPE
  FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = DATABASE() AND TRUE
  ORDER BY TABLE_NAME, INDEX_NAME, SEQ_IN_INDEX)";

/// MySQL escapes the quotes of the expressions that it stores once more: `_utf8mb4\'x\'`.
std::string read_expression(const std::string& stored) {
  std::string text;
  for (std::size_t at = 0; at < stored.size(); ++at) {
    const bool is_escaped = stored[at] == '\\' && at + 1 < stored.size() &&
                            (stored[at + 1] == '\'' || stored[at + 1] == '\\');
    text += stored[is_escaped ? ++at : at];
  }
  return text;
}

/// A literal stands there bare; only what is marked as generated is SQL (MySQL 8.0 Reference
/// Manual, "The INFORMATION_SCHEMA COLUMNS Table").
std::optional<schema::Default> read_default(const MysqlStoredDefault& stored) {
  // MySQL 5.7 marks nothing, and its only default that is no literal is this one.
  const bool is_now = upper(stored.text).starts_with("CURRENT_TIMESTAMP") &&
                      (stored.type.kind == schema::TypeKind::DateTime ||
                       stored.type.kind == schema::TypeKind::Native);
  if (is_now || stored.extra.find("DEFAULT_GENERATED") != std::string::npos) {
    return default_from_sql(read_expression(stored.text), mysql_style());
  }
  const bool is_hex = stored.type.kind == schema::TypeKind::Binary && stored.text.starts_with("0x");
  return is_hex ? bytes_from_hex(std::string_view(stored.text).substr(2)) : stored.text;
}

void recognize_nothing(schema::Table&) {}

}  // namespace

const MysqlFlavor& mysql_flavor() {
  static const MysqlFlavor kFlavor = {.capabilities = mysql_capabilities(),
                                      .drop_check = "DROP CHECK",
                                      .checks_named_per_database = true,
                                      .generated_not_null = true,
                                      .indexes_query = kIndexes,
                                      .checks_query = kChecks,
                                      .engine_check_label = "{}_chk_",
                                      .read_default = read_default,
                                      .read_expression = read_expression,
                                      .recognize_equivalents = recognize_nothing};
  return kFlavor;
}

schema::Schema MysqlDialect::inspect(database::Connection& connection) const {
  return normalize(Inspector(connection, flavor_).run());
}

schema::Schema MysqlDialect::inspect_tables(database::Connection& connection,
                                            const std::set<std::string>& tables) const {
  constexpr std::size_t kMany = 20;
  if (tables.size() > kMany) return Dialect::inspect_tables(connection, tables);
  return schema::Schema{.tables = normalize(Inspector(connection, flavor_).run(tables)).tables};
}

}  // namespace parley::dialect
