#pragma once

// Values of one type as one parameter: the text of an SQL array, `{"a",NULL,"b"}` (PostgreSQL
// manual, "Arrays", 8.15.6). For engines whose dialect has array types. Pure; any thread.

#include <cstddef>
#include <span>
#include <string>

#include "base/value.h"

namespace parley::store::detail {

/// The array of every `step`-th value, from the first on. Throws Error{InvalidArgument} for bytes,
/// which have no text that means the same on every server setting. Requires: step ≥ 1.
std::string array_text(std::span<const Value> values, std::size_t step = 1);

}  // namespace parley::store::detail
