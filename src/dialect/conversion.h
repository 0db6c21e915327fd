#pragma once

// Which values of a column do not survive becoming another type. Pure; any thread.

#include <string>

#include "dialect/dialect.h"
#include "schema/schema.h"

namespace parley::dialect {

/// The SQL condition for the rows whose value in `column` is no number of `type`, or one outside of
/// its range; empty when every value survives or nobody can tell beforehand. Requires: `type` is a
/// type of numbers.
std::string is_no_number(const schema::Column& column, const schema::Type& type,
                         const Dialect& dialect);

/// `text`, an expression that gives a text, as a value of the enum `type`. Most engines take the
/// text as it is.
std::string enum_from_text(const std::string& text, const schema::Type& type,
                           const Dialect& dialect);

}  // namespace parley::dialect
