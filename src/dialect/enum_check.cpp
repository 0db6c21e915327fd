#include "dialect/enum_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/error.h"
#include "base/text.h"
#include "dialect/sql_tokens.h"

namespace parley::dialect {
namespace {

using schema::Check;
using schema::Column;
using schema::Enum;
using schema::Schema;
using schema::Table;
using schema::TypeKind;

constexpr std::string_view kPrefix = "enum_";

const Enum& enum_of(const Column& column, const Schema& schema) {
  const Enum* found = schema.find_enum(column.type.native);
  if (found == nullptr) {
    throw Error(ErrorCode::InvalidRevisionFile,
                fmt::format("column '{}' is of enum '{}', which does not exist", column.name,
                            column.type.native),
                "Create the enum in an earlier change.");
  }
  return *found;
}

int longest(const Enum& enumeration) {
  std::size_t length = 1;
  for (const std::string& value : enumeration.values) {
    length = std::max(length, code_points(value));
  }
  return static_cast<int>(length);
}

std::string suffix_of(std::string_view table, std::string_view column) {
  return fmt::format("__{}_{}", table, column);
}

/// The enum that the check's name tells, if it is one of ours on that column.
std::optional<Enum> enum_in(const Check& check, const Table& table, const Column& column,
                            const SqlStyle& style) {
  const std::string suffix = suffix_of(table.name, column.name);
  const bool is_ours = check.name.size() > kPrefix.size() + suffix.size() &&
                       check.name.starts_with(kPrefix) && check.name.ends_with(suffix);
  if (!is_ours) return std::nullopt;
  Enum found{
      .name = check.name.substr(kPrefix.size(), check.name.size() - kPrefix.size() - suffix.size()),
      .values = {}};
  for (const SqlToken& token : tokenize(check.expression, style)) {
    if (token.kind == SqlToken::Kind::String) found.values.push_back(token.text);
  }
  if (found.values.empty()) return std::nullopt;
  return found;
}

void recognize_on(Schema& schema, Table& table, Column& column, const SqlStyle& style) {
  for (const Check& check : table.checks) {
    const auto found = enum_in(check, table, column, style);
    if (!found) continue;
    const Enum* known = schema.find_enum(found->name);
    if (known != nullptr && *known != *found) return;
    if (known == nullptr) schema.enums.push_back(*found);
    column.type = schema::enumeration(found->name, column.type.length);
    std::erase(table.checks, Check(check));
    return;
  }
}

}  // namespace

std::string enum_check_name(std::string_view enumeration, std::string_view table,
                            std::string_view column) {
  return fmt::format("{}{}{}", kPrefix, enumeration, suffix_of(table, column));
}

schema::Type enum_text_type(const Column& column, const Schema& schema) {
  return schema::string(std::max(column.type.length, longest(enum_of(column, schema))));
}

Check enum_check(const Column& column, const std::string& table, const Schema& schema,
                 const SqlStyle& style) {
  const Enum& enumeration = enum_of(column, schema);
  std::vector<std::string> values;
  for (const std::string& value : enumeration.values) values.push_back(quote_string(value, style));
  return {
      .name = enum_check_name(enumeration.name, table, column.name),
      .expression = fmt::format("{} IN ({})", quote_name(column.name, style), join(values, ", "))};
}

Table with_enum_checks(Table table, const Schema& schema, const SqlStyle& style) {
  for (Column& column : table.columns) {
    if (column.type.kind != TypeKind::Enum) continue;
    table.checks.push_back(enum_check(column, table.name, schema, style));
    column.type = enum_text_type(column, schema);
  }
  return table;
}

void recognize_enums(Schema& schema, const SqlStyle& style) {
  for (Table& table : schema.tables) {
    for (Column& column : table.columns) recognize_on(schema, table, column, style);
  }
}

void normalize_enums(Schema& schema) {
  std::vector<std::string> used;
  for (Table& table : schema.tables) {
    for (Column& column : table.columns) {
      if (column.type.kind != TypeKind::Enum) continue;
      used.push_back(column.type.native);
      const Enum* found = schema.find_enum(column.type.native);
      if (found != nullptr) column.type.length = std::max(column.type.length, longest(*found));
    }
  }
  std::erase_if(schema.enums, [&](const Enum& each) {
    return std::find(used.begin(), used.end(), each.name) == used.end();
  });
}

}  // namespace parley::dialect
