#pragma once

// The SQL of queries, made from the names of a declaration and the pieces of a condition. What a
// server says all the time is made once and kept by each thread: making a text costs as much as
// running it on SQLite. Part of store/query.cpp. One thread each.

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/value.h"
#include "dialect/dialect.h"
#include "store/query.h"

namespace parley::store::detail {

/// A statement as the connection takes it: SQL with `?` and the values for it.
struct Rendered {
  std::string sql;
  std::vector<Value> parameters;
};

/// Gives a time that stands for a column declared `iso_text` the form that it has where times are
/// text: `2025-01-31T09:30:00.000000+00:00`.
void write_as_iso_text(Value& value);

Rendered render(const dialect::Dialect& dialect, const Pieces& pieces);

/// Whether an INSERT names the column that the engine can number by itself.
enum class Generated { LeftOut, Named };

/// The positions of the columns that an INSERT names.
std::vector<std::size_t> inserted_positions(const TableNames& table, Generated generated);

/// What follows the rows of an INSERT.
struct Tail {
  enum class Kind { Nothing, ReturnsGenerated, UpdatesStored } kind = Kind::Nothing;
  std::optional<Name> key;          ///< Of UpdatesStored, and what it changes.
  std::span<const Name> changed{};  ///< Must be of static storage: its address is part of a key.
};

/// `INSERT INTO … VALUES (?, …), …` of so many rows.
const std::string& insert_text(const dialect::Dialect& dialect, const TableNames& into,
                               std::size_t rows, Generated generated, const Tail& tail = {});

/// `INSERT INTO … SELECT * FROM unnest(?::…[], …)`: any number of rows, an array per column.
/// Requires: `has_array_types`.
const std::string& insert_arrays_text(const dialect::Dialect& dialect, const TableNames& into,
                                      const Tail& tail = {});

/// `UPDATE … SET … WHERE key = ?`. Requires: `changed` is of static storage.
const std::string& update_text(const dialect::Dialect& dialect, const TableNames& table, Name key,
                               std::span<const Name> changed);

/// `UPDATE … SET … FROM unnest(…)`: of many rows each, an array per column of `changed` and one of
/// the keys. Requires: `has_array_types`, `changed` is of static storage.
const std::string& update_arrays_text(const dialect::Dialect& dialect, const TableNames& table,
                                      Name key, std::span<const Name> changed);

/// True when every column that an INSERT leaves to its caller can come as an array.
bool has_array_types(const dialect::Dialect& dialect, const TableNames& table);

/// Where the column stands in the declaration.
std::size_t position_of(const TableNames& table, Name name);

}  // namespace parley::store::detail
