#pragma once

// Conditions and defaults in one spelling. Engines do not keep the text of a CHECK, of a partial
// index or of a default: PostgreSQL adds casts and parentheses, MariaDB takes them away, both
// rewrite IN, BETWEEN and NOT. Here such text is read into a small tree and written again, so that
// what was asked for and what the catalogue says become equal text, which the engine still accepts.
// What the reader does not understand (CASE, subqueries) is only brought to one spelling of its
// words. Pure; any thread.

#include <optional>
#include <string>
#include <string_view>

#include "dialect/sql_style.h"
#include "schema/schema.h"

namespace parley::dialect {

/// `sql` in the one spelling. `table` tells the types of the columns, so that casts which
/// PostgreSQL adds to text columns can be told from the user's own; null when there is none.
std::string canonical_expression(std::string_view sql, const SqlStyle& style,
                                 const schema::Table* table);

/// The default that the SQL text stands for: literals and the current time as such, everything else
/// as an `Expression` in the one spelling. Nothing for NULL and for empty text.
std::optional<schema::Default> default_from_sql(std::string_view sql, const SqlStyle& style);

/// `default_value` as a column of that type keeps it: `0` on a boolean is false, `0.00` is `0`, a
/// JSON text has no blanks. What does not fit the type stays as it is.
std::optional<schema::Default> normal_default(const std::optional<schema::Default>& default_value,
                                              const schema::Type& type, const SqlStyle& style);

/// The default as DDL writes it behind DEFAULT.
std::string default_text(const schema::Default& default_value, const SqlStyle& style);

/// A decimal number without needless signs, zeros and exponents: `-0.50` for `-.5e0` is `-0.5`.
/// Nothing when `text` is no number.
std::optional<std::string> canonical_number(std::string_view text);

/// The bytes that pairs of hexadecimal digits stand for; `digits` itself when it is something else.
std::string bytes_from_hex(std::string_view digits);

}  // namespace parley::dialect
