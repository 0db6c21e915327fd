#pragma once

// Binds a struct to a table, once. From the one declaration come the `schema::Table` value that
// migrations and verification compare, the column names and values of every query
// (`store/query.h`), and the fields of the JSON. A module writes, in its `tables.h`:
//
//   struct SessionRow { std::string id; std::optional<std::string> user_name; … };
//
//   template <>
//   inline constexpr auto parley::schema::declaration<SessionRow> =
//   parley::schema::table<SessionRow>(
//       "live_agent_sessions",
//       columns(column<&SessionRow::id>("id", word::string(36)).primary_key(),
//               nullable<&SessionRow::user_name>("user_name", word::string(255))),
//       index<&SessionRow::user_name>("idx_user_name"));
//
// What the compiler refuses: a nullable column on a member that is not `std::optional`, a column
// that is not nullable on one that is, a member whose C++ type cannot hold the column's type, a
// default or foreign key of another type, two columns with one name, an index or a query on a
// member that the declaration does not bind (tests/compile_fail). Everything here is constexpr or
// pure; any thread.

#include <array>
#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "base/check.h"
#include "base/clock.h"
#include "base/json.h"
#include "base/value.h"
#include "schema/convert.h"
#include "schema/schema.h"

namespace parley::schema {

// ---- Type words: the constexpr form of `Type`, with the kind known to the compiler. ----

template <TypeKind Kind>
struct TypeWord {
  static constexpr TypeKind kind = Kind;
  int length = 0;
  bool with_time_zone = false;
  int precision = -1;
  std::string_view native{};
};

namespace word {
constexpr TypeWord<TypeKind::Boolean> boolean() { return {}; }
constexpr TypeWord<TypeKind::Integer> integer() { return {}; }
constexpr TypeWord<TypeKind::BigInteger> big_integer() { return {}; }
constexpr TypeWord<TypeKind::Double> double_number() { return {}; }
constexpr TypeWord<TypeKind::String> string(int length) { return {length, false}; }
/// `length` is the most characters there will be: MySQL and MariaDB choose the type by it, and take
/// up to 255 into keys.
constexpr TypeWord<TypeKind::Text> text(int length = 0) { return {length}; }
constexpr TypeWord<TypeKind::DateTime> datetime() { return {}; }
constexpr TypeWord<TypeKind::DateTime> datetime_with_time_zone() { return {0, true}; }
/// A moment, to the microsecond on every engine.
constexpr TypeWord<TypeKind::DateTime> instant() { return {0, true, 6}; }
constexpr TypeWord<TypeKind::Json> json() { return {}; }
constexpr TypeWord<TypeKind::Uuid> uuid() { return {}; }
/// One of the values of the enum of that name; where the engine has no enums, a text of `length`
/// characters and a check.
constexpr TypeWord<TypeKind::Enum> enumeration(std::string_view name, int length) {
  return {length, false, -1, name};
}
}  // namespace word

// ---- Which C++ type holds which kind. ----

template <class T>
struct OptionalOf {
  static constexpr bool is_optional = false;
  using type = T;
};
template <class T>
struct OptionalOf<std::optional<T>> {
  static constexpr bool is_optional = true;
  using type = T;
};

template <TypeKind Kind, class T>
constexpr bool can_hold() {
  switch (Kind) {
    case TypeKind::Boolean: return std::same_as<T, bool>;
    case TypeKind::SmallInteger:
    case TypeKind::Integer:
    case TypeKind::BigInteger: return std::same_as<T, std::int64_t>;
    case TypeKind::Float:
    case TypeKind::Double: return std::same_as<T, double>;
    case TypeKind::DateTime: return std::same_as<T, Timestamp>;
    case TypeKind::Json: return std::same_as<T, Json>;
    case TypeKind::Binary: return std::same_as<T, Blob>;
    case TypeKind::Decimal:
    case TypeKind::String:
    case TypeKind::Char:
    case TypeKind::Text:
    case TypeKind::Date:
    case TypeKind::Time:
    case TypeKind::Uuid:
    case TypeKind::Enum:
    case TypeKind::Native: return std::same_as<T, std::string>;
  }
  return false;
}

template <auto Member>
struct MemberOf;
template <class Row_, class Field_, Field_ Row_::* Member>
struct MemberOf<Member> {
  using Row = Row_;
  using Field = Field_;
};

template <auto A, auto B>
constexpr bool same_member() {
  if constexpr (std::same_as<decltype(A), decltype(B)>) {
    return A == B;
  } else {
    return false;
  }
}

// ---- Columns. ----

/// A number as it is written, `0.0`.
struct NumberWord {
  std::string_view digits;
};
/// A JSON text, `{}`.
struct JsonWord {
  std::string_view text;
};
using DefaultWord = std::variant<std::monostate, bool, std::int64_t, NumberWord, std::string_view,
                                 JsonWord, CurrentTimestamp>;

struct CurrentTimestampWord {};
inline constexpr CurrentTimestampWord now{};

template <auto Member, TypeKind Kind, bool Nullable>
struct ColumnDeclaration {
  static constexpr auto member = Member;
  static constexpr TypeKind kind = Kind;
  static constexpr bool is_nullable = Nullable;
  using Field = typename MemberOf<Member>::Field;

