#pragma once

// Queries made from declarations (schema/declare.h): a column is named by the struct's member, as a
// template argument, so that an undeclared column, a value of the wrong type or a condition on
// another table does not compile, and no list of columns exists twice. Values always travel as
// parameters.
//
//   const auto mine = all_of(equals<&Session::tenant>(tenant), is_null<&Session::closed_at>());
//   std::vector<Session> page = select<Session>()
//                                   .where(mine)
//                                   .order_by_nulls_last<&Session::last_message_at>()
//                                   .limit(20)
//                                   .all(connection);
//   const std::int64_t id = insert(connection, message);
//   update(connection, mine, set<&Session::status>("open"), increment<&Session::unread>());
//
// Conditions, assignments and selections are plain values that know no engine until they run on a
// connection; they may be kept and used again. The functions that run them throw what the driver
// throws (`Error`, classified) and belong to the connection's thread.

#include <array>
#include <concepts>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "base/value.h"
#include "database/connection.h"
#include "schema/declare.h"
#include "store/condition.h"

namespace parley::store {

enum class Order { Ascending, Descending };

// ---- What the templates leave to query.cpp. ----

namespace detail {

/// What statements need to know of a table, made by the compiler from its declaration.
struct TableNames {
  std::string_view table;
  std::span<const std::string_view> columns;
  std::span<const schema::TypeKind> kinds;  ///< Of the columns.
  std::optional<std::size_t> generated;     ///< Position of the auto-increment column.
  std::span<const bool> iso_text;           ///< Of each column, whether it is declared so.
};

template <schema::Declared Row>
constexpr std::array<std::string_view, schema::queried_column_count<Row>> column_names() {
  std::array<std::string_view, schema::queried_column_count<Row>> names;
  std::size_t position = 0;
  schema::for_each_queried_column<Row>(
      [&](const auto& declared) { names[position++] = declared.name; });
  return names;
}
template <schema::Declared Row>
constexpr std::array<schema::TypeKind, schema::queried_column_count<Row>> column_kinds() {
  std::array<schema::TypeKind, schema::queried_column_count<Row>> kinds{};
  std::size_t position = 0;
  schema::for_each_queried_column<Row>(
      [&](const auto& declared) { kinds[position++] = declared.kind; });
  return kinds;
}
template <schema::Declared Row>
constexpr std::optional<std::size_t> generated_position() {
  std::optional<std::size_t> found;
  std::size_t position = 0;
  schema::for_each_queried_column<Row>([&](const auto& declared) {
    if (declared.is_auto_increment) found = position;
    ++position;
  });
  return found;
}
template <schema::Declared Row>
constexpr std::array<bool, schema::queried_column_count<Row>> iso_text_columns() {
  std::array<bool, schema::queried_column_count<Row>> are_iso_text{};
  std::size_t position = 0;
  schema::for_each_queried_column<Row>(
      [&](const auto& declared) { are_iso_text[position++] = declared.is_iso_text; });
  return are_iso_text;
}
template <schema::Declared Row>
inline constexpr auto kColumnNames = column_names<Row>();
template <schema::Declared Row>
inline constexpr auto kColumnKinds = column_kinds<Row>();
template <schema::Declared Row>
inline constexpr auto kIsoTextColumns = iso_text_columns<Row>();
template <schema::Declared Row>
inline constexpr TableNames kNames{schema::table_name<Row>(), kColumnNames<Row>, kColumnKinds<Row>,
                                   generated_position<Row>(), kIsoTextColumns<Row>};

struct SelectText {
  TableNames from;
  Pieces condition;
  Pieces order;  ///< What stands after ORDER BY.
  std::optional<std::int64_t> limit;
  std::int64_t offset = 0;
  bool is_for_update = false;
};

/// The rows of a statement that ran; lets go of them when destroyed.
class Rows {
 public:
  Rows(database::Connection& connection, const Pieces& statement);
  ~Rows();
  Rows(const Rows&) = delete;
  Rows& operator=(const Rows&) = delete;
  bool next() { return statement_.next(); }
  Value value(int column) const { return statement_.value(column); }

