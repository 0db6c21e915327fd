#pragma once

// Finds and renames columns in a check's or partial index's SQL, by looking at its words alone:
// what stands in single quotes is a literal, a word before `(` a function. Pure; used by this
// folder only.

#include <string>
#include <string_view>

namespace parley::schema {

/// True when `sql` names `column`, quoted or not.
bool mentions_column(std::string_view sql, std::string_view column);

/// `sql` with every mention of `column` replaced; quotes around it stay.
std::string rename_column_in(std::string_view sql, std::string_view column,
                             std::string_view new_name);

}  // namespace parley::schema
