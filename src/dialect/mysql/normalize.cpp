#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "base/text.h"
#include "dialect/ddl.h"
#include "dialect/enum_check.h"
#include "dialect/mysql/clauses.h"
#include "dialect/mysql/mysql_dialect.h"
#include "dialect/mysql/triggers.h"
#include "dialect/mysql/views.h"
#include "dialect/normal_form.h"
#include "dialect/type_words.h"

namespace parley::dialect {
namespace {

using schema::ForeignKey;
using schema::Index;
using schema::Table;
using schema::Type;
using schema::TypeKind;

bool is_number(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// True for `prefix` with a number behind it.
bool is_counted_name(std::string_view name, const std::string& prefix) {
  return name.starts_with(prefix) && is_number(name.substr(prefix.size()));
}

/// The type of a text of at most `length` characters, each of up to 4 bytes; 0 is the usual one.
std::string_view text_word(int length) {
  constexpr int kTextMax = 65535 / 4;
  constexpr int kMediumTextMax = 16777215 / 4;
  return length <= kTextMax ? "TEXT" : length <= kMediumTextMax ? "MEDIUMTEXT" : "LONGTEXT";
}

Type normal_type(const Type& type) {
  if (is_mysql_short_text(type)) return schema::string(type.length);
  if (type.kind == TypeKind::Text && text_word(type.length) != "TEXT") {
    return schema::native(lower(text_word(type.length)));
  }
  Type normal = tidy_type(type.kind == TypeKind::Native ? mysql_type(type.native) : type);
  if (normal.kind == TypeKind::Uuid) normal = schema::character(36);
  if (normal.kind == TypeKind::Decimal && normal.precision < 0) normal.precision = 10;
  const bool is_time = normal.kind == TypeKind::DateTime || normal.kind == TypeKind::Time;
  if (is_time && normal.precision == 0) normal.precision = -1;
  normal.with_time_zone = false;
  return normal;
}

void normalize_column(schema::Column& column, const MysqlFlavor& flavor) {
  column.type = normal_type(column.type);
  if (column.generated && !flavor.generated_not_null) column.nullable = true;
  if (column.auto_increment) column.default_value.reset();
  const bool has_collation =
      column.type.kind == TypeKind::String || column.type.kind == TypeKind::Char ||
      column.type.kind == TypeKind::Text || column.type.kind == TypeKind::Enum ||
      column.type.kind == TypeKind::Native;
  column.collation = has_collation ? lower(column.collation) : std::string();
}

std::vector<std::string> columns_of(const Index& index) {
  std::vector<std::string> columns;
  for (const schema::IndexPart& part : index.parts) columns.push_back(part.column);
  return columns;
}

/// A B-tree on whole columns, ascending: what a constraint is kept in.
bool is_plain(const Index& index) {
  return index.method.empty() &&
         std::none_of(index.parts.begin(), index.parts.end(), [](const schema::IndexPart& part) {
           return part.descending || !part.expression.empty() || part.prefix_length > 0;
         });
}

/// Named unique constraints become unique indexes, unique indexes with the server's name become
/// constraints without one: the catalogue does not tell them apart.
void sort_out_uniques(Table& table) {
  std::vector<schema::Unique> uniques;
  for (const schema::Unique& unique : table.uniques) {
    if (unique.name.empty() || is_mysql_index_name(unique.name, unique.columns)) {
      uniques.push_back({.name = "", .columns = unique.columns});
      continue;
    }
    Index index{.name = unique.name, .parts = {}, .unique = true, .where = ""};
    for (const std::string& column : unique.columns) index.parts.push_back({.column = column});
    table.indexes.push_back(std::move(index));
  }
  std::erase_if(table.indexes, [&](const Index& index) {
    if (!index.unique || !is_plain(index) || !is_mysql_index_name(index.name, columns_of(index)))
      return false;
    uniques.push_back({.name = "", .columns = columns_of(index)});
    return true;
  });
  table.uniques = std::move(uniques);
}

/// InnoDB names the index that it makes for a foreign key after the constraint or after its first
/// column.
void hide_indexes_of_foreign_keys(Table& table) {
  std::erase_if(table.indexes, [&](const Index& index) {
    if (index.unique || !is_plain(index)) return false;
    return std::any_of(
        table.foreign_keys.begin(), table.foreign_keys.end(), [&](const ForeignKey& key) {
          const bool is_for_key = columns_of(index) == key.columns;
          return is_for_key &&
                 (index.name == key.name || is_mysql_index_name(index.name, key.columns));
        });
  });
}

void normalize_constraints(Table& table, std::string_view check_label) {
  const auto normal_action = [](schema::ReferenceAction& action) {
    // InnoDB checks at once in both cases (MySQL 8.0 Reference Manual, "FOREIGN KEY Constraints").
    if (action == schema::ReferenceAction::Restrict) action = schema::ReferenceAction::NoAction;
  };
  if (table.primary_key) table.primary_key->name.clear();
  for (ForeignKey& key : table.foreign_keys) {
    normal_action(key.on_delete);
    normal_action(key.on_update);
    if (is_counted_name(key.name, table.name + "_ibfk_")) key.name.clear();
  }
  for (schema::Check& check : table.checks) {
    if (is_counted_name(check.name, fmt::format(fmt::runtime(check_label), table.name)))
      check.name.clear();
  }
}

/// The number behind an integer type is a width to print and not a size; MySQL 8 does not show it
/// any more.
bool is_integer_with_attributes(const TypeWords& words) {
  const std::string first = words.name.substr(0, words.name.find(' '));
  return first != words.name && first.ends_with("int") && !words.name.ends_with("zerofill");
}

}  // namespace

bool is_mysql_short_text(const Type& type) {
  constexpr int kShortMax = 255;
  return type.kind == TypeKind::Text && type.length > 0 && type.length <= kShortMax;
}

bool is_mysql_index_name(std::string_view index, const std::vector<std::string>& columns) {
  if (columns.empty()) return false;
  return equals_ignoring_case(index, columns.front()) ||
         is_counted_name(index, columns.front() + "_");
}

Type mysql_type(std::string_view text) {
  const TypeWords words = read_type_words(text, mysql_style());
  const std::string& name = words.name;
  const auto timed = [&](Type type) {
    type.precision = words.argument(0, -1);
    return type;
  };
  if (words.has_other_arguments) return native_type(text, mysql_style());
  const bool is_truth =
      name == "boolean" || name == "bool" || (name == "tinyint" && words.argument(0, 0) == 1);
  if (is_truth) return schema::boolean();
  if (name == "smallint") return schema::small_integer();
  if (name == "int" || name == "integer") return schema::integer();
  if (name == "bigint") return schema::big_integer();
  if (name == "float" && words.arguments.empty()) return schema::float_number();
  if ((name == "double" || name == "double precision") && words.arguments.empty())
    return schema::double_number();
  if (name == "decimal" || name == "numeric") {
    return schema::decimal(words.argument(0, 10), words.argument(1, 0));
  }
  if (name == "varchar") return schema::string(words.argument(0, 0));
  if (name == "char") return schema::character(words.argument(0, 1));
  if (name == "text" && words.arguments.empty()) return schema::text();
  if (name == "varbinary") return schema::binary(words.argument(0, 0));
  if (name == "longblob") return schema::binary();
  if (name == "date") return schema::date();
  if (name == "time") return timed(schema::time());
  if (name == "datetime") return timed(schema::datetime());
  if (name == "json") return schema::json();
  return native_type(is_integer_with_attributes(words) ? name : text, mysql_style());
}

std::string mysql_type_text(const Type& type) {
  const std::string precision = type.precision > 0 ? fmt::format("({})", type.precision) : "";
  switch (type.kind) {
    case TypeKind::Boolean: return "BOOLEAN";
    case TypeKind::SmallInteger: return "SMALLINT";
    case TypeKind::Integer: return "INTEGER";
    case TypeKind::BigInteger: return "BIGINT";
    case TypeKind::Float: return "FLOAT";
    case TypeKind::Double: return "DOUBLE";
    case TypeKind::Decimal:
      return type.precision > 0 ? fmt::format("DECIMAL({}, {})", type.precision, type.scale)
                                : "DECIMAL";
    case TypeKind::String:
      if (type.length > 0) return fmt::format("VARCHAR({})", type.length);
      throw Error(ErrorCode::UnsupportedChange,
                  "MySQL and MariaDB have no VARCHAR without a length",
                  "Give it a length, such as string(255), or make it text.");
    case TypeKind::Char: return fmt::format("CHAR({})", std::max(type.length, 1));
    case TypeKind::Text:
      return is_mysql_short_text(type) ? fmt::format("VARCHAR({})", type.length)
                                       : std::string(text_word(type.length));
    case TypeKind::Binary:
      return type.length > 0 ? fmt::format("VARBINARY({})", type.length) : "LONGBLOB";
    case TypeKind::Date: return "DATE";
    case TypeKind::Time: return "TIME" + precision;
    case TypeKind::DateTime: return "DATETIME" + precision;
    case TypeKind::Json: return "JSON";
    case TypeKind::Uuid: return "CHAR(36)";
    case TypeKind::Enum: return fmt::format("VARCHAR({})", std::max(type.length, 1));
    case TypeKind::Native: return type.native;
  }
  return {};
}

std::string MysqlDialect::type_text(const Type& type) const { return mysql_type_text(type); }

schema::Schema MysqlDialect::normalize(const schema::Schema& schema) const {
  schema::Schema normal = schema;
  for (Table& table : normal.tables) {
    table.is_strict = table.is_without_rowid = false;
    flavor_.recognize_equivalents(table);
    for (schema::Column& column : table.columns) {
      normalize_column(column, flavor_);
      column.on_update_trigger.clear();
    }
    forbid_null_in_primary_key(table);
    normalize_expressions(table, mysql_style());
    normalize_constraints(table, flavor_.engine_check_label);
    for (Index& index : table.indexes) index.method = mysql_index_method(index);
    sort_out_uniques(table);
    hide_indexes_of_foreign_keys(table);
  }
  complete_references(normal);
  normalize_enums(normal);
  normalize_mysql_views(normal, flavor_.capabilities.name);
  normalize_mysql_triggers(normal, flavor_.capabilities.name);
  sort_objects(normal);
  return normal;
}

bool MysqlDialect::serves_as(const Type& live, const Type& wanted) const {
  const auto is_native = [&](std::string_view name) {
    return live.kind == TypeKind::Native && live.native.starts_with(name);
  };
  if (live == wanted) return true;
  switch (wanted.kind) {
    case TypeKind::Text: return is_native("mediumtext") || is_native("longtext");
    case TypeKind::Json: return is_native("longtext");
    case TypeKind::Boolean: return is_native("tinyint");
    case TypeKind::Char: return wanted.length == 36 && is_native("uuid");
    case TypeKind::SmallInteger:
    case TypeKind::Integer:
    case TypeKind::BigInteger:
    case TypeKind::Float:
    case TypeKind::Double:
    case TypeKind::Decimal:
    case TypeKind::String:
    case TypeKind::Binary:
    case TypeKind::Date:
    case TypeKind::Time:
    case TypeKind::DateTime:
    case TypeKind::Uuid:
    case TypeKind::Enum: break;
    case TypeKind::Native: return wanted.native == "mediumtext" && is_native("longtext");
  }
  return false;
}

}  // namespace parley::dialect
