#include "store/query.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <limits>
#include <map>
#include <string>
#include <tuple>

#include "base/check.h"
#include "base/overloaded.h"
#include "base/text.h"
#include "dialect/dialect.h"

namespace parley::store::detail {
namespace {

/// A statement as the connection takes it: SQL with `?` and the values for it.
struct Rendered {
  std::string sql;
  std::vector<Value> parameters;
};

/// Gives a time that stands for a column declared `iso_text` the form that it has in the database.
void write_as_iso_text(const dialect::Dialect& dialect, Value& value) {
  std::string* text = std::get_if<std::string>(&value);
  if (text == nullptr || !dialect.capabilities().times_are_text) return;
  constexpr std::size_t kSeconds = std::string_view("2025-01-31 09:30:00").size();
  PARLEY_CHECK(text->size() >= kSeconds);
  (*text)[10] = 'T';
  if (text->size() == kSeconds) *text += ".000000";
  *text += "+00:00";
}

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
                          },
                          [&](const IsoTime& time) {
                            rendered.sql += '?';
                            rendered.parameters.push_back(time.value);
                            write_as_iso_text(dialect, rendered.parameters.back());
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

/// What follows the rows of an INSERT.
struct Tail {
  enum class Kind { Nothing, ReturnsGenerated, UpdatesStored } kind = Kind::Nothing;
  std::optional<Name> key;          ///< Of UpdatesStored, and what it changes.
  std::span<const Name> changed{};  ///< Must be of static storage: its address is part of a key.
};

std::string insert_sql(const dialect::Dialect& dialect, const TableNames& into, std::size_t rows,
                       Generated generated, const Tail& tail) {
  const std::vector<std::size_t> positions = inserted_positions(into, generated);
  PARLEY_CHECK(!positions.empty() && rows >= 1);
  std::vector<std::string> names;
  for (const std::size_t position : positions)
    names.push_back(dialect.quote(into.columns[position]));
  std::string row = "(?";
  for (std::size_t i = 1; i < names.size(); ++i) row += ", ?";
  row += ')';
  std::string sql = fmt::format("INSERT INTO {} ({}) VALUES {}", dialect.quote(into.table),
                                join(names, ", "), row);
  for (std::size_t i = 1; i < rows; ++i) sql.append(", ").append(row);
  if (tail.kind == Tail::Kind::ReturnsGenerated)
    sql += " RETURNING " + dialect.quote(into.columns[*into.generated]);
  if (tail.kind != Tail::Kind::UpdatesStored) return sql;
  const bool on_conflict = dialect.capabilities().on_conflict;
  sql += on_conflict
             ? fmt::format(" ON CONFLICT ({}) DO UPDATE SET ", dialect.quote(tail.key->text))
             : " ON DUPLICATE KEY UPDATE ";
  std::vector<std::string> sets;
  for (const Name& each : tail.changed) {
    const std::string name = dialect.quote(each.text);
    sets.push_back(on_conflict ? fmt::format("{0} = excluded.{0}", name)
                               : fmt::format("{0} = VALUES({0})", name));
  }
  return sql + join(sets, ", ");
}

/// The text of an INSERT. A server makes a few of them all the time, and making one costs as much
/// as running it on SQLite: each thread keeps those it has made.
const std::string& kept_insert_sql(const dialect::Dialect& dialect, const TableNames& into,
                                   std::size_t rows, Generated generated, const Tail& tail = {}) {
  using Key = std::tuple<const void*, const void*, std::size_t, Generated, Tail::Kind, const void*>;
  thread_local std::map<Key, std::string> texts;
  const Key key{&dialect, into.table.data(), rows, generated, tail.kind, tail.changed.data()};
  auto found = texts.find(key);
  if (found == texts.end())
    found = texts.emplace(key, insert_sql(dialect, into, rows, generated, tail)).first;
  return found->second;
}

/// The same for all values of rows.
void write_as_iso_text(const dialect::Dialect& dialect, const TableNames& table,
                       std::span<Value> values) {
  if (!dialect.capabilities().times_are_text) return;
  for (std::size_t column = 0; column < table.iso_text.size(); ++column) {
    if (!table.iso_text[column]) continue;
    for (std::size_t i = column; i < values.size(); i += table.columns.size()) {
      write_as_iso_text(dialect, values[i]);
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
  write_as_iso_text(dialect, into, values);
  database::Statement& statement =
      connection.prepare(kept_insert_sql(dialect, into, values.size() / columns, generated, tail));
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

/// Rows of one INSERT at most: a power of two, far from the smallest limit of parameters among the
/// engines (SQLite's default SQLITE_MAX_VARIABLE_NUMBER, 32766).
std::size_t rows_per_insert(std::size_t columns) {
  return std::min(std::size_t{256}, std::bit_floor(std::max(std::size_t{1}, 16384 / columns)));
}

/// The ids that the rows got. They are generated in the order of VALUES, but RETURNING promises no
/// order; sorted, they are in that of the rows.
std::vector<std::int64_t> generated_ids(database::Connection& connection, const TableNames& into,
                                        std::span<Value> values) {
  std::vector<std::int64_t> ids;
  database::Statement& statement = run_insert(connection, into, values, Generated::LeftOut,
                                              {Tail::Kind::ReturnsGenerated, {}, {}});
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

/// `UPDATE … SET … WHERE key = ?`, kept as INSERTs are. Requires: `changed` is of static storage.
const std::string& kept_update_sql(const dialect::Dialect& dialect, const TableNames& table,
                                   Name key, std::span<const Name> changed) {
  thread_local std::map<std::pair<const void*, const void*>, std::string> texts;
  std::string& sql = texts[{&dialect, changed.data()}];
  if (!sql.empty()) return sql;
  std::vector<std::string> sets;
  for (const Name& name : changed) sets.push_back(dialect.quote(name.text) + " = ?");
  sql = fmt::format("UPDATE {} SET {} WHERE {} = ?", dialect.quote(table.table), join(sets, ", "),
                    dialect.quote(key.text));
  return sql;
}

std::size_t position_of(const TableNames& table, Name name) {
  const auto found = std::ranges::find(table.columns, name.text);
  PARLEY_CHECK(found != table.columns.end());
  return static_cast<std::size_t>(found - table.columns.begin());
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
  if (!into.generated) {
    run_insert(connection, into, values, Generated::LeftOut);
    return 0;
  }
  // Where the id is a call away, RETURNING would only cost.
  const auto& can = dialect::dialect_of(connection).capabilities();
  if (can.one_writer || !can.insert_returning) {
    run_insert(connection, into, values, Generated::LeftOut);
    return connection.last_insert_id();
  }
  return generated_ids(connection, into, values).at(0);
}

void insert_rows(database::Connection& connection, const TableNames& into,
                 std::vector<Value> values) {
  for_each_part(connection, into, values, [&](std::span<Value> part) {
    run_insert(connection, into, part, Generated::LeftOut);
  });
}

std::vector<std::int64_t> insert_each_row(database::Connection& connection, const TableNames& into,
                                          std::vector<Value> values) {
  std::vector<std::int64_t> ids;
  ids.reserve(values.size() / into.columns.size());
  if (!dialect::dialect_of(connection).capabilities().multi_row_returning) {
    for_each_row(into, values, [&](std::span<Value> row) {
      run_insert(connection, into, row, Generated::LeftOut);
      ids.push_back(connection.last_insert_id());
    });
    return ids;
  }
  for_each_part(connection, into, values, [&](std::span<Value> part) {
    const std::vector<std::int64_t> of_part = generated_ids(connection, into, part);
    ids.insert(ids.end(), of_part.begin(), of_part.end());
  });
  return ids;
}

// An INSERT that meets the stored row is the one way to change many rows to values of their own
// that all servers have.
void update_each_row(database::Connection& connection, const TableNames& table, Name key,
                     std::span<const Name> changed, std::vector<Value> values) {
  const dialect::Dialect& dialect = dialect::dialect_of(connection);
  if (!dialect.capabilities().one_writer && values.size() > table.columns.size()) {
    for_each_part(connection, table, values, [&](std::span<Value> part) {
      run_insert(connection, table, part, Generated::Named,
                 {.kind = Tail::Kind::UpdatesStored, .key = key, .changed = changed});
    });
    return;
  }
  write_as_iso_text(dialect, table, values);
  std::vector<std::size_t> positions;
  for (const Name& name : changed) positions.push_back(position_of(table, name));
  positions.push_back(position_of(table, key));
  database::Statement& statement =
      connection.prepare(kept_update_sql(dialect, table, key, changed));
  std::vector<Value> parameters(positions.size());
  for_each_row(table, values, [&](std::span<Value> row) {
    for (std::size_t i = 0; i < positions.size(); ++i) parameters[i] = std::move(row[positions[i]]);
    statement.execute(parameters);
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
