#pragma once

// The table of a declared struct, made in a test's database the way Parley makes it.

#include "database/connection.h"
#include "dialect/dialect.h"
#include "schema/change.h"
#include "schema/declare.h"

namespace parley::test {

template <schema::Declared Row>
void create_table(database::Connection& connection) {
  const schema::CreateTable change{schema::to_table<Row>()};
  for (const std::string& statement : dialect::dialect_of(connection).render(change, {})) {
    connection.execute(statement);
  }
}

}  // namespace parley::test
