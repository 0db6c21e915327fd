#pragma once

// Cells that hold JSON as text, in whatever state earlier programs left them: reading never fails.
// Pure functions; any thread.

#include <optional>
#include <string>
#include <vector>

#include "base/json.h"

namespace parley::outreach {

/// The texts of a JSON array; of an empty cell none, and of any other text that text alone.
std::vector<std::string> list_in(const std::optional<std::string>& cell);

/// The cell of these texts: a JSON array.
std::string list_cell(const std::vector<std::string>& texts);

/// Adds what is not in the list yet.
void add_once(std::vector<std::string>& texts, const std::string& text);

/// The JSON object; `{}` of an empty cell, and of any other text `{"raw": text}`.
JsonObject object_in(const std::optional<std::string>& cell);

}  // namespace parley::outreach
