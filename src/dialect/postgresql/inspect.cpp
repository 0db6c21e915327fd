#include <algorithm>
#include <map>

#include "base/check.h"
#include "base/json.h"
#include "base/text.h"
#include "database/connection.h"
#include "dialect/ddl.h"
#include "dialect/expression.h"
#include "dialect/postgresql/inspect_objects.h"
#include "dialect/postgresql/postgresql_dialect.h"

namespace parley::dialect {
namespace {

using database::integer_of;
using database::text_of;
using database::truth_of;
using schema::Column;
using schema::Table;

// A table without columns still gives one row. What belongs to an extension is not the user's. NOT
// IN, here and below, because it is hashed where NOT EXISTS compares everything with everything.
// Orders are by number: sorting names by a collation takes as long as the rest.
constexpr std::string_view kColumns = R"(
  SELECT c.relname, a.attnum, a.attname, format_type(a.atttypid, a.atttypmod),
         a.attnotnull, pg_get_expr(d.adbin, d.adrelid), a.attidentity <> '', a.attgenerated <> '',
         CASE WHEN a.attcollation <> t.typcollation THEN l.collname END,
         CASE WHEN t.typtype = 'e' AND t.typnamespace = c.relnamespace THEN t.typname END
  FROM pg_class c
  LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  LEFT JOIN pg_type t ON t.oid = a.atttypid
  LEFT JOIN pg_collation l ON l.oid = a.attcollation
  LEFT JOIN pg_attrdef d ON a.atthasdef AND d.adrelid = a.attrelid AND d.adnum = a.attnum
  WHERE c.relkind IN ('r', 'p') AND c.relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = current_schema())
    AND c.oid NOT IN (SELECT objid FROM pg_depend WHERE deptype = 'e' AND classid = 'pg_class'::regclass)
    AND TRUE
  ORDER BY c.oid, a.attnum)";

constexpr std::string_view kComments = R"(
  SELECT c.relname, d.objsubid, d.description
  FROM pg_description d JOIN pg_class c ON c.oid = d.objoid
  WHERE d.classoid = 'pg_class'::regclass AND c.relkind IN ('r', 'p')
    AND c.relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = current_schema()) AND TRUE)";

// Columns come as their numbers, whose names are known already; only those of a table in another
// namespace come as names.
constexpr std::string_view kConstraints = R"(
  SELECT c.relname, k.conname, k.contype, pg_get_expr(k.conbin, k.conrelid), f.relname,
         array_to_json(k.conkey)::text, array_to_json(k.confkey)::text,
         k.confdeltype, k.confupdtype, k.condeferrable, k.condeferred,
         CASE WHEN f.relnamespace <> c.relnamespace THEN
           (SELECT json_agg(a.attname ORDER BY n.i) FROM unnest(k.confkey) WITH ORDINALITY n(number, i)
            JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = n.number) END::text
  FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid LEFT JOIN pg_class f ON f.oid = k.confrelid
  WHERE k.contype IN ('p', 'u', 'c', 'f') AND c.relkind IN ('r', 'p') AND k.conparentid = 0
    AND c.relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = current_schema()) AND TRUE)";

