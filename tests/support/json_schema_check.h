#pragma once

// Checks JSON values against JSON schemas: the keywords that our OpenAPI document uses, and an
// unknown keyword is a mismatch, so that none is passed over. Pure; any thread.

#include <string>
#include <vector>

#include "base/json.h"

namespace parley::test {

enum class UnknownFields {
  Allowed,  ///< As JSON Schema says, for requests.
  Refused   ///< A field that an object schema with `properties` does not name is a mismatch, for
            ///< answers: whoever adds a field has to describe it.
};

/// What does not fit, each with the JSON pointer of the value; empty when `value` is valid.
/// References are looked up in `document`.
std::vector<std::string> schema_mismatches(const Json& document, const Json& schema,
                                           const Json& value, UnknownFields unknown);

/// What `reference`, a `#/…` of `document`, refers to; null when there is nothing.
const Json* resolve(const Json& document, std::string_view reference);

}  // namespace parley::test
