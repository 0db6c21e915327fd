#pragma once

// The driver's part of database/reader.h, which says what each does.

#include <string_view>

#include "database/read_watch.h"
#include "database/reader.h"

namespace parley::database {

ReadRows read_postgresql(const Url& url, std::string_view sql, ReadWatch& watch);

/// Three columns: table, column, type.
ReadRows read_postgresql_columns(const Url& url, ReadWatch& watch);

}  // namespace parley::database
