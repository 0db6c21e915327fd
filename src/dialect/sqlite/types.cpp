#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "dialect/sqlite/sqlite_dialect.h"
#include "dialect/type_words.h"

namespace parley::dialect {
namespace {

using schema::Type;
using schema::TypeKind;

enum class Affinity { Integer, Text, Blob, Real, Numeric };

/// SQLite documentation, "Datatypes In SQLite", section 3.1, in the order of its rules.
Affinity affinity_of(std::string_view type) {
  const std::string text = upper(type);
  const auto has = [&](std::string_view word) { return text.find(word) != std::string::npos; };
  if (has("INT")) return Affinity::Integer;
  if (has("CHAR") || has("CLOB") || has("TEXT")) return Affinity::Text;
  if (has("BLOB") || text.empty()) return Affinity::Blob;
  if (has("REAL") || has("FLOA") || has("DOUB")) return Affinity::Real;
  return Affinity::Numeric;
}

bool is_kept_as_text(TypeKind kind) {
  return kind == TypeKind::Json || kind == TypeKind::Date || kind == TypeKind::Time ||
         kind == TypeKind::DateTime;
}

}  // namespace

Type sqlite_type(std::string_view text) {
  const TypeWords words = read_type_words(text, sqlite_style());
  const std::string& name = words.name;
  Type type;
  if (words.has_other_arguments) return native_type(text, sqlite_style());
  if (name == "boolean" || name == "bool") return schema::boolean();
  if (name == "smallint") return schema::small_integer();
  if (name == "integer") return schema::integer();
  if (name == "bigint") return schema::big_integer();
  if (name == "float") return schema::float_number();
  if (name == "double" || name == "double precision" || name == "real")
    return schema::double_number();
  if (name == "decimal" || name == "numeric") {
    return tidy_type(schema::decimal(words.argument(0, -1), words.argument(1, 0)));
  }
  if (name == "varchar" || name == "character varying") return schema::string(words.argument(0, 0));
  if (name == "char" || name == "character") return schema::character(words.argument(0, 1));
  if (name == "text") return schema::text();
  if (name == "blob") return schema::binary(words.argument(0, 0));
  if (name == "date") return schema::date();
  if (name == "json") return schema::json();
  if (name == "time" || name == "datetime" || name == "timestamp") {
    type.kind = name == "time" ? TypeKind::Time : TypeKind::DateTime;
    type.with_time_zone = name == "timestamp";
    return type;
  }
  return native_type(text, sqlite_style());
}

std::string SqliteDialect::type_text(const Type& type) const {
  const auto with = [](std::string_view word, int argument) {
    return argument > 0 ? fmt::format("{}({})", word, argument) : std::string(word);
  };
  const std::string& spelling = type.spelling.text;
  if (!spelling.empty() && sqlite_type(spelling) == type) return spelling;
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
    case TypeKind::String: return with("VARCHAR", type.length);
    case TypeKind::Char: return with("CHAR", std::max(type.length, 1));
    case TypeKind::Text: return "TEXT";
    case TypeKind::Binary: return with("BLOB", type.length);
    case TypeKind::Date: return "DATE";
    case TypeKind::Time: return "TIME";
    case TypeKind::DateTime: return type.with_time_zone ? "TIMESTAMP" : "DATETIME";
    case TypeKind::Json: return "JSON";
    case TypeKind::Uuid: return "CHAR(36)";
    case TypeKind::Enum:
    case TypeKind::Native: return type.native;
  }
  return {};
}

Type sqlite_strict_type(const Type& type) {
  switch (type.kind) {
    case TypeKind::Boolean:
    case TypeKind::SmallInteger:
    case TypeKind::Integer:
    case TypeKind::BigInteger: return schema::integer();
    case TypeKind::Float:
    case TypeKind::Double: return schema::double_number();
    case TypeKind::String:
    case TypeKind::Char:
    case TypeKind::Text:
    case TypeKind::Date:
    case TypeKind::Time:
    case TypeKind::DateTime:
    case TypeKind::Json:
    case TypeKind::Uuid: return schema::text();
    case TypeKind::Binary: return schema::binary();
    case TypeKind::Enum: return schema::enumeration(type.native);
    case TypeKind::Decimal:
    case TypeKind::Native: break;
  }
  return type;
}

std::string sqlite_strict_type_text(const Type& type) {
  static constexpr std::array<std::string_view, 6> kAllowed = {"INT",  "INTEGER", "REAL",
                                                               "TEXT", "BLOB",    "ANY"};
  const Type strict = sqlite_strict_type(type);
  if (strict.kind == TypeKind::Double) return "REAL";
  if (strict.kind == TypeKind::Enum) return "TEXT";
  std::string text = sqlite().type_text(strict);
  const bool is_allowed = std::ranges::find(kAllowed, upper(text)) != kAllowed.end();
  return is_allowed ? text : std::string();
}

bool SqliteDialect::serves_as(const Type& live, const Type& wanted) const {
  const Affinity found = affinity_of(type_text(live));
  const Affinity needed = affinity_of(type_text(wanted));
  const auto is_number = [](Affinity affinity) {
    return affinity == Affinity::Integer || affinity == Affinity::Numeric;
  };
  if (found == needed || (is_number(found) && is_number(needed))) return true;
  return found == Affinity::Text && is_kept_as_text(wanted.kind);
}

}  // namespace parley::dialect
