#pragma once

// Finds and renames names in SQL by looking at its words alone: what stands in single quotes is a
// literal and what follows `--` or stands in `/*…*/` a comment. In a check's or partial index's SQL
// a word before `(` is a function and no column. Pure; any thread.

#include <string>
#include <string_view>

namespace parley::schema {

/// True when `sql` names `column`, quoted or not.
bool mentions_column(std::string_view sql, std::string_view column);

/// `sql` with every mention of `column` replaced; quotes around it stay.
std::string rename_column_in(std::string_view sql, std::string_view column,
                             std::string_view new_name);

/// True when `sql` holds the word `name`, in either letter case, quoted or not, outside literals
/// and comments: how one searches a view or trigger for a table.
bool mentions_name(std::string_view sql, std::string_view name);

/// `sql` with every such word replaced.
std::string rename_in(std::string_view sql, std::string_view name, std::string_view new_name);

/// `sql` with `column` behind `NEW.` and `OLD.` replaced: how a trigger names its table's columns.
std::string rename_row_column_in(std::string_view sql, std::string_view column,
                                 std::string_view new_name);

}  // namespace parley::schema
