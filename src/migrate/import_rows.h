#pragma once

// Copies rows of a table from another database into the same table here. One thread.

#include <cstdint>
#include <string>

#include "database/connection.h"

namespace parley::migrate {

struct RowImport {
  std::string table;
  std::string key;       ///< Column that tells which rows are the same.
  std::string newer_by;  ///< Of two rows with one key, the one with the greater value wins.
};

/// Takes over the columns that both tables have, in one transaction. Gives the number of rows that
/// were new or newer here. Throws what the databases throw, with nothing changed.
std::int64_t import_rows(database::Connection& into, database::Connection& from,
                         const RowImport& import);

}  // namespace parley::migrate
