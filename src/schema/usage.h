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

/// The columns of the index, in its order; parts that are expressions are left out.
Names columns_of(const Index& index);

/// True when some part of the index is an expression or only the beginning of a column: such a key
/// says nothing about the columns.
bool has_partial_parts(const Index& index);

/// What a message calls a constraint: its name, or its columns when it has none.
std::string label(const std::string& name, const Names& columns);

/// No other table refers to `table`.
void require_unreferenced(const Schema& schema, const Table& table);

/// No view, and no trigger of another table, mentions `name`, a table or a view.
void require_unmentioned(const Schema& schema, const std::string& name);

/// No view and no trigger reads the column, as far as words tell. Triggers of the table itself may
/// name it behind NEW and OLD when `row_columns` follow, as a rename lets them.
enum class RowColumns { Count, Follow };
void require_unread(const Schema& schema, const std::string& table, const std::string& column,
                    RowColumns row_columns);

/// No column of any table is of that enum.
void require_unused_enum(const Schema& schema, const std::string& enumeration);

/// No key, index, check or foreign key of any table uses the column.
void require_unused(const Schema& schema, const Table& table, const std::string& column);

/// No foreign key refers to `columns`, or they are still unique in `without`, the table after the
/// drop of a primary key, unique constraint or unique index on them.
void require_keys_still_served(const Schema& schema, const Table& without, const Names& columns);

}  // namespace parley::schema
