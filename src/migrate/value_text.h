#pragma once

// Column values as JSON, exactly: what a backup file and the resume position of a backfill hold.
// Texts, whole numbers, true, false and null are themselves; bytes are `{"hex": "00ff"}`; numbers
// with a fraction are `{"number": "0.1"}`, because JSON readers round them. Pure.

#include <vector>

#include "base/json.h"
#include "base/value.h"

namespace parley::migrate {

Json to_json(const Value& value);

/// Throws Error{InvalidArgument} for what `to_json` never writes.
Value value_from(const Json& json);

std::string values_to_text(const std::vector<Value>& values);

/// Throws Error{InvalidArgument} when it is not a list of values.
std::vector<Value> values_from_text(std::string_view text);

}  // namespace parley::migrate