 private:
  database::Statement& statement_;
};

Pieces select_pieces(const SelectText& select);
Pieces aggregate_pieces(std::string_view function, std::optional<Name> of,
                        std::optional<Name> group, const TableNames& from, const Pieces& condition);
std::int64_t count_rows(database::Connection& connection, const TableNames& from,
                        const Pieces& condition);
bool any_row(database::Connection& connection, const TableNames& from, const Pieces& condition);
std::int64_t insert_row(database::Connection& connection, const TableNames& into,
                        std::vector<Value> values);
void insert_rows(database::Connection& connection, const TableNames& into,
                 std::vector<Value> values);
std::vector<std::int64_t> insert_each_row(database::Connection& connection, const TableNames& into,
                                          std::vector<Value> values);
void update_each_row(database::Connection& connection, const TableNames& table, Name key,
                     std::span<const Name> changed, std::vector<Value> values);
std::int64_t update_rows(database::Connection& connection, const TableNames& table,
                         std::vector<Pieces> assignments, const Pieces& condition);
/// Runs `SET column = COALESCE(column, 0) + by` and returns what one of the rows has then.
std::optional<std::int64_t> advance_row(database::Connection& connection, const TableNames& table,
                                        Name column, std::int64_t by, const Pieces& condition);
std::int64_t erase_rows(database::Connection& connection, const TableNames& from,
                        const Pieces& condition);

template <class T>
T read(const Rows& rows, int column) {
  T out{};
  schema::from_value(rows.value(column), out);
  return out;
}

}  // namespace detail

// ---- Reading. ----

/// A SELECT of all declared columns, built by chained calls:
/// `select<Row>().where(…).order_by<&Row::a>()…`.
template <schema::Declared Row>
class Selection {
 public:
  /// Narrows; a second call narrows further.
  Selection where(const Condition<Row>& condition) && {
    text_.condition = all_of(Condition<Row>(std::move(text_.condition)), condition).pieces();
    return std::move(*this);
  }

  /// Orders by this column, after the columns of earlier calls. Where NULLs stand is up to the
  /// engine.
  template <auto Member>
    requires std::same_as<RowOf<Member>, Row> && detail::Comparable<Member>
  Selection order_by(Order order = Order::Ascending) && {
    return std::move(*this).template add_order<Member>(order);
  }

  /// The same, with the rows where the column is NULL last in either order.
  template <auto Member>
    requires std::same_as<RowOf<Member>, Row> && detail::Comparable<Member> &&
             detail::Nullable<Member>
  Selection order_by_nulls_last(Order order = Order::Ascending) && {
    add_comma();
    text_.order.insert(text_.order.end(), {detail::name_of<Member>(), " IS NULL"});
    return std::move(*this).template add_order<Member>(order);
  }

  /// At most this many rows, ≥ 0.
  Selection limit(std::int64_t rows_max) && {
    text_.limit = rows_max;
    return std::move(*this);
  }
  /// Leaves out this many rows at the start, ≥ 0.
  Selection offset(std::int64_t rows) && {
    text_.offset = rows;
    return std::move(*this);
  }

  /// Locks the rows until the end of the transaction, where more than one transaction can write.
  /// Order by the key, so that two who lock the same rows do not wait for each other.
  Selection for_update() && {
    text_.is_for_update = true;
    return std::move(*this);
  }

  /// The rows, in the order asked for.
  std::vector<Row> all(database::Connection& connection) const {
    std::vector<Row> found;
    detail::Rows rows(connection, detail::select_pieces(text_));
    while (rows.next())
      found.push_back(schema::row_from<Row>([&](int column) { return rows.value(column); }));
    return found;
  }

  /// The first row, or nothing when there is none.
  std::optional<Row> first(database::Connection& connection) const {
    detail::SelectText text = text_;
    text.limit = 1;
    detail::Rows rows(connection, detail::select_pieces(text));
    if (!rows.next()) return std::nullopt;
    return schema::row_from<Row>([&](int column) { return rows.value(column); });
  }

 private:
  template <schema::Declared Other>
  friend Selection<Other> select();
  Selection() = default;

  void add_comma() {
    if (!text_.order.empty()) text_.order.emplace_back(", ");
  }
  template <auto Member>
  Selection add_order(Order order) && {
    add_comma();
    text_.order.emplace_back(detail::name_of<Member>());
    if (order == Order::Descending) text_.order.emplace_back(" DESC");
    return std::move(*this);
  }

