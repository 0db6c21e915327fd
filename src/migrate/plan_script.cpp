#include "migrate/plan_script.h"

#include <algorithm>

#include "dialect/foreign_key_pause.h"
#include "migrate/parts.h"

namespace parley::migrate {

std::string transactions_of(const Plan& plan, const dialect::Dialect& dialect) {
  if (plan.steps.empty()) return "";
  const bool has_pause = std::ranges::any_of(plan.steps, &Step::needs_foreign_keys_off);
  const bool rolls_back = dialect.capabilities().transactional_ddl;
  std::string script;
  if (has_pause) script.append(dialect::kPauseForeignKeys).append(";\n");
  for (const Part& part : parts_of(plan, rolls_back ? Ddl::RollsBack : Ddl::CommitsItself)) {
    const bool is_transaction = part.kind == Part::Kind::Transaction;
    if (is_transaction) script += "BEGIN;\n";
    for (const Step* step : part.steps) {
      script += "-- " + step->reason + "\n";
      for (const std::string& statement : step->statements) {
        script += dialect.script_text(statement) + "\n";
      }
    }
    if (is_transaction) script += "COMMIT;\n";
  }
  if (has_pause) script.append(dialect::kResumeForeignKeys).append(";\n");
  return script;
}

std::string_view stop_at_first_error(const dialect::Dialect& dialect) {
  const std::string& name = dialect.capabilities().name;
  if (name == "sqlite") return ".bail on\n";
  return name == "postgresql" ? "\\set ON_ERROR_STOP on\n" : "";
}

bool takes_away(const Plan& plan) {
  return std::ranges::any_of(plan.steps, [](const Step& step) {
    return std::ranges::any_of(step.statements, [](const std::string& statement) {
      return !statement.starts_with("CREATE ");
    });
  });
}

std::string to_script(const Plan& plan, const dialect::Dialect& dialect) {
  const std::string head(takes_away(plan) ? stop_at_first_error(dialect) : "");
  return head + transactions_of(plan, dialect);
}

}  // namespace parley::migrate
