#include "dialect/dialect.h"

#include <fmt/format.h>

#include "base/error.h"
#include "base/text.h"

namespace parley::dialect {

bool Dialect::needs_foreign_keys_off(const schema::Change&, const schema::Schema&) const {
  return false;
}

TransactionNeed Dialect::transaction_need(const schema::Change&, const schema::Schema&) const {
  return TransactionNeed::Inside;
}

std::vector<std::string> Dialect::leftovers(database::Connection&, const schema::Change&) const {
  return {};
}

schema::Schema Dialect::inspect_tables(database::Connection& connection,
                                       const std::set<std::string>& tables) const {
  schema::Schema part;
  part.tables = inspect(connection).tables;
  std::erase_if(part.tables, [&](const auto& table) { return !tables.contains(table.name); });
  return part;
}

std::vector<std::string> Dialect::rebuilt_tables(const schema::Change&,
                                                 const schema::Schema&) const {
  return {};
}

std::vector<std::string> Dialect::online_forms(const std::string&) const { return {}; }

std::string Dialect::script_text(const std::string& statement) const { return statement + ";"; }

std::vector<Concern> Dialect::concerns(database::Connection&) const { return {}; }

std::vector<std::string> Dialect::unmodelled_objects(database::Connection&, const schema::Change&,
                                                     const schema::Schema&) const {
  return {};
}

const Dialect& dialect_of(const database::Connection& connection) {
  return dialect_named(lower(connection.version().product));
}

const Dialect& dialect_named(std::string_view name) {
  for (const Dialect* dialect : {&sqlite(), &postgresql(), &mysql(), &mariadb()}) {
    if (dialect->capabilities().name == name) return *dialect;
  }
  throw Error(ErrorCode::InvalidArgument, fmt::format("there is no dialect '{}'", name),
              "Choose sqlite, postgresql, mysql or mariadb.");
}

}  // namespace parley::dialect