  detail::SelectText text_{.from = detail::kNames<Row>};
};

template <schema::Declared Row>
Selection<Row> select() {
  return {};
}

/// How many rows the condition holds for.
template <schema::Declared Row>
std::int64_t count(database::Connection& connection, const Condition<Row>& condition = {}) {
  return detail::count_rows(connection, detail::kNames<Row>, condition.pieces());
}

/// True when the condition holds for some row; does not count them.
template <schema::Declared Row>
bool exists(database::Connection& connection, const Condition<Row>& condition) {
  return detail::any_row(connection, detail::kNames<Row>, condition.pieces());
}

namespace detail {

template <auto Member>
std::optional<PlainOf<Member>> extreme(database::Connection& connection, std::string_view function,
                                       const Condition<RowOf<Member>>& condition) {
  Rows rows(connection, aggregate_pieces(function, name_of<Member>(), std::nullopt,
                                         kNames<RowOf<Member>>, condition.pieces()));
  rows.next();
  return read<std::optional<PlainOf<Member>>>(rows, 0);
}

}  // namespace detail

/// The greatest and the least value that is not NULL; nothing when there is none.
template <auto Member>
  requires detail::Comparable<Member>
std::optional<PlainOf<Member>> max(database::Connection& connection,
                                   const Condition<RowOf<Member>>& condition = {}) {
  return detail::extreme<Member>(connection, "MAX", condition);
}
template <auto Member>
  requires detail::Comparable<Member>
std::optional<PlainOf<Member>> min(database::Connection& connection,
                                   const Condition<RowOf<Member>>& condition = {}) {
  return detail::extreme<Member>(connection, "MIN", condition);
}

/// Each value of the column with the number of its rows, ordered by value.
template <auto Group>
  requires detail::Comparable<Group>
std::vector<std::pair<FieldOf<Group>, std::int64_t>> count_by(
    database::Connection& connection, const Condition<RowOf<Group>>& condition = {}) {
  std::vector<std::pair<FieldOf<Group>, std::int64_t>> groups;
  detail::Rows rows(connection,
                    detail::aggregate_pieces("COUNT", std::nullopt, detail::name_of<Group>(),
                                             detail::kNames<RowOf<Group>>, condition.pieces()));
  while (rows.next()) {
    groups.emplace_back(detail::read<FieldOf<Group>>(rows, 0), detail::read<std::int64_t>(rows, 1));
  }
  return groups;
}

/// Each value of `Group` with the greatest `Member` of its rows (its type as declared: nothing when
/// all are NULL), ordered by group: `max_by<&M::session_id, &M::id>` finds the last message of each
/// session.
template <auto Group, auto Member>
  requires std::same_as<RowOf<Group>, RowOf<Member>> && detail::Comparable<Group> &&
           detail::Comparable<Member>
std::vector<std::pair<FieldOf<Group>, FieldOf<Member>>> max_by(
    database::Connection& connection, const Condition<RowOf<Group>>& condition = {}) {
  std::vector<std::pair<FieldOf<Group>, FieldOf<Member>>> groups;
  detail::Rows rows(connection, detail::aggregate_pieces(
                                    "MAX", detail::name_of<Member>(), detail::name_of<Group>(),
                                    detail::kNames<RowOf<Group>>, condition.pieces()));
  while (rows.next()) {
    groups.emplace_back(detail::read<FieldOf<Group>>(rows, 0),
                        detail::read<FieldOf<Member>>(rows, 1));
  }
  return groups;
}

// ---- Writing. Requires: a transaction is open (`Store::write` has one). ----

/// Inserts `row` with all its columns except the auto-increment one, whose value in `row` is
/// ignored. Returns the generated id, or 0 when the table has no such column. A nullable member
/// without a value becomes NULL, not the column's default.
template <schema::Declared Row>
std::int64_t insert(database::Connection& connection, const Row& row) {
  return detail::insert_row(connection, detail::kNames<Row>, schema::values_of(row));
}

namespace detail {

/// The values of all columns of all rows, one row after the other.
template <schema::Declared Row>
std::vector<Value> values_of_all(std::span<const Row> rows) {
  std::vector<Value> values;
  values.reserve(rows.size() * schema::queried_column_count<Row>);
  for (const Row& row : rows) {
    for (Value& value : schema::values_of(row)) values.push_back(std::move(value));
  }
  return values;
}

}  // namespace detail

/// Inserts all rows, many with one statement; nothing happens when there are none.
template <schema::Declared Row>
void insert_many(database::Connection& connection, std::span<const Row> rows) {
  detail::insert_rows(connection, detail::kNames<Row>, detail::values_of_all(rows));
}
template <schema::Declared Row>
void insert_many(database::Connection& connection, const std::vector<Row>& rows) {
  insert_many(connection, std::span<const Row>(rows));
}

/// The same, with the generated ids in the order of the rows, which is also that of the ids.
/// Requires: the table has an auto-increment column.
template <schema::Declared Row>
std::vector<std::int64_t> insert_each(database::Connection& connection,
                                      const std::vector<Row>& rows) {
  static_assert(detail::generated_position<Row>().has_value());
  return detail::insert_each_row(connection, detail::kNames<Row>,
                                 detail::values_of_all(std::span(rows)));
}

/// Sets the columns `Members` of each row to what it has there, in few statements. Requires: the
/// rows are stored, have all their columns as they are stored but for `Members`, and were selected
/// `for_update` in this transaction; `Key` is the primary key; and what is thrown undoes the write.
template <auto Key, auto... Members>
  requires(std::same_as<RowOf<Key>, RowOf<Members>> && ...)
void update_each(database::Connection& connection, const std::vector<RowOf<Key>>& rows) {
  if (rows.empty()) return;
  static constexpr std::array changed{detail::name_of<Members>()...};
  detail::update_each_row(connection, detail::kNames<RowOf<Key>>, detail::name_of<Key>(), changed,
                          detail::values_of_all(std::span(rows)));
}

/// What an update makes of one column. A value; made by `set`, `set_if_null` and `increment`.
template <schema::Declared Row>
class Assignment {
 public:
  explicit Assignment(detail::Pieces pieces) : pieces_(std::move(pieces)) {}
  const detail::Pieces& pieces() const { return pieces_; }

