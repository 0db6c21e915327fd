#include "schema/schema.h"

#include <algorithm>
#include <utility>

namespace parley::schema {
namespace {

template <class List>
auto find_by_name(List& list, std::string_view name) -> decltype(list.data()) {
  const auto found =
      std::find_if(list.begin(), list.end(), [&](const auto& each) { return each.name == name; });
  return found == list.end() ? nullptr : &*found;
}

Type of_kind(TypeKind kind) {
  Type type;
  type.kind = kind;
  return type;
}

Type of_length(TypeKind kind, int length) {
  Type type = of_kind(kind);
  type.length = length;
  return type;
}

}  // namespace

const Column* Table::find_column(std::string_view column) const {
  return find_by_name(columns, column);
}
Column* Table::find_column(std::string_view column) { return find_by_name(columns, column); }
const Index* Table::find_index(std::string_view index) const {
  return find_by_name(indexes, index);
}
const Table* Schema::find_table(std::string_view table) const {
  return find_by_name(tables, table);
}
Table* Schema::find_table(std::string_view table) { return find_by_name(tables, table); }
const View* Schema::find_view(std::string_view view) const { return find_by_name(views, view); }
const Enum* Schema::find_enum(std::string_view enumeration) const {
  return find_by_name(enums, enumeration);
}
const Trigger* Schema::find_trigger(std::string_view table, std::string_view trigger) const {
  const auto found = std::find_if(triggers.begin(), triggers.end(), [&](const Trigger& each) {
    return each.table == table && each.name == trigger;
  });
  return found == triggers.end() ? nullptr : &*found;
}

Type boolean() { return of_kind(TypeKind::Boolean); }
Type small_integer() { return of_kind(TypeKind::SmallInteger); }
Type integer() { return of_kind(TypeKind::Integer); }
Type big_integer() { return of_kind(TypeKind::BigInteger); }
Type float_number() { return of_kind(TypeKind::Float); }
Type double_number() { return of_kind(TypeKind::Double); }
Type string(int length) { return of_length(TypeKind::String, length); }
Type character(int length) { return of_length(TypeKind::Char, length); }
Type text() { return of_kind(TypeKind::Text); }
Type binary(int length) { return of_length(TypeKind::Binary, length); }
Type date() { return of_kind(TypeKind::Date); }
Type time() { return of_kind(TypeKind::Time); }
Type datetime() { return of_kind(TypeKind::DateTime); }
Type json() { return of_kind(TypeKind::Json); }
Type uuid() { return of_kind(TypeKind::Uuid); }

Type decimal(int precision, int scale) {
  Type type = of_kind(TypeKind::Decimal);
  type.precision = precision;
  type.scale = scale;
  return type;
}

Type datetime_with_time_zone() {
  Type type = datetime();
  type.with_time_zone = true;
  return type;
}

Type enumeration(std::string name, int length) {
  Type type = of_length(TypeKind::Enum, length);
  type.native = std::move(name);
  return type;
}

Type native(std::string name) {
  Type type = of_kind(TypeKind::Native);
  type.native = std::move(name);
  return type;
}

}  // namespace parley::schema
