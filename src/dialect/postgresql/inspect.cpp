#include <fmt/format.h>

#include <map>

#include "base/json.h"
#include "base/text.h"
#include "database/connection.h"
#include "dialect/ddl.h"
#include "dialect/expression.h"
#include "dialect/postgresql/inspect_objects.h"
#include "dialect/postgresql/postgresql_dialect.h"

namespace parley::dialect {
namespace {

using database::text_of;
using database::truth_of;
using schema::Column;
using schema::Table;

// A table without columns still gives one row. What belongs to an extension is not the user's. NOT
// IN, here and below, because it is hashed where NOT EXISTS compares everything with everything.
constexpr std::string_view kColumns = R"(
  SELECT c.relname, tc.description, a.attname, format_type(a.atttypid, a.atttypmod),
         a.attnotnull, pg_get_expr(d.adbin, d.adrelid), a.attidentity <> '', a.attgenerated <> '',
         CASE WHEN a.attcollation <> t.typcollation THEN l.collname END, ac.description,
         CASE WHEN t.typtype = 'e' AND t.typnamespace = c.relnamespace THEN t.typname END
  FROM pg_class c
  LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  LEFT JOIN pg_type t ON t.oid = a.atttypid
  LEFT JOIN pg_collation l ON l.oid = a.attcollation
  LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
  LEFT JOIN pg_description tc ON tc.classoid = 'pg_class'::regclass AND tc.objoid = c.oid AND tc.objsubid = 0
  LEFT JOIN pg_description ac ON ac.classoid = 'pg_class'::regclass AND ac.objoid = c.oid AND ac.objsubid = a.attnum
  WHERE c.relkind IN ('r', 'p') AND c.relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = current_schema())
    AND c.oid NOT IN (SELECT objid FROM pg_depend WHERE deptype = 'e' AND classid = 'pg_class'::regclass)
  ORDER BY c.relname, a.attnum)";

constexpr std::string_view kConstraints = R"(
  SELECT c.relname, k.conname, k.contype, pg_get_expr(k.conbin, k.conrelid), f.relname,
         (SELECT json_agg(a.attname ORDER BY n.i) FROM unnest(k.conkey) WITH ORDINALITY n(number, i)
          JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = n.number)::text,
         (SELECT json_agg(a.attname ORDER BY n.i) FROM unnest(k.confkey) WITH ORDINALITY n(number, i)
          JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = n.number)::text,
         k.confdeltype, k.confupdtype, k.condeferrable, k.condeferred
  FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid LEFT JOIN pg_class f ON f.oid = k.confrelid
  WHERE k.contype IN ('p', 'u', 'c', 'f') AND c.relkind IN ('r', 'p') AND k.conparentid = 0
    AND c.relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = current_schema())
  ORDER BY c.relname, k.conname)";

// Not the indexes behind primary keys and unique constraints. Bit 1 of indoption is DESC, bit 2
// NULLS FIRST. An expression has a collation of its own only when its definition says so.
constexpr std::string_view kIndexes = R"(
  SELECT c.relname, i.relname, x.indisunique, pg_get_expr(x.indpred, x.indrelid), a.attname,
         CASE WHEN a.attname IS NULL THEN pg_get_indexdef(x.indexrelid, n, false) END,
         x.indoption[n - 1] & 1 = 1, x.indoption[n - 1] & 2 = 2, n > x.indnkeyatts, m.amname,
         CASE WHEN NOT o.opcdefault THEN o.opcname END,
         CASE WHEN x.indcollation[n - 1] <> COALESCE(a.attcollation, 0)
                AND (a.attname IS NOT NULL OR pg_get_indexdef(x.indexrelid) LIKE '% COLLATE %')
              THEN l.collname END
  FROM pg_index x
  JOIN pg_class c ON c.oid = x.indrelid JOIN pg_class i ON i.oid = x.indexrelid
  JOIN pg_am m ON m.oid = i.relam
  CROSS JOIN LATERAL generate_series(1, x.indnatts) n
  LEFT JOIN pg_attribute a ON a.attrelid = x.indrelid AND a.attnum = x.indkey[n - 1] AND a.attnum <> 0
  LEFT JOIN pg_opclass o ON o.oid = x.indclass[n - 1]
  LEFT JOIN pg_collation l ON l.oid = x.indcollation[n - 1]
  WHERE c.relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = current_schema()) AND c.relkind IN ('r', 'p')
    AND x.indexrelid NOT IN (SELECT conindid FROM pg_constraint WHERE contype IN ('p', 'u', 'x'))
  ORDER BY c.relname, i.relname, n)";