// Not the indexes behind primary keys and unique constraints. Bit 1 of indoption is DESC, bit 2
// NULLS FIRST. An expression has a collation of its own only when its definition says so; that of a
// column is compared with the column's. An index that CREATE INDEX CONCURRENTLY did not finish is
// not valid, and none.
constexpr std::string_view kIndexes = R"(
  SELECT c.relname, i.relname, x.indisunique, pg_get_expr(x.indpred, x.indrelid), x.indkey[n - 1],
         CASE WHEN x.indkey[n - 1] = 0 THEN pg_get_indexdef(x.indexrelid, n, false) END,
         x.indoption[n - 1] & 1 = 1, x.indoption[n - 1] & 2 = 2, n > x.indnkeyatts, m.amname,
         CASE WHEN NOT o.opcdefault THEN o.opcname END,
         CASE WHEN x.indkey[n - 1] <> 0 OR pg_get_indexdef(x.indexrelid) LIKE '% COLLATE %'
              THEN l.collname END
  FROM pg_index x
  JOIN pg_class c ON c.oid = x.indrelid JOIN pg_class i ON i.oid = x.indexrelid
  JOIN pg_am m ON m.oid = i.relam
  CROSS JOIN LATERAL generate_series(1, x.indnatts) n
  LEFT JOIN pg_opclass o ON o.oid = x.indclass[n - 1]
  LEFT JOIN pg_collation l ON l.oid = x.indcollation[n - 1]
  WHERE c.relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = current_schema()) AND c.relkind IN ('r', 'p')
    AND x.indexrelid NOT IN (SELECT conindid FROM pg_constraint WHERE contype IN ('p', 'u', 'x'))
    AND x.indisvalid AND TRUE
  ORDER BY x.indexrelid, n)";

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
  explicit Inspector(const PostgresqlCatalogue& catalogue) : catalogue_(catalogue) {}

  std::vector<Table> run() {
    for (const auto& row : catalogue_.rows(kColumns)) add_column(row);
    for (const auto& row : catalogue_.rows(kComments)) {
      if (Found* found = find(text_of(row[0]))) add_comment(*found, row);
    }
    std::string constraints(kConstraints);
    if (catalogue_.is_of_some_tables()) {
      // The tables referred to may not be among them.
      constexpr std::string_view kElsewhere = "f.relnamespace <> c.relnamespace";
      constraints.replace(constraints.find(kElsewhere), kElsewhere.size(), "f.oid IS NOT NULL");
    }
    for (const auto& row : catalogue_.rows(constraints)) {
      if (Found* found = find(text_of(row[0]))) add_constraint(*found, row);
    }
    for (const auto& row : catalogue_.rows(kIndexes)) {
      if (Found* found = find(text_of(row[0]))) add_index_part(*found, row);
    }
    std::vector<Table> tables;
    for (auto& [name, found] : tables_) tables.push_back(std::move(found.table));
    return tables;
  }

 private:
  /// The numbers of dropped columns are not given out again: places and numbers differ.
  struct Found {
    Table table;
    std::vector<std::int64_t> numbers;

    Column* column(std::int64_t number) {
      const auto at = std::ranges::find(numbers, number);
      return at == numbers.end() ? nullptr
                                 : &table.columns[static_cast<std::size_t>(at - numbers.begin())];
    }
  };

  void add_column(const database::Row& row) {
    Found& found = tables_[text_of(row[0])];
    found.table.name = text_of(row[0]);
    if (is_null(row[1])) return;
    Column column;
    column.name = text_of(row[2]);
    column.type = is_null(row[9]) ? type_of(text_of(row[3])) : schema::enumeration(text_of(row[9]));
    column.nullable = !truth_of(row[4]);
    column.auto_increment = truth_of(row[6]);
    column.collation = text_of(row[8]);
    if (truth_of(row[7])) {
      column.generated = {.expression = text_of(row[5]), .is_stored = true};
    } else {
      set_default(column, text_of(row[5]));
    }
    found.numbers.push_back(integer_of(row[1]));
    found.table.columns.push_back(std::move(column));
  }

  /// A database has thousands of columns and few types.
  const schema::Type& type_of(const std::string& text) {
    const auto known = types_.find(text);
    return known != types_.end() ? known->second
                                 : types_.emplace(text, postgresql_type(text)).first->second;
  }

  static void add_comment(Found& found, const database::Row& row) {
    if (integer_of(row[1]) == 0) {
      found.table.comment = text_of(row[2]);
    } else if (Column* column = found.column(integer_of(row[1]))) {
      column->comment = text_of(row[2]);
    }
  }

  static std::vector<std::string> names_of(Found& found, const Value& numbers) {
    std::vector<std::string> names;
    if (is_null(numbers)) return names;
    const Json list = parse_json(text_of(numbers));
    for (const Json& number : list.as_array()) {
      if (const Column* column = found.column(number.as_int64())) names.push_back(column->name);
    }
    return names;
  }

  void add_constraint(Found& found, const database::Row& row) {
    Table& table = found.table;
    const std::string name = text_of(row[1]);
    const std::string kind = text_of(row[2]);
    if (kind == "c") {
      table.checks.push_back({.name = name, .expression = text_of(row[3])});
      return;
    }
    const auto columns = names_of(found, row[5]);
    if (kind == "p") table.primary_key = {.name = name, .columns = columns};
    if (kind == "u") table.uniques.push_back({.name = name, .columns = columns});
    if (kind != "f") return;
    table.foreign_keys.push_back({.name = name,
                                  .columns = columns,
                                  .referenced_table = text_of(row[4]),
                                  .referenced_columns = referenced_columns(row),
                                  .on_delete = action_of(text_of(row[7])),
                                  .on_update = action_of(text_of(row[8])),
                                  .deferral = deferral_of(row)});
  }

  std::vector<std::string> referenced_columns(const database::Row& row) {
    if (!is_null(row[11])) return postgresql_names_of(row[11]);
    Found* referenced = find(text_of(row[4]));
    return referenced == nullptr ? std::vector<std::string>() : names_of(*referenced, row[6]);
  }

  static void add_index_part(Found& found, const database::Row& row) {
    auto& indexes = found.table.indexes;
    const std::string name = text_of(row[1]);
    if (indexes.empty() || indexes.back().name != name) {
      indexes.push_back({.name = name, .unique = truth_of(row[2]), .where = text_of(row[3])});
      indexes.back().method = text_of(row[9]);
    }
    const Column* column = found.column(integer_of(row[4]));
    if (truth_of(row[8])) {
      if (column != nullptr) indexes.back().include.push_back(column->name);
      return;
    }
    schema::IndexPart part{.column = column == nullptr ? "" : column->name,
                           .descending = truth_of(row[6])};
    part.expression = text_of(row[5]);
    part.nulls = truth_of(row[7]) ? schema::NullsOrder::First : schema::NullsOrder::Last;
    part.operator_class = text_of(row[10]);
    part.collation = text_of(row[11]);
    indexes.back().parts.push_back(std::move(part));
  }

  Found* find(const std::string& name) {
    const auto found = tables_.find(name);
    return found == tables_.end() ? nullptr : &found->second;
  }

  const PostgresqlCatalogue& catalogue_;
  std::map<std::string, Found> tables_;
  std::map<std::string, schema::Type> types_;
};

}  // namespace

