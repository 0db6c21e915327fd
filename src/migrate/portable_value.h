#pragma once

// A value on its way from one engine to another: engines hand out what they were declared to hold
// in forms of their own (a boolean as 0 or 1, a time with or without a zone, JSON with its keys in
// another order). Pure; any thread.

#include <string>

#include "base/value.h"
#include "schema/schema.h"

namespace parley::migrate {

/// `value`, which a column of `type` held, in the form that every engine takes. Throws
/// Error{DatabaseFailure} saying what it got when it cannot be of that type; `table` and `column`
/// are for that message.
Value portable(Value value, const schema::Type& type, const std::string& table,
               const std::string& column);

/// The same in the one form that is equal for equal values, for comparing what two engines hold.
/// `digits`: of the fraction of a second that both keep, 0 to 6.
Value comparable(Value value, const schema::Type& type, int digits, const std::string& table,
                 const std::string& column);

}  // namespace parley::migrate
