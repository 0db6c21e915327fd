#pragma once

// The difference of two texts, line by line, as people read it. Pure.

#include <string>
#include <string_view>

namespace parley {

/// The unified diff of two texts: `--- before_name`, `+++ after_name`, then the changed lines with
/// up to three unchanged ones around them, in hunks. Empty when the lines are equal. Texts of more
/// than 5 000 differing lines are shown as one replaced by the other.
std::string unified_diff(std::string_view before, std::string_view after,
                         std::string_view before_name, std::string_view after_name);

}  // namespace parley
