#pragma once

// JSON columns as the code reads them. Databases of before Parley hold JSON text inside a JSON
// text, or NULL, where a list or an object belongs: both are read as what was meant, and what is
// neither reads as empty. Pure functions; any thread.

#include <optional>
#include <string>
#include <string_view>

#include "base/json.h"

namespace parley::leads {

/// The list that is stored; empty when it is something else.
json::array list_in(const std::optional<Json>& stored);

/// The object that is stored; empty when it is something else.
JsonObject object_in(const std::optional<Json>& stored);

/// The text of a field that is a text; nothing when it is absent, empty or something else.
std::optional<std::string> text_at(const JsonObject& object, std::string_view field);

/// The number of a field that is a number, or a text that is one; nothing otherwise.
std::optional<double> number_at(const JsonObject& object, std::string_view field);

/// The object in a field; null when there is none.
const JsonObject* object_at(const JsonObject& object, std::string_view field);

}  // namespace parley::leads
