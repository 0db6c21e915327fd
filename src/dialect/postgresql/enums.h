#pragma once

// Enums of PostgreSQL: types of their own. Values can be added and renamed in place; to remove or
// reorder them, a new type takes the old one's place under all columns. Pure; any thread.

#include <string>
#include <vector>

#include "schema/change.h"
#include "schema/schema.h"

namespace parley::dialect {

/// Throw Error{UnsupportedChange} for a value that is too long for the engine, and for a type that
/// a generated column stands on.
std::vector<std::string> postgresql_create_enum(const schema::Enum& enumeration);
std::vector<std::string> postgresql_alter_enum(const schema::AlterEnum& change,
                                               const schema::Schema& before);

/// True when the values that are there stay, in their order, so that ALTER TYPE … ADD VALUE does.
bool postgresql_keeps_enum_type(const schema::AlterEnum& change, const schema::Schema& before);

/// True when ALTER TYPE … ADD VALUE is used: the value may be used only after the transaction.
bool postgresql_adds_enum_value(const schema::AlterEnum& change, const schema::Schema& before);

/// The columns of the table that are of the enum.
std::vector<std::string> postgresql_columns_of_enum(const schema::Table& table,
                                                    const std::string& enumeration);

}  // namespace parley::dialect
