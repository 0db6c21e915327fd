#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "dialect/ddl.h"
#include "dialect/expression.h"
#include "dialect/normal_form.h"
#include "dialect/postgresql/postgresql_dialect.h"
#include "dialect/postgresql/triggers.h"
#include "dialect/type_words.h"

namespace parley::dialect {
namespace {

using schema::Type;
using schema::TypeKind;

constexpr std::size_t kNameMax = 63;
constexpr int kUsualTimePrecision = 6;

Type normal_type(const Type& type) {
  Type normal = tidy_type(type.kind == TypeKind::Native ? postgresql_type(type.native) : type);
  if (normal.kind == TypeKind::Binary || normal.kind == TypeKind::Enum) normal.length = 0;
  const bool is_time = normal.kind == TypeKind::DateTime || normal.kind == TypeKind::Time;
  if (is_time && normal.precision >= kUsualTimePrecision) normal.precision = -1;
  return normal;
}

/// True for `name` and for what PostgreSQL makes of it when it is taken: a number behind.
bool is_engine_name(std::string_view name, const std::string& engine_name) {
  if (!name.starts_with(engine_name)) return false;
  const std::string_view rest = name.substr(engine_name.size());
  return std::all_of(rest.begin(), rest.end(), [](char c) { return c >= '0' && c <= '9'; });
}

void forget_engine_names(schema::Table& table) {
  const auto forget = [&](std::string& name, std::span<const std::string> columns,
                          std::string_view label) {
    if (is_engine_name(name, postgresql_constraint_name(table.name, columns, label))) name.clear();
  };
  if (table.primary_key) forget(table.primary_key->name, {}, "pkey");
  for (schema::Unique& unique : table.uniques) forget(unique.name, unique.columns, "key");
  for (schema::ForeignKey& key : table.foreign_keys) forget(key.name, key.columns, "fkey");
  for (schema::Check& check : table.checks) {
    forget(check.name, {}, "check");
    // A check that mentions one column is named after it.
    for (const schema::Column& column : table.columns)
      forget(check.name, std::span(&column.name, 1), "check");
  }
}

void cut_names(schema::Table& table) {
  const auto cut = [](std::string& name) { name = postgresql_stored_name(name); };
  if (table.primary_key) cut(table.primary_key->name);
  for (schema::Unique& unique : table.uniques) cut(unique.name);
  for (schema::ForeignKey& key : table.foreign_keys) cut(key.name);
  for (schema::Check& check : table.checks) cut(check.name);
  for (schema::Index& index : table.indexes) cut(index.name);
  for (schema::Column& column : table.columns) cut(column.on_update_trigger);
}

/// The operator class that an index takes for the type by itself, under its name for most methods.
std::string_view usual_operator_class(TypeKind kind) {
  switch (kind) {
    case TypeKind::Boolean: return "bool_ops";
    case TypeKind::SmallInteger: return "int2_ops";
    case TypeKind::Integer: return "int4_ops";
    case TypeKind::BigInteger: return "int8_ops";
    case TypeKind::Float: return "float4_ops";
    case TypeKind::Double: return "float8_ops";
    case TypeKind::Decimal: return "numeric_ops";
    case TypeKind::String:
    case TypeKind::Text: return "text_ops";
    case TypeKind::Char: return "bpchar_ops";
    case TypeKind::Binary: return "bytea_ops";
    case TypeKind::Date: return "date_ops";
    case TypeKind::Time: return "time_ops";
    case TypeKind::Json: return "jsonb_ops";
    case TypeKind::Uuid: return "uuid_ops";
    case TypeKind::Enum: return "enum_ops";
    case TypeKind::DateTime:
    case TypeKind::Native: break;
  }
  return {};
}

void normalize_index(schema::Index& index, const schema::Table& table) {
  index.method = lower(index.method);
  if (index.method == "btree") index.method.clear();
  for (schema::IndexPart& part : index.parts) {
    // NULL counts as the greatest value.
    const auto usual = part.descending ? schema::NullsOrder::First : schema::NullsOrder::Last;
    if (part.nulls == usual || !index.method.empty()) part.nulls = schema::NullsOrder::Usual;
    const schema::Column* column = table.find_column(part.column);
    if (column == nullptr) continue;
    if (part.operator_class == usual_operator_class(column->type.kind)) part.operator_class.clear();
    if (part.collation == column->collation || part.collation == "default") part.collation.clear();
  }
}

/// The engine keeps the text of a function as it is, comments included, and so does the model.
std::string stored_text(const std::string& text) {
  std::string unix_lines = text;
  std::erase(unix_lines, '\r');
  return std::string(trim(unix_lines));
}

/// The one text for this engine; false when there is none.
bool pick_text(schema::SqlTexts& texts) {
  auto picked = texts_for(texts, "postgresql", "postgresql");
  texts.clear();
  if (picked.empty()) return false;
  texts.push_back({.dialect = "", .sql = stored_text(picked.front())});
  return true;
}

void normalize_trigger(schema::Trigger& trigger, const schema::Schema& schema) {
  const std::string& body = trigger.body.front().sql;
  trigger.name = postgresql_stored_name(trigger.name);
  if (trigger.function == trigger.name || postgresql_calls_function(body)) trigger.function.clear();
  trigger.function = postgresql_stored_name(trigger.function);
  if (!pick_text(trigger.when)) return;
  std::string& when = trigger.when.front().sql;
  when = canonical_expression(when, postgresql_style(), schema.find_table(trigger.table));
}

void normalize_objects(schema::Schema& schema) {
  std::erase_if(schema.views, [](schema::View& view) { return !pick_text(view.query); });
  std::erase_if(schema.triggers, [](schema::Trigger& each) { return !pick_text(each.body); });
  for (schema::Trigger& trigger : schema.triggers) normalize_trigger(trigger, schema);
}

void normalize_table(schema::Table& table) {
  normalize_on_update_triggers(table);
  for (schema::Column& column : table.columns) {
    column.type = normal_type(column.type);
    if (column.auto_increment) {
      // An identity column is NOT NULL by itself.
      column.nullable = false;
      column.default_value.reset();
    }
    if (column.collation == "default") column.collation.clear();
  }
  forbid_null_in_primary_key(table);
  for (schema::Index& index : table.indexes) normalize_index(index, table);
  table.is_strict = false;
  table.is_without_rowid = false;
  normalize_expressions(table, postgresql_style());
  cut_names(table);
  forget_engine_names(table);
}

}  // namespace

std::string postgresql_stored_name(std::string_view name) {
  std::size_t length = std::min(name.size(), kNameMax);
  // Cut between characters, not inside one.
  while (length < name.size() && length > 0 && (name[length] & 0xC0) == 0x80) --length;
  return std::string(name.substr(0, length));
}

std::string postgresql_constraint_name(std::string_view table, std::span<const std::string> columns,
                                       std::string_view label) {
  std::string first(table);
  std::string second = join(columns, "_");
  const std::size_t overhead = label.size() + 1 + (second.empty() ? 0 : 1);
  while (first.size() + second.size() + overhead > kNameMax) {
    (first.size() > second.size() ? first : second).pop_back();
  }
  return second.empty() ? fmt::format("{}_{}", first, label)
                        : fmt::format("{}_{}_{}", first, second, label);
}

Type postgresql_type(std::string_view text) {
  const TypeWords words = read_type_words(text, postgresql_style());
  const std::string& name = words.name;
  const auto timed = [&](Type type) {
    type.precision = words.argument(0, -1);
    return type;
  };
  if (words.has_other_arguments) return native_type(text, postgresql_style());
  if (name == "boolean" || name == "bool") return schema::boolean();
  if (name == "smallint" || name == "int2") return schema::small_integer();
  if (name == "integer" || name == "int" || name == "int4") return schema::integer();
  if (name == "bigint" || name == "int8") return schema::big_integer();
  if (name == "real" || name == "float4") return schema::float_number();
  if (name == "double precision" || name == "float8") return schema::double_number();
  if (name == "numeric" || name == "decimal") {
    return tidy_type(schema::decimal(words.argument(0, -1), words.argument(1, 0)));
  }
  if (name == "character varying" || name == "varchar") return schema::string(words.argument(0, 0));
  if (name == "character" || name == "char") return schema::character(words.argument(0, 1));
  if (name == "text") return schema::text();
  if (name == "bytea") return schema::binary();
  if (name == "date") return schema::date();
  if (name == "time without time zone" || name == "time") return timed(schema::time());
  if (name == "timestamp without time zone" || name == "timestamp")
    return timed(schema::datetime());
  if (name == "timestamp with time zone" || name == "timestamptz") {
    return timed(schema::datetime_with_time_zone());
  }
  if (name == "jsonb") return schema::json();
  if (name == "uuid") return schema::uuid();
  return native_type(text, postgresql_style());
}

// Wide types: a value that the column cannot hold is refused when it is assigned, while a cast to
// varchar(n) would cut it silently (PostgreSQL manual, "Character Types").
std::optional<std::string> PostgresqlDialect::array_type(schema::TypeKind kind) const {
  using schema::TypeKind;
  switch (kind) {
    case TypeKind::Boolean: return "boolean[]";
    case TypeKind::SmallInteger:
    case TypeKind::Integer:
    case TypeKind::BigInteger: return "bigint[]";
    case TypeKind::Float:
    case TypeKind::Double: return "double precision[]";
    case TypeKind::String:
    case TypeKind::Text: return "text[]";
    case TypeKind::DateTime: return "timestamp with time zone[]";
    case TypeKind::Json: return "json[]";
    case TypeKind::Uuid: return "uuid[]";
    case TypeKind::Decimal:
    case TypeKind::Char:
    case TypeKind::Date:
    case TypeKind::Time:
    case TypeKind::Binary:
    case TypeKind::Enum:
    case TypeKind::Native: return std::nullopt;
  }
  return std::nullopt;
}

std::string PostgresqlDialect::type_text(const Type& type) const {
  const bool is_usual = type.precision < 0 || type.precision >= kUsualTimePrecision;
  const std::string precision = is_usual ? "" : fmt::format("({})", type.precision);
  switch (type.kind) {
    case TypeKind::Boolean: return "BOOLEAN";
    case TypeKind::SmallInteger: return "SMALLINT";
    case TypeKind::Integer: return "INTEGER";
    case TypeKind::BigInteger: return "BIGINT";
    case TypeKind::Float: return "REAL";
    case TypeKind::Double: return "DOUBLE PRECISION";
    case TypeKind::Decimal:
      return type.precision > 0 ? fmt::format("NUMERIC({}, {})", type.precision, type.scale)
                                : "NUMERIC";
    case TypeKind::String:
      return type.length > 0 ? fmt::format("VARCHAR({})", type.length) : "VARCHAR";
    case TypeKind::Char: return fmt::format("CHAR({})", std::max(type.length, 1));
    case TypeKind::Text: return "TEXT";
    case TypeKind::Binary: return "BYTEA";
    case TypeKind::Date: return "DATE";
    case TypeKind::Time: return "TIME" + precision;
    case TypeKind::DateTime:
      return "TIMESTAMP" + precision + (type.with_time_zone ? " WITH TIME ZONE" : "");
    case TypeKind::Json: return "JSONB";
    case TypeKind::Uuid: return "UUID";
    case TypeKind::Enum: return quote(type.native);
    case TypeKind::Native: return type.native;
  }
  return {};
}

schema::Schema PostgresqlDialect::normalize(const schema::Schema& schema) const {
  schema::Schema normal = schema;
  for (schema::Table& table : normal.tables) normalize_table(table);
  complete_references(normal);
  normalize_objects(normal);
  sort_objects(normal);
  return normal;
}

bool PostgresqlDialect::serves_as(const Type& live, const Type& wanted) const {
  const bool is_json = live.kind == TypeKind::Native && live.native == "json";
  return live == wanted || (is_json && wanted.kind == TypeKind::Json);
}

}  // namespace parley::dialect
