#pragma once

// Conditions on the rows of a declared table, and the pieces that statements are made of. Part of
// store/query.h, which is what callers include. Values; they know no engine until they run.

#include <concepts>
#include <initializer_list>
#include <memory>
#include <span>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/value.h"
#include "schema/declare.h"

namespace parley::store {

/// The struct that `Member` belongs to, the member's type, and that type without `std::optional`.
template <auto Member>
using RowOf = typename schema::MemberOf<Member>::Row;
template <auto Member>
using FieldOf = typename schema::MemberOf<Member>::Field;
template <auto Member>
using PlainOf = typename schema::OptionalOf<FieldOf<Member>>::type;

namespace detail {

/// A table or column, quoted when the dialect is known. The text is of static storage, as that of a
/// declaration is: its address stands for it.
struct Name {
  std::string_view text;
};
/// All columns of a table, with commas; of static storage as well.
struct ColumnNames {
  std::span<const std::string_view> names;
};
/// What locks the rows of a SELECT, where the engine has it.
struct LockRows {};
/// Behind a column: that it has one of these values, of which there are some. Shared, because
/// conditions are copied and these can be many.
struct OneOf {
  std::shared_ptr<const std::vector<Value>> values;
  schema::TypeKind kind;     ///< Of the column.
  bool is_iso_text = false;  ///< It is declared so.
};
/// A time of a column that is declared `iso_text`.
struct IsoTime {
  Value value;
};
/// A part of a statement: SQL as it stands, a name, or a value that becomes a parameter.
struct Piece {
  Piece(const char* sql) : part(std::string_view(sql)) {}
  Piece(std::string_view sql) : part(sql) {}
  Piece(Name name) : part(name) {}
  Piece(ColumnNames columns) : part(columns) {}
  Piece(Value value) : part(std::move(value)) {}
  Piece(IsoTime time) : part(std::move(time)) {}
  Piece(LockRows lock) : part(lock) {}
  Piece(OneOf one_of) : part(std::move(one_of)) {}

  std::variant<std::string_view, Name, ColumnNames, LockRows, OneOf, Value, IsoTime> part;
};
using Pieces = std::vector<Piece>;
void append(Pieces& to, const Pieces& more);

template <auto Member>
constexpr Name name_of() {
  return Name{schema::column_name<Member>()};
}

/// The value as the column of `Member` has it.
template <auto Member, class T>
Piece piece_of(const T& value) {
  if constexpr (schema::column_of<Member>().is_iso_text) {
    return IsoTime{schema::to_value(value)};
  } else {
    return schema::to_value(value);
  }
}

/// JSON has no order, and PostgreSQL no `=` for it.
template <auto Member>
concept Comparable = schema::column_of<Member>().kind != schema::TypeKind::Json;
template <auto Member>
concept Nullable = schema::column_of<Member>().is_nullable;

}  // namespace detail

/// Which rows of the table of `Row`. The default one means all rows.
template <schema::Declared Row>
class Condition {
 public:
  Condition() = default;
  explicit Condition(detail::Pieces pieces) : pieces_(std::move(pieces)) {}
  const detail::Pieces& pieces() const { return pieces_; }  ///< Empty: all rows.

