#include "dialect/key_order.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/check.h"
#include "base/text.h"

namespace parley::dialect {

namespace {

bool compares_as_sorted(const schema::Column& column, const Dialect& dialect) {
  if (column.nullable) return false;
  const std::string& name = dialect.capabilities().name;
  if (name != "mysql" && name != "mariadb") return true;
  const std::string type = lower(dialect.type_text(column.type));
  return std::ranges::none_of(std::array{"enum(", "set(", "bit", "float"},
                              [&](std::string_view word) { return type.starts_with(word); });
}

}  // namespace

bool has_key_order(const schema::Table& table, const Dialect& dialect) {
  return table.primary_key &&
         std::ranges::all_of(table.primary_key->columns, [&](const std::string& name) {
           return compares_as_sorted(*table.find_column(name), dialect);
         });
}

KeyOrder::KeyOrder(database::Connection& connection, const schema::Table& table)
    : connection_(connection) {
  const Dialect& dialect = dialect_of(connection);
  PARLEY_CHECK(has_key_order(table, dialect));
  table_ = dialect.quote(table.name);
  names_ = table.primary_key->columns;
  for (const std::string& name : names_) quoted_.push_back(dialect.quote(name));
}

/// `(a > ? OR (a = ? AND b > ?))`: written out, because MySQL does not use an index for
/// `(a, b) > (?, ?)` (MySQL manual, "Range Optimization of Row Constructor Expressions").
std::string KeyOrder::bound_text(std::string_view sign, std::string_view last_sign) const {
  std::vector<std::string> choices;
  std::string equal;
  for (std::size_t i = 0; i < quoted_.size(); ++i) {
    const bool is_last = i + 1 == quoted_.size();
    choices.push_back(fmt::format("({}{} {} ?)", equal, quoted_[i], is_last ? last_sign : sign));
    equal += fmt::format("{} = ? AND ", quoted_[i]);
  }
  return "(" + join(choices, " OR ") + ")";
}

std::string KeyOrder::range_text(const Position& after, const Position& last) const {
  std::string text = "1 = 1";
  if (!after.empty()) text += " AND " + bound_text(">", ">");
  if (!last.empty()) text += " AND " + bound_text("<", "<=");
  return text;
}

std::vector<Value> KeyOrder::parameters(const Position& after, const Position& last) const {
  std::vector<Value> values;
  for (const Position* position : {&after, &last}) {
    for (std::size_t i = 0; i < position->size(); ++i) {
      values.insert(values.end(), position->begin(),
                    position->begin() + static_cast<std::ptrdiff_t>(i) + 1);
    }
  }
  return values;
}

std::string KeyOrder::order_text() const { return join(quoted_, ", "); }

std::optional<Position> KeyOrder::ahead(const Position& after, std::int64_t count) {
  auto values = parameters(after, {});
  values.emplace_back(count - 1);
  const auto rows =
      database::query(connection_,
                      fmt::format("SELECT {} FROM {} WHERE {} ORDER BY {} LIMIT 1 OFFSET ?",
                                  order_text(), table_, range_text(after, {}), order_text()),
                      values);
  if (rows.empty()) return std::nullopt;
  return rows.front();
}

std::int64_t KeyOrder::count(const Position& after, const Position& last) {
  const auto rows = database::query(
      connection_, fmt::format("SELECT COUNT(*) FROM {} WHERE {}", table_, range_text(after, last)),
      parameters(after, last));
  return database::integer_of(rows.front().front());
}

std::int64_t KeyOrder::update(std::string_view assignments, std::string_view condition,
                              const Position& after, const Position& last) {
  const std::string also = condition.empty() ? "" : fmt::format(" AND ({})", condition);
  database::Statement& statement = connection_.prepare(fmt::format(
      "UPDATE {} SET {} WHERE {}{}", table_, assignments, range_text(after, last), also));
  statement.execute(parameters(after, last));
  return statement.affected_rows();
}

database::Statement& KeyOrder::read(const std::vector<std::string>& columns, const Position& after,
                                    std::int64_t count) {
  const Dialect& dialect = dialect_of(connection_);
  std::vector<std::string> quoted;
  for (const std::string& column : columns) quoted.push_back(dialect.quote(column));
  database::Statement& statement = connection_.prepare(
      fmt::format("SELECT {} FROM {} WHERE {} ORDER BY {} LIMIT ?", join(quoted, ", "), table_,
                  range_text(after, {}), order_text()));
  auto values = parameters(after, {});
  values.emplace_back(count);
  statement.execute(values);
  return statement;
}

std::vector<std::size_t> KeyOrder::key_places(const std::vector<std::string>& columns) const {
  std::vector<std::size_t> places;
  for (const std::string& name : names_) {
    const auto at = std::ranges::find(columns, name);
    PARLEY_CHECK(at != columns.end());
    places.push_back(static_cast<std::size_t>(at - columns.begin()));
  }
  return places;
}

}  // namespace parley::dialect
