#pragma once

// Enums where the engine has no type for them that outlives a column: a column of text, as long as
// the enum's column says, with a check that lists the values. The check's name tells the enum, so
// that inspection finds the way back. SQLite, MySQL and MariaDB use this; PostgreSQL has types.
// Pure; any thread.

#include <string>

#include "dialect/sql_style.h"
#include "schema/schema.h"

namespace parley::dialect {

/// `enum_<enum>__<table>_<column>`, the name of the check that stands for the enum on a column.
std::string enum_check_name(std::string_view enumeration, std::string_view table,
                            std::string_view column);

/// The text type and the check that stand for the enum on `column`. Throws
/// Error{InvalidRevisionFile} when `schema` has no such enum. Requires: the column is of an enum.
schema::Type enum_text_type(const schema::Column& column, const schema::Schema& schema);
schema::Check enum_check(const schema::Column& column, const std::string& table,
                         const schema::Schema& schema, const SqlStyle& style);

/// `table` as these engines hold it: each column of an enum as text, with its check.
schema::Table with_enum_checks(schema::Table table, const schema::Schema& schema,
                               const SqlStyle& style);

/// The way back, for what inspection found: columns with such a check become columns of the enum,
/// which joins `schema.enums`. A column whose check lists other values than that of an earlier
/// column of the enum stays text with a check: it has drifted.
void recognize_enums(schema::Schema& schema, const SqlStyle& style);

/// What these engines keep of enums: each column's length at least that of the longest value, and
/// only the enums that some column uses.
void normalize_enums(schema::Schema& schema);

}  // namespace parley::dialect