  std::string_view name;
  TypeWord<Kind> type;
  DefaultWord default_word{};
  std::string_view wire_name{};
  bool is_on_wire = true;
  bool is_primary_key = false;
  bool is_unique = false;
  bool is_auto_increment = false;
  bool is_on_update_now = false;
  std::string_view on_update_trigger{};
  bool is_left_to_database = false;
  bool is_iso_text = false;

  constexpr auto primary_key() const {
    auto copy = *this;
    copy.is_primary_key = true;
    return copy;
  }
  constexpr auto auto_increment() const {
    auto copy = *this;
    copy.is_auto_increment = true;
    return copy;
  }
  constexpr auto unique() const {
    auto copy = *this;
    copy.is_unique = true;
    return copy;
  }
  /// `trigger` names the trigger that does it where the engine cannot, if not as usual.
  constexpr auto on_update_now(std::string_view trigger = {}) const {
    auto copy = *this;
    copy.is_on_update_now = true;
    copy.on_update_trigger = trigger;
    return copy;
  }
  /// No query names the column, and no JSON has it: the database fills it by its default, and a
  /// table that was adopted may lack it.
  constexpr auto left_to_database() const
    requires(Nullable)
  {
    auto copy = *this;
    copy.is_left_to_database = true;
    copy.is_on_wire = false;
    return copy;
  }
  /// Where times are kept as text, this one is `2025-01-31T09:30:00.000000+00:00`, and is read as
  /// `from_iso_text` does: other programs write the same column.
  constexpr auto iso_text() const
    requires(Kind == TypeKind::DateTime)
  {
    auto copy = *this;
    copy.is_iso_text = true;
    return copy;
  }
  /// The name of the JSON field, where it is not the column's.
  constexpr auto wire(std::string_view field) const {
    auto copy = *this;
    copy.wire_name = field;
    return copy;
  }
  /// The name of the JSON field.
  constexpr std::string_view json_name() const { return wire_name.empty() ? name : wire_name; }
  /// Never leaves the server (password hashes).
  constexpr auto off_wire() const {
    auto copy = *this;
    copy.is_on_wire = false;
    return copy;
  }

  /// The server default; it is also what a NULL leaves as in the JSON.
  // Exactly bool: a text would otherwise become one, and "false" be true.
  constexpr auto default_to(std::same_as<bool> auto value) const
    requires(Kind == TypeKind::Boolean)
  {
    return with_default(value);
  }
  constexpr auto default_to(int value) const
    requires(Kind == TypeKind::Integer || Kind == TypeKind::BigInteger)
  {
    return with_default(std::int64_t{value});
  }
  constexpr auto default_to(std::string_view value) const
    requires(Kind == TypeKind::String || Kind == TypeKind::Text || Kind == TypeKind::Enum)
  {
    return with_default(value);
  }
  constexpr auto default_to(std::string_view digits) const
    requires(Kind == TypeKind::Double)
  {
    return with_default(NumberWord{digits});
  }
  constexpr auto default_to(std::string_view json) const
    requires(Kind == TypeKind::Json)
  {
    return with_default(JsonWord{json});
  }
  constexpr auto default_to(CurrentTimestampWord) const
    requires(Kind == TypeKind::DateTime)
  {
    return with_default(CurrentTimestamp{});
  }