std::vector<std::string> postgresql_names_of(const Value& json) {
  std::vector<std::string> names;
  if (is_null(json)) return names;
  const Json list = parse_json(text_of(json));
  for (const Json& name : list.as_array()) names.emplace_back(name.as_string());
  return names;
}

PostgresqlCatalogue::PostgresqlCatalogue(database::Connection& connection,
                                         const std::set<std::string>* tables)
    : connection_(connection) {
  if (tables == nullptr) return;
  json::array names;
  for (const std::string& name : *tables) names.emplace_back(name);
  tables_ = to_text(names);
}

std::vector<database::Row> PostgresqlCatalogue::rows(std::string_view sql) const {
  if (!tables_) return database::query(connection_, sql);
  static constexpr std::string_view kAll = "AND TRUE";
  std::string narrowed(sql);
  const std::size_t at = narrowed.find(kAll);
  PARLEY_CHECK(at != std::string::npos);
  narrowed.replace(at, kAll.size(),
                   "AND c.relname = ANY (ARRAY(SELECT json_array_elements_text(?::json)))");
  return database::query(connection_, narrowed, {Value(*tables_)});
}

schema::Schema PostgresqlDialect::inspect(database::Connection& connection) const {
  const PostgresqlCatalogue catalogue(connection, nullptr);
  schema::Schema schema;
  schema.tables = Inspector(catalogue).run();
  postgresql_inspect_enums(catalogue, schema);
  postgresql_inspect_views(catalogue, schema);
  postgresql_inspect_triggers(catalogue, schema);
  return normalize(schema);
}

schema::Schema PostgresqlDialect::inspect_tables(database::Connection& connection,
                                                 const std::set<std::string>& tables) const {
  const PostgresqlCatalogue catalogue(connection, &tables);
  schema::Schema schema;
  schema.tables = Inspector(catalogue).run();
  postgresql_inspect_triggers(catalogue, schema);
  schema.triggers.clear();
  return normalize(schema);
}

}  // namespace parley::dialect