 private:
  detail::Pieces pieces_;
};

/// Sets the column; `std::nullopt` sets a nullable one to NULL.
template <auto Member>
Assignment<RowOf<Member>> set(const FieldOf<Member>& value) {
  return Assignment<RowOf<Member>>(
      {detail::name_of<Member>(), " = ", detail::piece_of<Member>(value)});
}

/// Sets the column where it is NULL and leaves it where it is not.
template <auto Member>
  requires detail::Nullable<Member>
Assignment<RowOf<Member>> set_if_null(const PlainOf<Member>& value) {
  constexpr detail::Name name = detail::name_of<Member>();
  return Assignment<RowOf<Member>>(
      {name, " = COALESCE(", name, ", ", detail::piece_of<Member>(value), ")"});
}

/// Adds to the column, in which NULL counts as 0.
template <auto Member>
  requires std::same_as<PlainOf<Member>, std::int64_t>
Assignment<RowOf<Member>> increment(std::int64_t by = 1) {
  constexpr detail::Name name = detail::name_of<Member>();
  return Assignment<RowOf<Member>>({name, " = COALESCE(", name, ", 0) + ", schema::to_value(by)});
}

/// Changes the rows that the condition holds for; returns how many those were, whether or not they
/// had the new values already. Requires: at least one assignment. The form with a vector is for
/// assignments that are collected one by one.
template <schema::Declared Row>
std::int64_t update(database::Connection& connection, const Condition<Row>& condition,
                    const std::vector<Assignment<Row>>& assignments) {
  std::vector<detail::Pieces> parts;
  for (const auto& each : assignments) parts.push_back(each.pieces());
  return detail::update_rows(connection, detail::kNames<Row>, std::move(parts), condition.pieces());
}
template <schema::Declared Row, std::same_as<Assignment<Row>>... More>
std::int64_t update(database::Connection& connection, const Condition<Row>& condition,
                    const Assignment<Row>& first, const More&... more) {
  return update(connection, condition, std::vector<Assignment<Row>>{first, more...});
}

/// Adds to the column of the one row that the condition holds for and returns what it has now;
/// nothing when there is no such row. Requires: the condition names a row, and not `Member`.
template <auto Member>
  requires std::same_as<FieldOf<Member>, std::int64_t>
std::optional<std::int64_t> advance(database::Connection& connection,
                                    const Condition<RowOf<Member>>& condition, std::int64_t by) {
  return detail::advance_row(connection, detail::kNames<RowOf<Member>>, detail::name_of<Member>(),
                             by, condition.pieces());
}

/// Deletes the rows that the condition holds for; returns how many.
template <schema::Declared Row>
std::int64_t erase(database::Connection& connection, const Condition<Row>& condition) {
  return detail::erase_rows(connection, detail::kNames<Row>, condition.pieces());
}

}  // namespace parley::store
