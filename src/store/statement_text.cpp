#include "store/statement_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <map>
#include <tuple>

#include "base/check.h"
#include "base/overloaded.h"
#include "base/text.h"
#include "store/array_text.h"

namespace parley::store::detail {
namespace {

/// The text for `key`, made by `make` when it is new. Requires: what the parts of a key point to is
/// of static storage.
template <class... Key, class Make>
const std::string& kept(std::map<std::tuple<Key...>, std::string>& texts,
                        const std::tuple<Key...>& key, Make make) {
  auto found = texts.find(key);
  if (found == texts.end()) found = texts.emplace(key, make()).first;
  return found->second;
}

const std::string& quoted(const dialect::Dialect& dialect, Name name) {
  thread_local std::map<std::tuple<const void*, const void*, std::size_t>, std::string> texts;
  return kept(texts, {&dialect, name.text.data(), name.text.size()},
              [&] { return dialect.quote(name.text); });
}

const std::string& quoted(const dialect::Dialect& dialect, ColumnNames columns) {
  thread_local std::map<std::tuple<const void*, const void*>, std::string> texts;
  return kept(texts, {&dialect, columns.names.data()}, [&] {
    std::vector<std::string> names;
    for (const std::string_view name : columns.names) names.push_back(dialect.quote(name));
    return join(names, ", ");
  });
}

/// How many values a list of `count` is filled up to: the next of four steps between two powers of
/// two, so that lists of all lengths share some forty prepared statements.
std::size_t list_size(std::size_t count) {
  const std::size_t step = std::max(std::bit_floor(count) / 4, std::size_t{1});
  return (count + step - 1) / step * step;
}

/// A list is filled up with its last value. Where an array does, one statement is enough.
void add_one_of(const dialect::Dialect& dialect, const OneOf& one_of, Rendered& to) {
  std::vector<Value> values = *one_of.values;
  if (one_of.is_iso_text && dialect.capabilities().times_are_text) {
    std::ranges::for_each(values, write_as_iso_text);
  }
  if (const auto type = dialect.array_type(one_of.kind)) {
    to.sql.append(" = ANY(?::").append(*type).append(")");
    to.parameters.emplace_back(array_text(values));
    return;
  }
  const std::size_t count = list_size(values.size());
  to.sql += " IN (?";
  for (std::size_t i = 1; i < count; ++i) to.sql += ", ?";
  to.sql += ')';
  to.parameters.insert(to.parameters.end(), values.begin(), values.end());
  to.parameters.insert(to.parameters.end(), count - values.size(), values.back());
}

std::vector<std::string> quoted_names(const dialect::Dialect& dialect, const TableNames& table,
                                      std::span<const std::size_t> positions) {
  std::vector<std::string> names;
  for (const std::size_t position : positions)
    names.push_back(dialect.quote(table.columns[position]));
  return names;
}

/// `unnest(?::…[], …)` of these columns.
std::string unnest_text(const dialect::Dialect& dialect, const TableNames& table,
                        std::span<const std::size_t> positions) {
  std::vector<std::string> arrays;
  for (const std::size_t position : positions)
    arrays.push_back("?::" + dialect.array_type(table.kinds[position]).value());
  return fmt::format("unnest({})", join(arrays, ", "));
}

std::string tail_text(const dialect::Dialect& dialect, const TableNames& into, const Tail& tail) {
  if (tail.kind == Tail::Kind::Nothing) return "";
  if (tail.kind == Tail::Kind::ReturnsGenerated)
    return " RETURNING " + dialect.quote(into.columns[*into.generated]);
  const bool on_conflict = dialect.capabilities().on_conflict;
  std::vector<std::string> sets;
  for (const Name& each : tail.changed) {
    const std::string name = dialect.quote(each.text);
    sets.push_back(on_conflict ? fmt::format("{0} = excluded.{0}", name)
                               : fmt::format("{0} = VALUES({0})", name));
  }
  return (on_conflict
              ? fmt::format(" ON CONFLICT ({}) DO UPDATE SET ", dialect.quote(tail.key->text))
              : std::string(" ON DUPLICATE KEY UPDATE ")) +
         join(sets, ", ");
}

std::string make_insert(const dialect::Dialect& dialect, const TableNames& into, std::size_t rows,
                        Generated generated, const Tail& tail) {
  const std::vector<std::size_t> positions = inserted_positions(into, generated);
  PARLEY_CHECK(!positions.empty() && rows >= 1);
  std::string row = "(?";
  for (std::size_t i = 1; i < positions.size(); ++i) row += ", ?";
  row += ')';
  std::string sql = fmt::format("INSERT INTO {} ({}) VALUES {}", dialect.quote(into.table),
                                join(quoted_names(dialect, into, positions), ", "), row);
  for (std::size_t i = 1; i < rows; ++i) sql.append(", ").append(row);
  return sql + tail_text(dialect, into, tail);
}

std::string make_insert_of_arrays(const dialect::Dialect& dialect, const TableNames& into,
                                  const Tail& tail) {
  const std::vector<std::size_t> positions = inserted_positions(into, Generated::LeftOut);
  return fmt::format("INSERT INTO {} ({}) SELECT * FROM {}{}", dialect.quote(into.table),
                     join(quoted_names(dialect, into, positions), ", "),
                     unnest_text(dialect, into, positions), tail_text(dialect, into, tail));
}

std::string make_update(const dialect::Dialect& dialect, const TableNames& table, Name key,
                        std::span<const Name> changed) {
  std::vector<std::string> sets;
  for (const Name& name : changed) sets.push_back(dialect.quote(name.text) + " = ?");
  return fmt::format("UPDATE {}{} SET {} WHERE {} = ?",
                     dialect.capabilities().or_fail ? "OR FAIL " : "", dialect.quote(table.table),
                     join(sets, ", "), dialect.quote(key.text));
}

std::string make_update_of_arrays(const dialect::Dialect& dialect, const TableNames& table,
                                  Name key, std::span<const Name> changed) {
  std::vector<std::string> sets;
  std::vector<std::size_t> positions;
  for (const Name& name : changed) {
    const std::string quoted_name = dialect.quote(name.text);
    sets.push_back(fmt::format("{0} = given.{0}", quoted_name));
    positions.push_back(position_of(table, name));
  }
  positions.push_back(position_of(table, key));
  const std::string by = dialect.quote(key.text);
  return fmt::format("UPDATE {} AS stored SET {} FROM {} AS given ({}) WHERE stored.{} = given.{}",
                     dialect.quote(table.table), join(sets, ", "),
                     unnest_text(dialect, table, positions),
                     join(quoted_names(dialect, table, positions), ", "), by, by);
}

}  // namespace

void write_as_iso_text(Value& value) {
  std::string* text = std::get_if<std::string>(&value);
  if (text == nullptr) return;
  constexpr std::size_t kSeconds = std::string_view("2025-01-31 09:30:00").size();
  PARLEY_CHECK(text->size() >= kSeconds);
  (*text)[10] = 'T';
  if (text->size() == kSeconds) *text += ".000000";
  *text += "+00:00";
}

Rendered render(const dialect::Dialect& dialect, const Pieces& pieces) {
  Rendered rendered;
  rendered.sql.reserve(512);
  for (const Piece& piece : pieces) {
    std::visit(overloaded{[&](std::string_view sql) { rendered.sql += sql; },
                          [&](Name name) { rendered.sql += quoted(dialect, name); },
                          [&](ColumnNames columns) { rendered.sql += quoted(dialect, columns); },
                          [&](LockRows) {
                            if (!dialect.capabilities().one_writer) rendered.sql += " FOR UPDATE";
                          },
                          [&](const OneOf& one_of) { add_one_of(dialect, one_of, rendered); },
                          [&](const Value& value) {
                            rendered.sql += '?';
                            rendered.parameters.push_back(value);
                          },
                          [&](const IsoTime& time) {
                            rendered.sql += '?';
                            rendered.parameters.push_back(time.value);
                            if (!dialect.capabilities().times_are_text) return;
                            write_as_iso_text(rendered.parameters.back());
                          }},
               piece.part);
  }
  return rendered;
}

std::vector<std::size_t> inserted_positions(const TableNames& table, Generated generated) {
  std::vector<std::size_t> positions;
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    if (table.generated != i || generated == Generated::Named) positions.push_back(i);
  }
  return positions;
}

