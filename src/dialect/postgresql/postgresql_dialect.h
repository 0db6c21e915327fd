#pragma once

// PostgreSQL 15 and newer. Auto-increment is an identity column, and a serial one reads as the
// same; on-update-now is a trigger and a function, both named `trg_<table>_<column>`; JSON is
// jsonb, and an adopted json column reads as the native type `json`. Enums are types; triggers have
// their body in a PL/pgSQL function. A view's text is the engine's own after it was created.
// Immutable; any thread.

#include <string>
#include <string_view>
#include <vector>

#include "dialect/dialect.h"
#include "dialect/sql_style.h"

namespace parley::dialect {

class PostgresqlDialect final : public Dialect {
 public:
  const Capabilities& capabilities() const override;
  std::vector<std::string> render(const schema::Change& change,
                                  const schema::Schema& before) const override;
  TransactionNeed transaction_need(const schema::Change& change,
                                   const schema::Schema& before) const override;
  std::vector<std::string> leftovers(database::Connection& connection,
                                     const schema::Change& change) const override;
  std::vector<std::string> rebuilt_tables(const schema::Change& change,
                                          const schema::Schema& before) const override;
  std::vector<std::string> unmodelled_objects(database::Connection& connection,
                                              const std::vector<std::string>& tables,
                                              const schema::Schema& before) const override;
  schema::Schema normalize(const schema::Schema& schema) const override;
  schema::Schema inspect(database::Connection& connection) const override;
  std::optional<std::string> without_blocking(const schema::CreateIndex& change) const override;
  schema::Schema inspect_tables(database::Connection& connection,
                                const std::set<std::string>& tables) const override;
  bool serves_as(const schema::Type& live, const schema::Type& wanted) const override;
  std::string quote(std::string_view name) const override;
  std::string literal(std::string_view text) const override;
  std::string type_text(const schema::Type& type) const override;
  std::optional<std::string> array_type(schema::TypeKind kind) const override;
};

const SqlStyle& postgresql_style();

/// The type that a text of format_type(), or its common short form, stands for.
schema::Type postgresql_type(std::string_view text);

/// The name that PostgreSQL gives a constraint without one: `<table>_<columns>_<label>`, cut so
/// that it has at most 63 bytes (makeObjectName in src/backend/commands/indexcmds.c).
std::string postgresql_constraint_name(std::string_view table, std::span<const std::string> columns,
                                       std::string_view label);

/// The first 63 bytes: what the catalogue keeps of a longer name.
std::string postgresql_stored_name(std::string_view name);

}  // namespace parley::dialect