schema::ReferenceAction action_of(const std::string& code) {
  if (code == "r") return schema::ReferenceAction::Restrict;
  if (code == "c") return schema::ReferenceAction::Cascade;
  if (code == "n") return schema::ReferenceAction::SetNull;
  if (code == "d") return schema::ReferenceAction::SetDefault;
  return schema::ReferenceAction::NoAction;
}

schema::Deferral deferral_of(const database::Row& row) {
  if (!truth_of(row[9])) return schema::Deferral::NotDeferrable;
  return truth_of(row[10]) ? schema::Deferral::InitiallyDeferred
                           : schema::Deferral::InitiallyImmediate;
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
    for (const auto& row : database::query(connection_, kConstraints)) {
      if (Table* table = find_table(text_of(row[0]))) add_constraint(*table, row);
    }
    for (const auto& row : database::query(connection_, kIndexes)) {
      if (Table* table = find_table(text_of(row[0]))) add_index_part(*table, row);
    }
    schema::Schema schema;
    for (auto& [name, table] : tables_) schema.tables.push_back(std::move(table));
    postgresql_inspect_objects(connection_, schema);
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
    column.type =
        is_null(row[10]) ? postgresql_type(text_of(row[3])) : schema::enumeration(text_of(row[10]));
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

  static void add_constraint(Table& table, const database::Row& row) {
    const std::string name = text_of(row[1]);
    const std::string kind = text_of(row[2]);
    if (kind == "p") table.primary_key = {.name = name, .columns = postgresql_names_of(row[5])};
    if (kind == "u") {
      table.uniques.push_back({.name = name, .columns = postgresql_names_of(row[5])});
    }
    if (kind == "c") table.checks.push_back({.name = name, .expression = text_of(row[3])});
    if (kind != "f") return;
    table.foreign_keys.push_back({.name = name,
                                  .columns = postgresql_names_of(row[5]),
                                  .referenced_table = text_of(row[4]),
                                  .referenced_columns = postgresql_names_of(row[6]),
                                  .on_delete = action_of(text_of(row[7])),
                                  .on_update = action_of(text_of(row[8])),
                                  .deferral = deferral_of(row)});
  }

  static void add_index_part(Table& table, const database::Row& row) {
    auto& indexes = table.indexes;
    const std::string name = text_of(row[1]);
    if (indexes.empty() || indexes.back().name != name) {
      indexes.push_back({.name = name, .unique = truth_of(row[2]), .where = text_of(row[3])});
      indexes.back().method = text_of(row[9]);
    }
    if (truth_of(row[8])) {
      indexes.back().include.push_back(text_of(row[4]));
      return;
    }
    schema::IndexPart part{.column = text_of(row[4]), .descending = truth_of(row[6])};
    part.expression = text_of(row[5]);
    part.nulls = truth_of(row[7]) ? schema::NullsOrder::First : schema::NullsOrder::Last;
    part.operator_class = text_of(row[10]);
    part.collation = text_of(row[11]);
    indexes.back().parts.push_back(std::move(part));
  }

  Table* find_table(const std::string& name) {
    const auto found = tables_.find(name);
    return found == tables_.end() ? nullptr : &found->second;
  }

  database::Connection& connection_;
  std::map<std::string, Table> tables_;
};

}  // namespace

std::vector<std::string> postgresql_names_of(const Value& json) {
  std::vector<std::string> names;
  if (is_null(json)) return names;
  const Json list = parse_json(text_of(json));
  for (const Json& name : list.as_array()) names.emplace_back(name.as_string());
  return names;
}

schema::Schema PostgresqlDialect::inspect(database::Connection& connection) const {
  return normalize(Inspector(connection).run());
}

}  // namespace parley::dialect