 private:
  detail::Pieces pieces_;
};

namespace detail {

Pieces compare(Name column, std::string_view sign, Piece value);
Pieces is_one_of(Name column, OneOf one_of);
Pieces combine(std::vector<Pieces> conditions, std::string_view separator,
               std::string_view when_empty);
Pieces negate(const Pieces& condition);

}  // namespace detail

// A comparison with a NULL is never true, as SQL has it: `not_equals` leaves out rows where the
// column is NULL.

template <auto Member>
  requires detail::Comparable<Member>
Condition<RowOf<Member>> equals(const PlainOf<Member>& value) {
  return Condition<RowOf<Member>>(
      detail::compare(detail::name_of<Member>(), " = ", detail::piece_of<Member>(value)));
}
template <auto Member>
  requires detail::Comparable<Member>
Condition<RowOf<Member>> not_equals(const PlainOf<Member>& value) {
  return Condition<RowOf<Member>>(
      detail::compare(detail::name_of<Member>(), " <> ", detail::piece_of<Member>(value)));
}
template <auto Member>
  requires detail::Comparable<Member>
Condition<RowOf<Member>> less(const PlainOf<Member>& value) {
  return Condition<RowOf<Member>>(
      detail::compare(detail::name_of<Member>(), " < ", detail::piece_of<Member>(value)));
}
template <auto Member>
  requires detail::Comparable<Member>
Condition<RowOf<Member>> less_or_equal(const PlainOf<Member>& value) {
  return Condition<RowOf<Member>>(
      detail::compare(detail::name_of<Member>(), " <= ", detail::piece_of<Member>(value)));
}
template <auto Member>
  requires detail::Comparable<Member>
Condition<RowOf<Member>> greater(const PlainOf<Member>& value) {
  return Condition<RowOf<Member>>(
      detail::compare(detail::name_of<Member>(), " > ", detail::piece_of<Member>(value)));
}
template <auto Member>
  requires detail::Comparable<Member>
Condition<RowOf<Member>> greater_or_equal(const PlainOf<Member>& value) {
  return Condition<RowOf<Member>>(
      detail::compare(detail::name_of<Member>(), " >= ", detail::piece_of<Member>(value)));
}

template <auto Member>
  requires detail::Nullable<Member>
Condition<RowOf<Member>> is_null() {
  return Condition<RowOf<Member>>({detail::name_of<Member>(), " IS NULL"});
}
template <auto Member>
  requires detail::Nullable<Member>
Condition<RowOf<Member>> is_not_null() {
  return Condition<RowOf<Member>>({detail::name_of<Member>(), " IS NOT NULL"});
}

/// The column has one of these values; no row at all when there are none.
template <auto Member>
  requires detail::Comparable<Member>
Condition<RowOf<Member>> one_of(std::span<const PlainOf<Member>> values) {
  std::vector<Value> parameters;
  parameters.reserve(values.size());
  for (const auto& value : values) parameters.push_back(schema::to_value(value));
  constexpr const auto& kColumn = schema::column_of<Member>();
  return Condition<RowOf<Member>>(detail::is_one_of(
      detail::name_of<Member>(), {std::make_shared<const std::vector<Value>>(std::move(parameters)),
                                  kColumn.kind, kColumn.is_iso_text}));
}
template <auto Member>
Condition<RowOf<Member>> one_of(std::initializer_list<PlainOf<Member>> values) {
  return one_of<Member>(std::span<const PlainOf<Member>>(values.begin(), values.size()));
}

/// All of the conditions hold; conditions that mean all rows take no part. The form with a vector
/// is for conditions that are collected one by one; an empty vector means all rows.
template <schema::Declared Row>
Condition<Row> all_of(const std::vector<Condition<Row>>& conditions) {
  std::vector<detail::Pieces> parts;
  for (const auto& each : conditions) {
    if (!each.pieces().empty()) parts.push_back(each.pieces());
  }
  return Condition<Row>(detail::combine(std::move(parts), " AND ", ""));
}
template <schema::Declared Row, std::same_as<Condition<Row>>... More>
Condition<Row> all_of(const Condition<Row>& first, const More&... more) {
  return all_of(std::vector<Condition<Row>>{first, more...});
}

/// At least one of the conditions holds; an empty vector means no row.
template <schema::Declared Row>
Condition<Row> any_of(const std::vector<Condition<Row>>& conditions) {
  std::vector<detail::Pieces> parts;
  for (const auto& each : conditions) {
    if (each.pieces().empty()) return {};
    parts.push_back(each.pieces());
  }
  return Condition<Row>(detail::combine(std::move(parts), " OR ", "1 = 0"));
}
template <schema::Declared Row, std::same_as<Condition<Row>>... More>
Condition<Row> any_of(const Condition<Row>& first, const More&... more) {
  return any_of(std::vector<Condition<Row>>{first, more...});
}

/// The condition does not hold; as in SQL, neither does its negation where a NULL was compared.
template <schema::Declared Row>
Condition<Row> negation(const Condition<Row>& condition) {
  return Condition<Row>(detail::negate(condition.pieces()));
}

}  // namespace parley::store
