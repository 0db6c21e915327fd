#include "dialect/dialect.h"

#include <fmt/format.h>

#include "base/error.h"
#include "base/text.h"
#include "dialect/ddl.h"

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

std::size_t Dialect::done_together(std::span<const schema::Change>, const schema::Schema&) const {
  return 1;
}

std::vector<std::string> Dialect::render_together(std::span<const schema::Change> changes,
                                                  const schema::Schema& before) const {
  schema::Schema state = before;
  std::vector<std::string> statements;
  for (const schema::Change& change : changes) {
    for (std::string& each : render(change, state)) statements.push_back(std::move(each));
    schema::apply(state, change);
  }
  return statements;
}

std::vector<std::string> Dialect::rebuilt_tables(const schema::Change&,
                                                 const schema::Schema&) const {
  return {};
}

void Dialect::require_rows_fit(database::Connection&, const schema::Change&,
                               const schema::Schema&) const {}

std::vector<std::string> Dialect::online_forms(const std::string&) const { return {}; }

std::string Dialect::script_text(const std::string& statement) const { return statement + ";"; }

std::vector<Concern> Dialect::concerns(database::Connection&) const { return {}; }

std::vector<std::string> Dialect::unmodelled_objects(database::Connection&,
                                                     const std::vector<std::string>&,
                                                     const schema::Schema&) const {
  return {};
}

std::vector<std::string> Dialect::texts_of(const schema::SqlTexts& texts) const {
  const std::string& name = capabilities().name;
  return texts_for(texts, name, name == "mariadb" ? "mysql" : name);
}

std::optional<std::string> Dialect::without_blocking(const schema::CreateIndex&) const {
  return std::nullopt;
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
