#pragma once

// Random schemas, changes of them and rows that fit them, from a seed: the same seed gives the same
// on every engine and machine. Only for tests.

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "database/connection.h"
#include "dialect/dialect.h"
#include "migrate/renames.h"
#include "schema/schema.h"

namespace parley::test {

/// A schema and where its names come from.
struct Variation {
  schema::Schema schema;
  migrate::Renames renames;  ///< From the schema it was made of.
};

class RandomSchema {
 public:
  RandomSchema(std::uint32_t seed, const dialect::Dialect& dialect)
      : random_(seed), dialect_(dialect) {}

  schema::Schema make();
  /// `schema` with some things added, dropped, changed and renamed, such that rows which
  /// `insert_rows` wrote fit it too.
  Variation vary(const schema::Schema& schema);
  /// Some rows in every table, those that are referred to first.
  void insert_rows(database::Connection& connection, const schema::Schema& schema);

 private:
  std::uint32_t below(std::uint32_t limit) {
    return std::uniform_int_distribution<std::uint32_t>(0, limit - 1)(random_);
  }
  bool chance(std::uint32_t percent) { return below(100) < percent; }

  schema::Column make_column(const std::string& name, const schema::Schema& so_far);
  schema::Table make_table(const std::string& name, const schema::Schema& so_far);
  void add_generated_column(schema::Table& table);
  void vary_enums(schema::Schema& schema);
  void add_views(schema::Schema& schema);
  void add_triggers(schema::Schema& schema);
  void vary(schema::Table& table, Variation& variation);
  void rename_column(schema::Table& table, Variation& variation);
  std::string new_name(const std::string& stem) { return stem + std::to_string(++names_); }
  std::string value(const schema::Column& column, int row, const schema::Schema& schema);

  std::mt19937 random_;
  const dialect::Dialect& dialect_;
  int names_ = 0;
};

}  // namespace parley::test
