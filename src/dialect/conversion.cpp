#include "dialect/conversion.h"

#include <fmt/format.h>

namespace parley::dialect {
namespace {

using schema::TypeKind;

bool is_whole(const schema::Type& type) {
  return type.kind == TypeKind::SmallInteger || type.kind == TypeKind::Integer ||
         type.kind == TypeKind::BigInteger;
}

bool is_text(const schema::Type& type) {
  return type.kind == TypeKind::String || type.kind == TypeKind::Char ||
         type.kind == TypeKind::Text;
}

const char* pattern_of(bool whole) {
  return whole ? "^[[:space:]]*[-+]?[0-9]+[[:space:]]*$"
               : "^[[:space:]]*[-+]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][-+]?[0-9]+)?[[:space:]]*$";
}

std::string is_not_numeric(const std::string& name, bool whole, const Dialect& dialect) {
  const std::string& engine = dialect.capabilities().name;
  if (engine == "postgresql") return fmt::format("{} !~ '{}'", name, pattern_of(whole));
  if (engine != "sqlite") return fmt::format("{} NOT REGEXP '{}'", name, pattern_of(whole));
  // SQLite has no regular expressions: a text of digits and signs alone is a number when it counts.
  return fmt::format(
      "(typeof({0} + 0) NOT IN ('integer'{1}) OR trim({0}) GLOB '*[^-+.eE0-9]*' OR trim({0}) NOT "
      "GLOB '*[0-9]*')",
      name, whole ? "" : ", 'real'");
}

struct Range {
  const char* lowest;
  const char* highest;
};

Range range_of(TypeKind kind) {
  if (kind == TypeKind::SmallInteger) return {"-32768", "32767"};
  if (kind == TypeKind::Integer) return {"-2147483648", "2147483647"};
  return {"-9223372036854775808", "9223372036854775807"};
}

}  // namespace

std::string is_no_number(const schema::Column& column, const schema::Type& type,
                         const Dialect& dialect) {
  const std::string name = dialect.quote(column.name);
  if (is_text(column.type)) return is_not_numeric(name, is_whole(type), dialect);
  const bool is_narrower = is_whole(column.type) && is_whole(type);
  if (!is_narrower) return "";
  const Range range = range_of(type.kind);
  return fmt::format("{0} < {1} OR {0} > {2}", name, range.lowest, range.highest);
}

std::string enum_from_text(const std::string& text, const schema::Type& type,
                           const Dialect& dialect) {
  if (dialect.capabilities().name != "postgresql") return text;
  return fmt::format("CAST({} AS {})", text, dialect.type_text(type));
}

}  // namespace parley::dialect
