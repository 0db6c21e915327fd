#include "dialect/script.h"
#include "migrate/creation.h"
#include "migrate/schema_dump.h"

namespace parley::migrate {

std::vector<std::string> creation_statements(const schema::Schema& schema,
                                             const dialect::Dialect& dialect) {
  const bool can_add = dialect.capabilities().add_constraint;
  std::vector<std::string> statements;
  schema::Schema state;
  for (const schema::Change& change :
       creation_of(schema, can_add ? Circles::AddedLater : Circles::LeftInTheTable)) {
    for (std::string& statement : dialect.render(change, state)) {
      statements.push_back(std::move(statement));
    }
    // `apply` would ask for the tables that a table in a circle refers to.
    if (const auto* created = std::get_if<schema::CreateTable>(&change)) {
      state.tables.push_back(created->table);
    } else {
      schema::apply(state, change);
    }
  }
  return statements;
}

std::string to_sql(const schema::Schema& schema, const dialect::Dialect& dialect) {
  return dialect::script_of(creation_statements(schema, dialect), dialect);
}

}  // namespace parley::migrate
