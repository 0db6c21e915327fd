#include "dialect/script.h"

#include <fmt/format.h>

#include <algorithm>

#include "dialect/sql_tokens.h"

namespace parley::dialect {
namespace {

/// `mysql` and `mariadb` cut at every semicolon outside quotes; `sqlite3` knows BEGIN … END of a
/// trigger, and PostgreSQL's bodies are in dollar quotes.
bool ends_statements_anywhere(const Dialect& dialect) {
  const std::string& name = dialect.capabilities().name;
  return name == "mysql" || name == "mariadb";
}

bool has_semicolon(const std::string& statement) {
  constexpr SqlStyle kStyle{
      .name_quote = '`', .backslash_escapes = true, .double_quoted_strings = true};
  const auto tokens = tokenize(statement, kStyle);
  return std::ranges::any_of(tokens, [](const SqlToken& token) { return token.is(";"); });
}

}  // namespace

std::string script_of(const std::vector<std::string>& statements, const Dialect& dialect) {
  std::string script;
  for (const std::string& statement : statements) {
    const bool needs_delimiter = ends_statements_anywhere(dialect) && has_semicolon(statement);
    script += needs_delimiter ? fmt::format("DELIMITER ;;\n{};;\nDELIMITER ;\n\n", statement)
                              : statement + ";\n\n";
  }
  if (!script.empty()) script.pop_back();
  return script;
}

}  // namespace parley::dialect
