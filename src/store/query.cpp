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
                          [&](LockRows) {
                            if (!dialect.capabilities().one_writer) rendered.sql += " FOR UPDATE";
                          },
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

/// Whether an INSERT names the column that the engine can number by itself.
enum class Generated { LeftOut, Named };

std::vector<std::size_t> inserted_positions(const TableNames& table, Generated generated) {
  std::vector<std::size_t> positions;
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    if (table.generated != i || generated == Generated::Named) positions.push_back(i);
  }
  return positions;
}

/// `INSERT INTO … (…) VALUES (…), (…)`; `values` holds all columns of all rows, one row after the
/// other.
Pieces insert_pieces(const TableNames& into, std::span<Value> values,
                     Generated generated = Generated::LeftOut) {
  const std::vector<std::size_t> positions = inserted_positions(into, generated);
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

/// Calls `function` with as many rows at a time as a statement takes: the greatest power of two of
/// those that are left, so that all numbers of rows share a few prepared statements.
template <class Function>
void for_each_part(const TableNames& table, std::span<Value> values, Function function) {
  const std::size_t columns = table.columns.size();
  while (!values.empty()) {
    const std::size_t rows =
        std::min(rows_per_insert(columns), std::bit_floor(values.size() / columns));
    function(values.first(rows * columns));
    values = values.subspan(rows * columns);
  }
}

template <class Function>
void for_each_row(const TableNames& table, std::span<Value> values, Function function) {
  const std::size_t columns = table.columns.size();
  for (; !values.empty(); values = values.subspan(columns)) function(values.first(columns));
}

/// Sets the columns `changed` of the one row that `values` is.
Pieces update_pieces(const TableNames& table, Name key, std::span<const Name> changed,
                     std::span<const Value> values) {
  const auto value_of = [&](Name name) {
    return values[static_cast<std::size_t>(std::ranges::find(table.columns, name.text) -
                                           table.columns.begin())];
  };
  Pieces pieces{"UPDATE ", Name{table.table}};
  std::string_view separator = " SET ";
  for (const Name& name : changed) {
    pieces.insert(pieces.end(), {separator, name, " = ", value_of(name)});
    separator = ", ";
  }
  pieces.insert(pieces.end(), {" WHERE ", key, " = ", value_of(key)});
  return pieces;
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

void insert_rows(database::Connection& connection, const TableNames& into,
                 std::vector<Value> values) {
  for_each_part(into, values,
                [&](std::span<Value> part) { run(connection, insert_pieces(into, part)); });
}

// Ids are generated in the order of VALUES, but RETURNING promises no order; sorted, they are in
// that of the rows.
std::vector<std::int64_t> insert_each_row(database::Connection& connection, const TableNames& into,
                                          std::vector<Value> values) {
  std::vector<std::int64_t> ids;
  ids.reserve(values.size() / into.columns.size());
  const auto& can = dialect::dialect_of(connection).capabilities();
  // Where statements go over no wire, many rows in one are no faster.
  if (can.one_writer || !can.multi_row_returning) {
    for_each_row(into, values, [&](std::span<Value> row) {
      ids.push_back(insert_row(connection, into, {row.begin(), row.end()}));
    });
    return ids;
  }
  for_each_part(into, values, [&](std::span<Value> part) {
    const std::size_t before = ids.size();
    Pieces pieces = insert_pieces(into, part);
    pieces.insert(pieces.end(), {" RETURNING ", Name{into.columns[*into.generated]}});
    Rows rows(connection, pieces);
    while (rows.next()) ids.push_back(read<std::int64_t>(rows, 0));
    PARLEY_CHECK(ids.size() - before == part.size() / into.columns.size());
    std::sort(ids.begin() + static_cast<std::ptrdiff_t>(before), ids.end());
  });
  return ids;
}

// An INSERT that meets the stored row is the one way to change many rows to values of their own
// that all servers have.
void update_each_row(database::Connection& connection, const TableNames& table, Name key,
                     std::span<const Name> changed, std::vector<Value> values) {
  const auto& can = dialect::dialect_of(connection).capabilities();
  if (can.one_writer) {
    for_each_row(table, values, [&](std::span<Value> row) {
      run(connection, update_pieces(table, key, changed, row));
    });
    return;
  }
  for_each_part(table, values, [&](std::span<Value> part) {
    Pieces pieces = insert_pieces(table, part, Generated::Named);
    if (can.on_conflict) {
      pieces.insert(pieces.end(), {" ON CONFLICT (", key, ") DO UPDATE SET "});
    } else {
      pieces.emplace_back(" ON DUPLICATE KEY UPDATE ");
    }
    std::string_view separator = "";
    for (const Name& name : changed) {
      pieces.insert(pieces.end(), {separator, name, can.on_conflict ? " = excluded." : " = VALUES(",
                                   name, can.on_conflict ? "" : ")"});
      separator = ", ";
    }
    run(connection, pieces);
  });
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