const std::string& insert_text(const dialect::Dialect& dialect, const TableNames& into,
                               std::size_t rows, Generated generated, const Tail& tail) {
  thread_local std::map<
      std::tuple<const void*, const void*, std::size_t, Generated, Tail::Kind, const void*>,
      std::string>
      texts;
  return kept(texts,
              {&dialect, into.columns.data(), rows, generated, tail.kind, tail.changed.data()},
              [&] { return make_insert(dialect, into, rows, generated, tail); });
}

const std::string& insert_arrays_text(const dialect::Dialect& dialect, const TableNames& into,
                                      const Tail& tail) {
  thread_local std::map<std::tuple<const void*, const void*, Tail::Kind>, std::string> texts;
  return kept(texts, {&dialect, into.columns.data(), tail.kind},
              [&] { return make_insert_of_arrays(dialect, into, tail); });
}

const std::string& update_text(const dialect::Dialect& dialect, const TableNames& table, Name key,
                               std::span<const Name> changed) {
  thread_local std::map<std::tuple<const void*, const void*>, std::string> texts;
  return kept(texts, {&dialect, changed.data()},
              [&] { return make_update(dialect, table, key, changed); });
}

const std::string& update_arrays_text(const dialect::Dialect& dialect, const TableNames& table,
                                      Name key, std::span<const Name> changed) {
  thread_local std::map<std::tuple<const void*, const void*>, std::string> texts;
  return kept(texts, {&dialect, changed.data()},
              [&] { return make_update_of_arrays(dialect, table, key, changed); });
}

bool has_array_types(const dialect::Dialect& dialect, const TableNames& table) {
  thread_local std::map<std::tuple<const void*, const void*>, bool> known;
  const std::tuple<const void*, const void*> key{&dialect, table.columns.data()};
  auto found = known.find(key);
  if (found == known.end()) {
    const bool has_all = std::ranges::all_of(
        table.kinds, [&](schema::TypeKind kind) { return dialect.array_type(kind).has_value(); });
    found = known.emplace(key, has_all).first;
  }
  return found->second;
}

std::size_t position_of(const TableNames& table, Name name) {
  const auto found = std::ranges::find(table.columns, name.text);
  PARLEY_CHECK(found != table.columns.end());
  return static_cast<std::size_t>(found - table.columns.begin());
}

}  // namespace parley::store::detail
