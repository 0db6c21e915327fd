#include "dialect/row_loader.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "base/check.h"
#include "base/text.h"
#include "dialect/dialect.h"

namespace parley::dialect {
namespace {

constexpr std::size_t kRowsAtOnce = 100;
constexpr std::size_t kValuesMax = 30'000;  // PostgreSQL and MySQL take 65 535 parameters.

}  // namespace

RowLoader::RowLoader(database::Connection& connection, const std::string& table,
                     const std::vector<std::string>& columns)
    : connection_(connection) {
  const Dialect& dialect = dialect_of(connection);
  std::vector<std::string> quoted;
  for (const std::string& column : columns) quoted.push_back(dialect.quote(column));
  // An identity column may be GENERATED ALWAYS, and then takes no value without these words.
  const bool has_identity = dialect.capabilities().name == "postgresql";
  beginning_ = fmt::format("INSERT INTO {} ({}){} VALUES ", dialect.quote(table),
                           join(quoted, ", "), has_identity ? " OVERRIDING SYSTEM VALUE" : "");
  marks_ = "(" + join(std::vector<std::string>(columns.size(), "?"), ", ") + ")";
}

void RowLoader::add(std::vector<Value> row) {
  std::ranges::move(row, std::back_inserter(values_));
  ++waiting_;
  if (waiting_ == kRowsAtOnce || values_.size() + row.size() > kValuesMax) write();
}

void RowLoader::finish() {
  if (waiting_ > 0) write();
}

void RowLoader::write() {
  connection_
      .prepare(beginning_ + join(std::vector<std::string>(waiting_, marks_), ", "))
      .execute(values_);
  values_.clear();
  waiting_ = 0;
}

}  // namespace parley::dialect
