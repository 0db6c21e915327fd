#include "store/query.h"

#include <algorithm>
#include <bit>
#include <limits>
#include <string>

#include "base/check.h"
#include "base/overloaded.h"
#include "dialect/dialect.h"

namespace parley::store::detail {
namespace {

/// A statement as the connection takes it: SQL with `?` and the values for it.
struct Rendered {
  std::string sql;
  std::vector<Value> parameters;
};

Rendered render(const dialect::Dialect& dialect, const Pieces& pieces) {
  Rendered rendered;
  for (const Piece& piece : pieces) {
    std::visit(overloaded{[&](std::string_view sql) { rendered.sql += sql; },
                          [&](Name name) { rendered.sql += dialect.quote(name.text); },
                          [&](const Value& value) {
                            rendered.sql += '?';
                            rendered.parameters.push_back(value);
                          }},
               piece.part);
  }
  return rendered;
}

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

/// The columns that an INSERT names: all but the generated one.
std::vector<std::size_t> inserted_positions(const TableNames& table) {
  std::vector<std::size_t> positions;
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    if (table.generated != i) positions.push_back(i);
  }
  return positions;
}

/// `INSERT INTO … (…) VALUES (…), (…)`; `values` holds all columns of all rows, one row after the
/// other.
Pieces insert_pieces(const TableNames& into, std::span<Value> values) {
  const std::vector<std::size_t> positions = inserted_positions(into);
  PARLEY_CHECK(!positions.empty() && values.size() % into.columns.size() == 0);
  Pieces pieces{"INSERT INTO ", Name{into.table}};
  std::string_view separator = " (";
  for (const std::size_t position : positions) {
    pieces.insert(pieces.end(), {separator, Name{into.columns[position]}});
    separator = ", ";
  }
  pieces.emplace_back(") VALUES ");
  for (std::size_t row = 0; row < values.size(); row += into.columns.size()) {
    separator = row == 0 ? "(" : ", (";
    for (const std::size_t position : positions) {
      pieces.emplace_back(separator);
      pieces.emplace_back(std::move(values[row + position]));
      separator = ", ";
    }
    pieces.emplace_back(")");
  }
  return pieces;
}

/// Rows of one INSERT at most: a power of two, far from the smallest limit of parameters among the
/// engines (SQLite's default SQLITE_MAX_VARIABLE_NUMBER, 32766).
std::size_t rows_per_insert(std::size_t columns) {
  return std::min(std::size_t{256}, std::bit_floor(std::max(std::size_t{1}, 16384 / columns)));
}

}  // namespace

Rows::Rows(database::Connection& connection, const Pieces& statement)
    : statement_(run(connection, statement)) {}
Rows::~Rows() { statement_.reset(); }

Pieces select_pieces(const SelectText& select) {
  Pieces pieces;
  std::string_view separator = "SELECT ";
  for (const std::string_view column : select.from.columns) {
    pieces.insert(pieces.end(), {separator, Name{column}});
    separator = ", ";
  }
  pieces.insert(pieces.end(), {" FROM ", Name{select.from.table}});
  append_where(pieces, select.condition);
  if (!select.order.empty()) pieces.emplace_back(" ORDER BY ");
  append(pieces, select.order);
  if (!select.limit && select.offset == 0) return pieces;
  // SQLite and MySQL know OFFSET only behind a LIMIT (MySQL manual, "SELECT Statement").
  const std::int64_t limit = select.limit.value_or(std::numeric_limits<std::int64_t>::max());
  pieces.insert(pieces.end(), {" LIMIT ", Value(limit), " OFFSET ", Value(select.offset)});
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
  Pieces pieces = insert_pieces(into, values);
  if (!into.generated) {
    run(connection, pieces);
    return 0;
  }
  if (!dialect::dialect_of(connection).capabilities().insert_returning) {
    run(connection, pieces);
    return connection.last_insert_id();
  }
  pieces.insert(pieces.end(), {" RETURNING ", Name{into.columns[*into.generated]}});
  Rows rows(connection, pieces);
  PARLEY_CHECK(rows.next());
  return read<std::int64_t>(rows, 0);
}

// Each statement takes the greatest power of two of the rows that are left, so that inserts of all
// sizes share a few prepared statements.
void insert_rows(database::Connection& connection, const TableNames& into,
                 std::vector<Value> values) {
  const std::size_t columns = into.columns.size();
  std::span<Value> left = values;
  while (!left.empty()) {
    const std::size_t rows =
        std::min(rows_per_insert(columns), std::bit_floor(left.size() / columns));
    run(connection, insert_pieces(into, left.first(rows * columns)));
    left = left.subspan(rows * columns);
  }
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
