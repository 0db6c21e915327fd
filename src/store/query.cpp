#include "store/query.h"

#include <algorithm>
#include <bit>
#include <limits>
#include <string>

#include "base/check.h"
#include "dialect/dialect.h"
#include "store/array_text.h"
#include "store/statement_text.h"

namespace parley::store::detail {
namespace {

database::Statement& run(database::Connection& connection, const Pieces& pieces) {
  const Rendered rendered = render(dialect::dialect_of(connection), pieces);
  database::Statement& statement = connection.prepare(rendered.sql);
  statement.execute(rendered.parameters);
  return statement;
}

std::int64_t run_for_count(database::Connection& connection, const Pieces& pieces) {
  return run(connection, pieces).affected_rows();
}

void append_where(Pieces& to, const Pieces& condition) {
  if (condition.empty()) return;
  to.emplace_back(" WHERE ");
  append(to, condition);
}

/// Gives the times of columns declared `iso_text` the form that they have in the database.
void write_times_as_iso_text(const dialect::Dialect& dialect, const TableNames& table,
                             std::span<Value> values) {
  if (!dialect.capabilities().times_are_text) return;
  for (std::size_t column = 0; column < table.iso_text.size(); ++column) {
    if (!table.iso_text[column]) continue;
    for (std::size_t i = column; i < values.size(); i += table.columns.size()) {
      write_as_iso_text(values[i]);
    }
  }
}

/// Runs the INSERT of the rows that `values` holds, all columns of one row after the other.
database::Statement& run_insert(database::Connection& connection, const TableNames& into,
                                std::span<Value> values, Generated generated,
                                const Tail& tail = {}) {
  const std::size_t columns = into.columns.size();
  PARLEY_CHECK(values.size() % columns == 0);
  const dialect::Dialect& dialect = dialect::dialect_of(connection);
  write_times_as_iso_text(dialect, into, values);
  database::Statement& statement =
      connection.prepare(insert_text(dialect, into, values.size() / columns, generated, tail));
  if (generated == Generated::Named || !into.generated) {
    statement.execute(values);
    return statement;
  }
  std::vector<Value> given;
  given.reserve(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (i % columns != *into.generated) given.push_back(std::move(values[i]));
  }
  statement.execute(given);
  return statement;
}

/// The columns at `positions` of the rows that `values` holds, an array each.
std::vector<Value> arrays_of(const TableNames& table, std::span<const Value> values,
                             std::span<const std::size_t> positions) {
  const std::size_t columns = table.columns.size();
  std::vector<Value> arrays;
  arrays.reserve(positions.size());
  for (const std::size_t position : positions)
    arrays.emplace_back(array_text(values.subspan(position), columns));
  return arrays;
}

database::Statement& run_insert_of_arrays(database::Connection& connection, const TableNames& into,
                                          std::span<const Value> values, const Tail& tail = {}) {
  database::Statement& statement =
      connection.prepare(insert_arrays_text(dialect::dialect_of(connection), into, tail));
  statement.execute(arrays_of(into, values, inserted_positions(into, Generated::LeftOut)));
  return statement;
}

/// True when the rows that `values` holds are several and can be written as arrays, which an engine
/// that can is quicker with than with rows of parameters.
bool takes_arrays(database::Connection& connection, const TableNames& table,
                  std::span<const Value> values) {
  return values.size() > table.columns.size() &&
         has_array_types(dialect::dialect_of(connection), table);
}

/// Rows of one INSERT at most: a power of two, far from the smallest limit of parameters among the
/// engines (SQLite's default SQLITE_MAX_VARIABLE_NUMBER, 32766).
std::size_t rows_per_insert(std::size_t columns) {
  return std::min(std::size_t{256}, std::bit_floor(std::max(std::size_t{1}, 16384 / columns)));
}

/// The ids that the rows got. They are generated in the order of VALUES or of the arrays, but
/// RETURNING promises no order; sorted, they are in that of the rows.
std::vector<std::int64_t> generated_ids(database::Connection& connection, const TableNames& into,
                                        std::span<Value> values) {
  std::vector<std::int64_t> ids;
  const Tail tail{Tail::Kind::ReturnsGenerated, {}, {}};
  database::Statement& statement =
      takes_arrays(connection, into, values)
          ? run_insert_of_arrays(connection, into, values, tail)
          : run_insert(connection, into, values, Generated::LeftOut, tail);
  while (statement.next()) {
    std::int64_t id = 0;
    schema::from_value(statement.value(0), id);
    ids.push_back(id);
  }
  statement.reset();
  PARLEY_CHECK(ids.size() == values.size() / into.columns.size());
  std::ranges::sort(ids);
  return ids;
}

/// Calls `function` with as many rows at a time as a statement takes: the greatest power of two of
/// those that are left, so that all numbers of rows share a few prepared statements. Where
/// statements go over no wire, many rows in one are no faster, and one text does for all.
template <class Function>
void for_each_part(database::Connection& connection, const TableNames& table,
                   std::span<Value> values, Function function) {
  const std::size_t columns = table.columns.size();
  const bool one_by_one = dialect::dialect_of(connection).capabilities().one_writer;
  while (!values.empty()) {
    const std::size_t rows =
        one_by_one ? 1
                   : std::min(rows_per_insert(columns), std::bit_floor(values.size() / columns));
    function(values.first(rows * columns));
    values = values.subspan(rows * columns);
  }
}

template <class Function>
void for_each_row(const TableNames& table, std::span<Value> values, Function function) {
  const std::size_t columns = table.columns.size();
  for (; !values.empty(); values = values.subspan(columns)) function(values.first(columns));
}

}  // namespace

Rows::Rows(database::Connection& connection, const Pieces& statement)
    : statement_(run(connection, statement)) {}
Rows::~Rows() { statement_.reset(); }

Pieces select_pieces(const SelectText& select) {
  Pieces pieces{"SELECT ", ColumnNames{select.from.columns}, " FROM ", Name{select.from.table}};
  append_where(pieces, select.condition);
  if (!select.order.empty()) pieces.emplace_back(" ORDER BY ");
  append(pieces, select.order);
  if (select.limit || select.offset > 0) {
    // SQLite and MySQL know OFFSET only behind a LIMIT (MySQL manual, "SELECT Statement").
    const std::int64_t limit = select.limit.value_or(std::numeric_limits<std::int64_t>::max());
    pieces.insert(pieces.end(), {" LIMIT ", Value(limit), " OFFSET ", Value(select.offset)});
  }
  if (select.is_for_update) pieces.emplace_back(LockRows{});
  return pieces;
}

Pieces aggregate_pieces(std::string_view function, std::optional<Name> of,
                        std::optional<Name> group, const TableNames& from,
                        const Pieces& condition) {
  Pieces pieces{"SELECT "};
  if (group) pieces.insert(pieces.end(), {*group, ", "});
  pieces.insert(pieces.end(),
                {function, "(", of ? Piece(*of) : Piece("*"), ") FROM ", Name{from.table}});
  append_where(pieces, condition);
  if (group) pieces.insert(pieces.end(), {" GROUP BY ", *group, " ORDER BY ", *group});
  return pieces;
}

std::int64_t count_rows(database::Connection& connection, const TableNames& from,
                        const Pieces& condition) {
  Rows rows(connection, aggregate_pieces("COUNT", std::nullopt, std::nullopt, from, condition));
  rows.next();
  return read<std::int64_t>(rows, 0);
}

bool any_row(database::Connection& connection, const TableNames& from, const Pieces& condition) {
  Pieces pieces{"SELECT 1 FROM ", Name{from.table}};
  append_where(pieces, condition);
  pieces.emplace_back(" LIMIT 1");
  return Rows(connection, pieces).next();
}

std::int64_t insert_row(database::Connection& connection, const TableNames& into,
                        std::vector<Value> values) {
  if (!into.generated) {
    run_insert(connection, into, values, Generated::LeftOut);
    return 0;
  }
  const auto& can = dialect::dialect_of(connection).capabilities();
  if (can.one_writer || !can.insert_returning) {
    run_insert(connection, into, values, Generated::LeftOut);
    return connection.last_insert_id();
  }
  return generated_ids(connection, into, values).at(0);
}

void insert_rows(database::Connection& connection, const TableNames& into,
                 std::vector<Value> values) {
  if (takes_arrays(connection, into, values)) {
    run_insert_of_arrays(connection, into, values);
    return;
  }
  for_each_part(connection, into, values, [&](std::span<Value> part) {
    run_insert(connection, into, part, Generated::LeftOut);
  });
}

std::vector<std::int64_t> insert_each_row(database::Connection& connection, const TableNames& into,
                                          std::vector<Value> values) {
  std::vector<std::int64_t> ids;
  ids.reserve(values.size() / into.columns.size());
  const auto& can = dialect::dialect_of(connection).capabilities();
  // Where the id is a call away, RETURNING would only cost: SQLite makes a table for what it
  // returns, and a journal of the statement, as it does for a trigger.
  if (can.one_writer || !can.multi_row_returning) {
    for_each_row(into, values, [&](std::span<Value> row) {
      run_insert(connection, into, row, Generated::LeftOut);
      ids.push_back(connection.last_insert_id());
    });
    return ids;
  }
  if (takes_arrays(connection, into, values)) return generated_ids(connection, into, values);
  for_each_part(connection, into, values, [&](std::span<Value> part) {
    const std::vector<std::int64_t> of_part = generated_ids(connection, into, part);
    ids.insert(ids.end(), of_part.begin(), of_part.end());
  });
  return ids;
}

// Without arrays, an INSERT that meets the stored row is the one way to change many rows to values
// of their own.
void update_each_row(database::Connection& connection, const TableNames& table, Name key,
                     std::span<const Name> changed, std::vector<Value> values) {
  const dialect::Dialect& dialect = dialect::dialect_of(connection);
  std::vector<std::size_t> positions;
  for (const Name& name : changed) positions.push_back(position_of(table, name));
  positions.push_back(position_of(table, key));
  if (takes_arrays(connection, table, values)) {
    connection.prepare(update_arrays_text(dialect, table, key, changed))
        .execute(arrays_of(table, values, positions));
    return;
  }
  if (!dialect.capabilities().one_writer && values.size() > table.columns.size()) {
    for_each_part(connection, table, values, [&](std::span<Value> part) {
      run_insert(connection, table, part, Generated::Named,
                 {.kind = Tail::Kind::UpdatesStored, .key = key, .changed = changed});
    });
    return;
  }
  write_times_as_iso_text(dialect, table, values);
  database::Statement& statement = connection.prepare(update_text(dialect, table, key, changed));
  std::vector<Value> parameters(positions.size());
  for_each_row(table, values, [&](std::span<Value> row) {
    for (std::size_t i = 0; i < positions.size(); ++i) parameters[i] = std::move(row[positions[i]]);
    statement.execute(parameters);
  });
}

std::optional<std::int64_t> advance_row(database::Connection& connection, const TableNames& table,
                                        Name column, std::int64_t by, const Pieces& condition) {
  const bool returns = dialect::dialect_of(connection).capabilities().update_returning;
  Pieces update{"UPDATE ", Name{table.table}, " SET ", column, " = ", column, " + ", Value(by)};
  append_where(update, condition);
  if (returns) update.insert(update.end(), {" RETURNING ", column});
  Pieces select{"SELECT ", column, " FROM ", Name{table.table}};
  append_where(select, condition);
  if (!returns && run_for_count(connection, update) == 0) return std::nullopt;
  Rows rows(connection, returns ? update : select);
  if (!rows.next()) return std::nullopt;
  return read<std::int64_t>(rows, 0);
}

std::int64_t update_rows(database::Connection& connection, const TableNames& table,
                         std::vector<Pieces> assignments, const Pieces& condition) {
  PARLEY_CHECK(!assignments.empty());
  Pieces pieces{"UPDATE ", Name{table.table}};
  std::string_view separator = " SET ";
  for (const Pieces& assignment : assignments) {
    pieces.emplace_back(separator);
    append(pieces, assignment);
    separator = ", ";
  }
  append_where(pieces, condition);
  return run_for_count(connection, pieces);
}

std::int64_t erase_rows(database::Connection& connection, const TableNames& from,
                        const Pieces& condition) {
  Pieces pieces{"DELETE FROM ", Name{from.table}};
  append_where(pieces, condition);
  return run_for_count(connection, pieces);
}

}  // namespace parley::store::detail