 private:
  constexpr auto with_default(DefaultWord value) const {
    auto copy = *this;
    copy.default_word = value;
    return copy;
  }
};

/// A NOT NULL column on a plain member.
template <auto Member, TypeKind Kind>
constexpr auto column(std::string_view name, TypeWord<Kind> type) {
  using Field = typename MemberOf<Member>::Field;
  static_assert(!OptionalOf<Field>::is_optional,
                "a std::optional member is bound with nullable<>, not with column<>");
  static_assert(can_hold<Kind, Field>(), "this member's C++ type cannot hold the column's type");
  return ColumnDeclaration<Member, Kind, false>{.name = name, .type = type};
}

/// A column that may be NULL, on a `std::optional` member.
template <auto Member, TypeKind Kind>
constexpr auto nullable(std::string_view name, TypeWord<Kind> type) {
  using Field = typename MemberOf<Member>::Field;
  static_assert(OptionalOf<Field>::is_optional,
                "a nullable column needs a std::optional member: a plain one cannot hold NULL");
  static_assert(can_hold<Kind, typename OptionalOf<Field>::type>(),
                "this member's C++ type cannot hold the column's type");
  return ColumnDeclaration<Member, Kind, true>{.name = name, .type = type};
}

template <class... Columns>
constexpr auto columns(Columns... declared) {
  return std::tuple<Columns...>{declared...};
}

// ---- Indexes and foreign keys. ----

/// True when one of `Columns` binds `Member`.
template <auto Member, class... Columns>
constexpr bool is_bound_by() {
  return (same_member<Columns::member, Member>() || ...);
}

template <auto... Members>
struct IndexDeclaration {
  std::string_view name;
  bool is_unique = false;
  std::array<bool, sizeof...(Members)> is_descending{};

  template <class... Columns>
  static constexpr bool is_on = (is_bound_by<Members, Columns...>() && ...);

  /// The index has the values of `Member`, one of its own, from the last to the first.
  template <auto Member>
  constexpr auto descending() const {
    static_assert((same_member<Member, Members>() || ...), "the index is not on this member");
    auto copy = *this;
    copy.is_descending = {(is_descending_at<Members>() || same_member<Member, Members>())...};
    return copy;
  }

 private:
  template <auto Member>
  constexpr bool is_descending_at() const {
    std::size_t position = 0;
    bool found = false;
    ((same_member<Member, Members>() ? void(found = is_descending[position]) : void(), ++position),
     ...);
    return found;
  }
};
template <auto... Members>
constexpr auto index(std::string_view name) {
  return IndexDeclaration<Members...>{.name = name};
}
template <auto... Members>
constexpr auto unique_index(std::string_view name) {
  return IndexDeclaration<Members...>{.name = name, .is_unique = true};
}

/// Columns whose values together occur once.
template <auto... Members>
struct UniqueDeclaration {
  std::string_view name;

  template <class... Columns>
  static constexpr bool is_on = (is_bound_by<Members, Columns...>() && ...);
};
template <auto... Members>
constexpr auto unique_key(std::string_view name) {
  return UniqueDeclaration<Members...>{.name = name};
}

template <auto Member, auto Referenced>
struct ForeignKeyDeclaration {
  ReferenceAction delete_action = ReferenceAction::NoAction;

  template <class... Columns>
  static constexpr bool is_on = is_bound_by<Member, Columns...>();

  constexpr auto on_delete(ReferenceAction action) const {
    auto copy = *this;
    copy.delete_action = action;
    return copy;
  }
};
/// `Referenced` is a member of another declared struct, whose declaration must come before.
template <auto Member, auto Referenced>
constexpr auto foreign_key() {
  static_assert(std::same_as<typename OptionalOf<typename MemberOf<Member>::Field>::type,
                             typename OptionalOf<typename MemberOf<Referenced>::Field>::type>,
                "a foreign key and what it refers to have the same C++ type");
  return ForeignKeyDeclaration<Member, Referenced>{};
}

// ---- Tables. ----

template <class Row_, class ColumnTuple, class ConstraintTuple>
struct TableDeclaration {
  using Row = Row_;
  std::string_view name;
  ColumnTuple columns;
  ConstraintTuple constraints;
};

namespace detail {

/// No function of the compiler's time: a declaration that comes here stops compiling, and its name
/// says why.
void two_columns_of_a_table_have_one_name();

template <std::size_t Count>
constexpr void require_distinct(std::array<std::string_view, Count> names) {
  for (std::size_t i = 0; i < Count; ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (names[i] == names[j]) two_columns_of_a_table_have_one_name();
    }
  }
}

}  // namespace detail

