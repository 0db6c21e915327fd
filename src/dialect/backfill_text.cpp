#include "dialect/backfill_text.h"

#include <fmt/format.h>

#include "base/error.h"
#include "base/text.h"
#include "dialect/ddl.h"

namespace parley::dialect {
namespace {

std::vector<std::string> texts_of(const schema::SqlTexts& texts, const Dialect& dialect) {
  const std::string& name = dialect.capabilities().name;
  return texts_for(texts, name, name == "mariadb" ? "mysql" : name);
}

}  // namespace

std::string assignments_text(const schema::Backfill& change, const Dialect& dialect) {
  std::vector<std::string> parts;
  for (const schema::Assignment& each : change.set) {
    const auto texts = texts_of(each.value, dialect);
    if (texts.empty()) {
      throw Error(ErrorCode::UnsupportedChange,
                  fmt::format("{}: there is no value of '{}' for {}", schema::describe(change),
                              each.column, dialect.capabilities().name),
                  "Give one SQL text for all engines, or one for this engine too.");
    }
    parts.push_back(fmt::format("{} = {}", dialect.quote(each.column), texts.front()));
  }
  return join(parts, ", ");
}

std::string condition_text(const schema::Backfill& change, const Dialect& dialect) {
  const auto texts = texts_of(change.where, dialect);
  if (texts.empty() && !change.where.empty()) {
    throw Error(ErrorCode::UnsupportedChange,
                fmt::format("{}: there is no condition for {}", schema::describe(change),
                            dialect.capabilities().name),
                "Give one SQL text for all engines, or one for this engine too.");
  }
  return texts.empty() ? "" : texts.front();
}

std::string update_text(const schema::Backfill& change, const Dialect& dialect) {
  const std::string condition = condition_text(change, dialect);
  return fmt::format("UPDATE {} SET {}{}", dialect.quote(change.table),
                     assignments_text(change, dialect),
                     condition.empty() ? "" : " WHERE " + condition);
}

}  // namespace parley::dialect
