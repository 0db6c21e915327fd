#include <fmt/format.h>

#include <map>

#include "base/json.h"
#include "base/text.h"
#include "database/connection.h"
#include "dialect/ddl.h"
#include "dialect/expression.h"
#include "dialect/postgresql/postgresql_dialect.h"

namespace parley::dialect {
namespace {

using database::text_of;
using database::truth_of;
using schema::Column;
using schema::Table;

// A table without columns still gives one row.
constexpr std::string_view kColumns = R"(
  SELECT c.relname, tc.description, a.attname, format_type(a.atttypid, a.atttypmod),
         a.attnotnull, pg_get_expr(d.adbin, d.adrelid), a.attidentity <> '', a.attgenerated <> '',
         CASE WHEN a.attcollation <> t.typcollation THEN l.collname END, ac.description
  FROM pg_class c
  LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  LEFT JOIN pg_type t ON t.oid = a.atttypid
  LEFT JOIN pg_collation l ON l.oid = a.attcollation
  LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
  LEFT JOIN pg_description tc ON tc.classoid = 'pg_class'::regclass AND tc.objoid = c.oid AND tc.objsubid = 0
  LEFT JOIN pg_description ac ON ac.classoid = 'pg_class'::regclass AND ac.objoid = c.oid AND ac.objsubid = a.attnum
  WHERE c.relkind IN ('r', 'p') AND c.relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = current_schema())
  ORDER BY c.relname, a.attnum)";

constexpr std::string_view kConstraints = R"(
  SELECT c.relname, k.conname, k.contype, pg_get_expr(k.conbin, k.conrelid), f.relname,
         (SELECT json_agg(a.attname ORDER BY n.i) FROM unnest(k.conkey) WITH ORDINALITY n(number, i)
          JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = n.number)::text,
         (SELECT json_agg(a.attname ORDER BY n.i) FROM unnest(k.confkey) WITH ORDINALITY n(number, i)
          JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = n.number)::text,
         k.confdeltype, k.confupdtype
  FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid LEFT JOIN pg_class f ON f.oid = k.confrelid
  WHERE k.contype IN ('p', 'u', 'c', 'f') AND c.relkind IN ('r', 'p')
    AND c.relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = current_schema())
  ORDER BY c.relname, k.conname)";

// Not the indexes behind primary keys and unique constraints; NOT IN, because it is hashed where
// NOT EXISTS compares every index with every constraint. Bit 1 of indoption is DESC.
constexpr std::string_view kIndexes = R"(
  SELECT c.relname, i.relname, x.indisunique, pg_get_expr(x.indpred, x.indrelid), a.attname,
         CASE WHEN a.attname IS NULL THEN pg_get_indexdef(x.indexrelid, n, false) END,
         x.indoption[n - 1] & 1 = 1
  FROM pg_index x
  JOIN pg_class c ON c.oid = x.indrelid JOIN pg_class i ON i.oid = x.indexrelid
  CROSS JOIN LATERAL generate_series(1, x.indnkeyatts) n
  LEFT JOIN pg_attribute a ON a.attrelid = x.indrelid AND a.attnum = x.indkey[n - 1] AND a.attnum <> 0
  WHERE c.relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = current_schema()) AND c.relkind IN ('r', 'p')
    AND x.indexrelid NOT IN (SELECT conindid FROM pg_constraint WHERE contype IN ('p', 'u', 'x'))
  ORDER BY c.relname, i.relname, n)";

constexpr std::string_view kTriggers = R"(
  SELECT c.relname, t.tgname, p.prosrc
  FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid
  WHERE NOT t.tgisinternal AND c.relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = current_schema()))";

schema::ReferenceAction action_of(const std::string& code) {
  if (code == "r") return schema::ReferenceAction::Restrict;
  if (code == "c") return schema::ReferenceAction::Cascade;
  if (code == "n") return schema::ReferenceAction::SetNull;
  if (code == "d") return schema::ReferenceAction::SetDefault;
  return schema::ReferenceAction::NoAction;
}

