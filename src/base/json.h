#pragma once

// The JSON library of the project and the two calls that everybody needs.

#include <boost/json.hpp>
#include <string>
#include <string_view>

namespace parley {

namespace json = boost::json;
using Json = json::value;
using JsonObject = json::object;

/// Reads one JSON text (RFC 8259), at most 64 levels deep. Throws Error{InvalidArgument} that names
/// the line and column of what cannot be read.
Json parse_json(std::string_view text);

/// The text of `value`, without white space.
std::string to_text(const Json& value);

}  // namespace parley
