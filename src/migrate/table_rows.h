#pragma once

// Goes through the rows of a table, whatever their number, in constant memory. One thread, that of
// the connection.

#include <functional>
#include <string>
#include <vector>

#include "database/connection.h"
#include "schema/schema.h"

namespace parley::migrate {

/// The columns that can be written: all but the generated ones.
std::vector<std::string> written_columns(const schema::Table& table);

/// Calls `function` with the values of `written_columns` of each row: by the primary key, piece by
/// piece, where there is one. What the function throws ends it.
void for_each_row(database::Connection& connection, const schema::Table& table,
                  const std::function<void(const std::vector<Value>&)>& function);

}  // namespace parley::migrate
