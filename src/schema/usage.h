#pragma once

// Who uses a table, column or key, and would be broken when it goes. Pure; used by this folder
// only. The functions throw as `require_fit` does, with a message that names the user and how to be
// rid of it.

#include <string>
#include <string_view>
#include <vector>

#include "schema/schema.h"

namespace parley::schema {

using Names = std::vector<std::string>;

bool contains(const Names& names, std::string_view name);
Names columns_of(const Index& index);

/// What a message calls a constraint: its name, or its columns when it has none.
std::string label(const std::string& name, const Names& columns);

/// No other table refers to `table`.
void require_unreferenced(const Schema& schema, const Table& table);

/// No key, index, check or foreign key of any table uses the column.
void require_unused(const Schema& schema, const Table& table, const std::string& column);

/// No foreign key refers to `columns`, or they are still unique in `without`, the table after the
/// drop of a primary key, unique constraint or unique index on them.
void require_keys_still_served(const Schema& schema, const Table& without, const Names& columns);

}  // namespace parley::schema
