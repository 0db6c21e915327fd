#include "migrate/online.h"

#include "base/error.h"
#include "base/log.h"

namespace parley::migrate {
namespace {

/// False when the engine cannot do it in this form.
bool try_form(database::Connection& connection, const std::string& form) {
  try {
    connection.execute(form);
    return true;
  } catch (const Error& error) {
    if (error.code() != ErrorCode::UnsupportedOperation) throw;
    log::debug("{}", error.what());
    return false;
  }
}

}  // namespace

void execute_online(database::Connection& connection, const dialect::Dialect& dialect,
                    const schema::Change& change, const std::string& statement) {
  const bool is_users_own = std::holds_alternative<schema::Execute>(change);
  const auto forms = is_users_own ? std::vector<std::string>() : dialect.online_forms(statement);
  for (const std::string& form : forms) {
    if (try_form(connection, form)) return;
  }
  if (!forms.empty()) {
    log::info("Writers wait for the end of this step, the engine cannot do it beside them: {}",
              schema::describe(change));
  }
  connection.execute(statement);
}

}  // namespace parley::migrate