/// No two columns may share a name, in the table or in the JSON.
template <class Row, class... Columns, class... Constraints>
consteval auto table(std::string_view name, std::tuple<Columns...> declared,
                     Constraints... constraints) {
  static_assert((std::same_as<typename MemberOf<Columns::member>::Row, Row> && ...),
                "every column of a table binds a member of the table's own struct");
  static_assert(
      (Constraints::template is_on<Columns...> && ...),
      "an index or foreign key is on a member that the table's declaration does not bind");
  std::apply(
      [](const auto&... each) {
        detail::require_distinct(std::array<std::string_view, sizeof...(each)>{each.name...});
        detail::require_distinct(
            std::array<std::string_view, sizeof...(each)>{each.json_name()...});
      },
      declared);
  return TableDeclaration<Row, std::tuple<Columns...>, std::tuple<Constraints...>>{
      name, declared, {constraints...}};
}

/// Specialised by each module for each of its structs.
template <class Row>
inline constexpr auto declaration = nullptr;

template <class Row>
concept Declared = requires { declaration<Row>.columns; };

/// Calls `function` with each column declaration of `Row`, in order.
template <Declared Row, class Function>
constexpr void for_each_column(Function&& function) {
  std::apply([&](const auto&... each) { (function(each), ...); }, declaration<Row>.columns);
}

template <Declared Row>
inline constexpr std::size_t column_count = std::tuple_size_v<decltype(declaration<Row>.columns)>;

/// How many columns queries name.
template <Declared Row>
inline constexpr std::size_t queried_column_count =
    std::apply([](const auto&... each) { return (std::size_t{!each.is_left_to_database} + ...); },
               declaration<Row>.columns);

/// Calls `function` with the declaration of each column that queries name, in order.
template <Declared Row, class Function>
constexpr void for_each_queried_column(Function&& function) {
  for_each_column<Row>([&](const auto& declared) {
    if (!declared.is_left_to_database) function(declared);
  });
}

/// The declaration of the column bound to `Member`. Does not compile when no column is.
template <auto Member>
constexpr const auto& column_of() {
  using Row = typename MemberOf<Member>::Row;
  static_assert(Declared<Row>, "this struct has no declaration");
  constexpr std::size_t position = []<std::size_t... I>(std::index_sequence<I...>) {
    using Columns = std::remove_cvref_t<decltype(declaration<Row>.columns)>;
    std::size_t found = sizeof...(I);
    ((same_member<std::tuple_element_t<I, Columns>::member, Member>() ? void(found = I) : void()),
     ...);
    return found;
  }(std::make_index_sequence<column_count<Row>>());
  static_assert(position < column_count<Row>,
                "this member is bound to no column of its table's declaration");
  return std::get<position>(declaration<Row>.columns);
}

template <auto Member>
constexpr std::string_view column_name() {
  return column_of<Member>().name;
}

template <Declared Row>
constexpr std::string_view table_name() {
  return declaration<Row>.name;
}

// ---- From the declaration: the Table value. ----

template <auto... Members>
Index to_index(const IndexDeclaration<Members...>& declared) {
  Index index{.name = std::string(declared.name),
              .parts = {IndexPart{.column = std::string(column_name<Members>())}...},
              .unique = declared.is_unique};
  for (std::size_t i = 0; i < index.parts.size(); ++i) {
    index.parts[i].descending = declared.is_descending[i];
  }
  return index;
}

