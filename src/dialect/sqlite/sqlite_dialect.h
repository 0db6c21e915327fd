#pragma once

// SQLite. What ALTER TABLE cannot do is done by rebuilding the table (`rebuild.h`); the catalogue
// is read through the pragma functions and, for what they do not tell, from the stored CREATE
// statements (`stored_sql.h`, `stored_object.h`). Equivalents: on-update-now is a trigger
// `trg_<table>_<column>`; an enum is text with a check (`enum_check.h`); UUID is CHAR(36); the
// prefix of an indexed column is the column; time zones and comments are not kept. In a STRICT
// table every type is the one of SQLite's own that holds it. Immutable; any thread.

#include <string>
#include <string_view>
#include <vector>

#include "dialect/dialect.h"
#include "dialect/sql_style.h"

namespace parley::dialect {

class SqliteDialect final : public Dialect {
 public:
  const Capabilities& capabilities() const override;
  std::vector<std::string> render(const schema::Change& change,
                                  const schema::Schema& before) const override;
  bool needs_foreign_keys_off(const schema::Change& change,
                              const schema::Schema& before) const override;
  std::size_t done_together(std::span<const schema::Change> changes,
                            const schema::Schema& before) const override;
  std::vector<std::string> render_together(std::span<const schema::Change> changes,
                                           const schema::Schema& before) const override;
  std::vector<std::string> rebuilt_tables(const schema::Change& change,
                                          const schema::Schema& before) const override;
  void require_rows_fit(database::Connection& connection, const schema::Change& change,
                        const schema::Schema& before) const override;
  std::vector<std::string> unmodelled_objects(database::Connection& connection,
                                              const std::vector<std::string>& tables,
                                              const schema::Schema& before) const override;
  schema::Schema normalize(const schema::Schema& schema) const override;
  schema::Schema inspect(database::Connection& connection) const override;
  schema::Schema inspect_tables(database::Connection& connection,
                                const std::set<std::string>& tables) const override;
  bool serves_as(const schema::Type& live, const schema::Type& wanted) const override;
  std::string quote(std::string_view name) const override;
  std::string literal(std::string_view text) const override;
  std::string type_text(const schema::Type& type) const override;
};

const SqlStyle& sqlite_style();

/// The type that a declared type text stands for. Only `INTEGER` itself is Integer: `INT` does not
/// make a primary key the row id.
schema::Type sqlite_type(std::string_view text);

/// The type that holds values of `type` in a STRICT table; itself where there is none.
schema::Type sqlite_strict_type(const schema::Type& type);

/// That type as a STRICT table writes it; empty when there is none.
std::string sqlite_strict_type_text(const schema::Type& type);

}  // namespace parley::dialect
