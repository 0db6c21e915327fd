#include "migrate/portable_value.h"

#include <algorithm>

#include "base/clock.h"
#include "base/json.h"
#include "base/text.h"
#include "schema/convert.h"

namespace parley::migrate {
namespace {

using schema::TypeKind;

template <class T>
Value as(Value&& value, const schema::ColumnPath& path) {
  T read{};
  schema::from_value(std::move(value), read, path);
  return schema::to_value(read);
}

/// Keys in order, at every depth.
Json sorted(const Json& value) {
  if (const auto* array = value.if_array()) {
    json::array items;
    for (const Json& item : *array) items.push_back(sorted(item));
    return items;
  }
  const auto* object = value.if_object();
  if (object == nullptr) return value;
  std::vector<std::string> keys;
  for (const auto& field : *object) keys.emplace_back(field.key());
  std::ranges::sort(keys);
  JsonObject fields;
  for (const std::string& key : keys) fields[key] = sorted(object->at(key));
  return fields;
}

/// `1.50` and `1.5` are one number.
std::string without_trailing_zeros(std::string digits) {
  if (digits.find('.') == std::string::npos) return digits;
  digits.erase(digits.find_last_not_of('0') + 1);
  if (digits.ends_with('.')) digits.pop_back();
  return digits;
}

Value cut_to(Value value, int digits, const schema::ColumnPath& path) {
  Timestamp time{};
  schema::from_value(std::move(value), time, path);
  std::int64_t unit = 1;
  for (int digit = digits; digit < 6; ++digit) unit *= 10;
  const std::int64_t micros = time.time_since_epoch().count();
  const std::int64_t above = ((micros % unit) + unit) % unit;
  return schema::to_value(time - std::chrono::microseconds(above));
}

}  // namespace

Value portable(Value value, const schema::Type& type, const std::string& table,
               const std::string& column) {
  if (is_null(value)) return value;
  const schema::ColumnPath path{table, column};
  switch (type.kind) {
    case TypeKind::Boolean: return as<bool>(std::move(value), path);
    case TypeKind::SmallInteger:
    case TypeKind::Integer:
    case TypeKind::BigInteger: return as<std::int64_t>(std::move(value), path);
    case TypeKind::Float:
    case TypeKind::Double: return as<double>(std::move(value), path);
    case TypeKind::DateTime: return as<Timestamp>(std::move(value), path);
    case TypeKind::Json: return as<Json>(std::move(value), path);
    case TypeKind::Binary: return as<Blob>(std::move(value), path);
    case TypeKind::Decimal:
    case TypeKind::String:
    case TypeKind::Char:
    case TypeKind::Text:
    case TypeKind::Date:
    case TypeKind::Time:
    case TypeKind::Uuid:
    case TypeKind::Enum: return as<std::string>(std::move(value), path);
    case TypeKind::Native: return value;
  }
  return value;
}

Value comparable(Value value, const schema::Type& type, int digits, const std::string& table,
                 const std::string& column) {
  const schema::ColumnPath path{table, column};
  Value common = portable(std::move(value), type, table, column);
  if (is_null(common)) return common;
  if (type.kind == TypeKind::DateTime) return cut_to(std::move(common), digits, path);
  auto* text = std::get_if<std::string>(&common);
  if (text == nullptr) return common;
  if (type.kind == TypeKind::Json) return to_text(sorted(parse_json(*text)));
  if (type.kind == TypeKind::Decimal) return without_trailing_zeros(*text);
  if (type.kind == TypeKind::Uuid) return lower(*text);
  if (type.kind == TypeKind::Char) text->erase(text->find_last_not_of(' ') + 1);
  return common;
}

}  // namespace parley::migrate