std::vector<std::string> names_of(const Value& json) {
  std::vector<std::string> names;
  if (is_null(json)) return names;
  const Json list = parse_json(text_of(json));
  for (const Json& name : list.as_array()) names.emplace_back(name.as_string());
  return names;
}

void set_default(Column& column, const std::string& sql) {
  if (lower(sql).starts_with("nextval(")) {
    column.auto_increment = true;
    return;
  }
  column.default_value = default_from_sql(sql, postgresql_style());
  if (!column.default_value || column.type.kind != schema::TypeKind::Binary) return;
  // A bytea default is printed as `\x6162`.
  auto* text = std::get_if<std::string>(&*column.default_value);
  if (text != nullptr && text->starts_with("\\x"))
    *text = bytes_from_hex(std::string_view(*text).substr(2));
}

class Inspector {
 public:
  explicit Inspector(database::Connection& connection) : connection_(connection) {}

  schema::Schema run() {
    for (const auto& row : database::query(connection_, kColumns)) add_column(row);
    for (const auto& row : database::query(connection_, kConstraints)) add_constraint(row);
    for (const auto& row : database::query(connection_, kIndexes)) add_index_part(row);
    for (const auto& row : database::query(connection_, kTriggers)) add_trigger(row);
    schema::Schema schema;
    for (auto& [name, table] : tables_) schema.tables.push_back(std::move(table));
    return schema;
  }

 private:
  void add_column(const database::Row& row) {
    Table& table = tables_[text_of(row[0])];
    table.name = text_of(row[0]);
    table.comment = text_of(row[1]);
    if (is_null(row[2])) return;
    Column column;
    column.name = text_of(row[2]);
    column.type = postgresql_type(text_of(row[3]));
    column.nullable = !truth_of(row[4]);
    column.auto_increment = truth_of(row[6]);
    column.collation = text_of(row[8]);
    column.comment = text_of(row[9]);
    if (truth_of(row[7])) {
      column.generated = {.expression = text_of(row[5]), .is_stored = true};
    } else {
      set_default(column, text_of(row[5]));
    }
    table.columns.push_back(std::move(column));
  }

  void add_constraint(const database::Row& row) {
    Table& table = tables_[text_of(row[0])];
    const std::string name = text_of(row[1]);
    const std::string kind = text_of(row[2]);
    if (kind == "p") table.primary_key = {.name = name, .columns = names_of(row[5])};
    if (kind == "u") table.uniques.push_back({.name = name, .columns = names_of(row[5])});
    if (kind == "c") table.checks.push_back({.name = name, .expression = text_of(row[3])});
    if (kind != "f") return;
    table.foreign_keys.push_back({.name = name,
                                  .columns = names_of(row[5]),
                                  .referenced_table = text_of(row[4]),
                                  .referenced_columns = names_of(row[6]),
                                  .on_delete = action_of(text_of(row[7])),
                                  .on_update = action_of(text_of(row[8]))});
  }

  void add_index_part(const database::Row& row) {
    auto& indexes = tables_[text_of(row[0])].indexes;
    const std::string name = text_of(row[1]);
    if (indexes.empty() || indexes.back().name != name) {
      indexes.push_back({.name = name, .unique = truth_of(row[2]), .where = text_of(row[3])});
    }
    indexes.back().parts.push_back(
        {.column = text_of(row[4]), .descending = truth_of(row[6]), .expression = text_of(row[5])});
  }

  void add_trigger(const database::Row& row) {
    const std::string source = lower(text_of(row[2]));
    if (source.find("current_timestamp") == std::string::npos &&
        source.find("now()") == std::string::npos)
      return;
    Table& table = tables_[text_of(row[0])];
    for (Column& column : table.columns) {
      const std::string ours =
          postgresql_stored_name(on_update_trigger_name(table.name, column.name));
      if (ours == text_of(row[1])) column.on_update_now = true;
    }
  }

  database::Connection& connection_;
  std::map<std::string, Table> tables_;
};

}  // namespace

schema::Schema PostgresqlDialect::inspect(database::Connection& connection) const {
  return normalize(Inspector(connection).run());
}

}  // namespace parley::dialect