namespace detail {

std::optional<Default> to_default(const DefaultWord& word);

template <auto... Members>
void add_to(Table& table, const IndexDeclaration<Members...>& declared) {
  table.indexes.push_back(to_index(declared));
}

template <auto... Members>
void add_to(Table& table, const UniqueDeclaration<Members...>& declared) {
  table.uniques.push_back(Unique{.name = std::string(declared.name),
                                 .columns = {std::string(column_name<Members>())...}});
}

template <auto Member, auto Referenced>
void add_to(Table& table, const ForeignKeyDeclaration<Member, Referenced>& declared) {
  table.foreign_keys.push_back(
      ForeignKey{.columns = {std::string(column_name<Member>())},
                 .referenced_table = std::string(table_name<typename MemberOf<Referenced>::Row>()),
                 .referenced_columns = {std::string(column_name<Referenced>())},
                 .on_delete = declared.delete_action});
}

}  // namespace detail

/// The table that the declaration of `Row` describes.
template <Declared Row>
Table to_table() {
  Table table;
  table.name = std::string(table_name<Row>());
  for_each_column<Row>([&](const auto& declared) {
    const std::string name(declared.name);
    table.columns.push_back(Column{.name = name,
                                   .type = Type{.kind = declared.kind,
                                                .length = declared.type.length,
                                                .precision = declared.type.precision,
                                                .with_time_zone = declared.type.with_time_zone,
                                                .native = std::string(declared.type.native)},
                                   .nullable = declared.is_nullable,
                                   .default_value = detail::to_default(declared.default_word),
                                   .auto_increment = declared.is_auto_increment,
                                   .on_update_now = declared.is_on_update_now,
                                   .on_update_trigger = std::string(declared.on_update_trigger)});
    if (declared.is_primary_key) {
      if (!table.primary_key) table.primary_key.emplace();
      table.primary_key->columns.push_back(name);
    }
    if (declared.is_unique) table.uniques.push_back(Unique{.columns = {name}});
  });
  std::apply([&](const auto&... each) { (detail::add_to(table, each), ...); },
             declaration<Row>.constraints);
  return table;
}

// ---- From the declaration: values of a row, and a row of values. ----

/// The values of all columns of `row` that queries name, in the declaration's order.
template <Declared Row>
std::vector<Value> values_of(const Row& row) {
  std::vector<Value> values;
  values.reserve(queried_column_count<Row>);
  for_each_queried_column<Row>(
      [&](const auto& declared) { values.push_back(to_value(row.*(declared.member))); });
  return values;
}

/// The row that `read(position)` describes, one call per column that queries name, in the
/// declaration's order.
template <Declared Row, class Read>
Row row_from(Read&& read) {
  Row row;
  int position = 0;
  for_each_queried_column<Row>([&](const auto& declared) {
    const ColumnPath column{table_name<Row>(), declared.name};
    auto& member = row.*(declared.member);
    // Of the type, not of `declared`: a reference parameter is no constant expression in g++ 12.
    if constexpr (std::remove_cvref_t<decltype(declared)>::kind == TypeKind::DateTime) {
      if (declared.is_iso_text) return from_iso_text(read(position++), member, column);
    }
    from_value(read(position++), member, column);
  });
  return row;
}

/// The columns' names in the declaration's order.
template <Declared Row>
std::vector<std::string> column_names() {
  std::vector<std::string> names;
  for_each_column<Row>([&](const auto& declared) { names.emplace_back(declared.name); });
  return names;
}

// ---- From the declaration: JSON. ----

namespace detail {
/// What a NULL leaves as: the literal default of the column, or null.
Json null_as(const DefaultWord& word);
}  // namespace detail

/// The JSON object of a row: one field per column that is on the wire, under its wire name, in
/// order.
template <Declared Row>
JsonObject to_json_object(const Row& row) {
  JsonObject object;
  for_each_column<Row>([&](const auto& declared) {
    if (!declared.is_on_wire) return;
    const std::string_view name = declared.json_name();
    const auto& field = row.*(declared.member);
    // Of the type, not of `declared`: a reference parameter is no constant expression in g++ 12.
    if constexpr (std::remove_cvref_t<decltype(declared)>::is_nullable) {
      object[name] = field ? to_json(*field) : detail::null_as(declared.default_word);
    } else {
      object[name] = to_json(field);
    }
  });
  return object;
}

}  // namespace parley::schema
