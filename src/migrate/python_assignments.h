#pragma once

// What an Alembic revision file says of itself, read without running it: the strings that its
// module-level assignments give to a name, and its docstring. Pure; any thread.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace parley::migrate {

/// The strings assigned to `name` at the beginning of a line: one for `x = "a"`, several for a
/// tuple or list, none for None; nothing at all when there is no such assignment. Annotations and
/// values over several lines are understood.
std::optional<std::vector<std::string>> assigned_strings(std::string_view python,
                                                         std::string_view name);

/// The first line of the docstring that the file begins with; empty when there is none.
std::string docstring_title(std::string_view python);

}  // namespace parley::migrate
