#pragma once

// Texts with holes for values. A hole has exactly three forms: `{{name}}`, `<name/>`, `<name>`,
// with no blanks inside; a name is ASCII letters, digits and `_`, and does not begin with a digit.
// Everything else is text, `{name}` and `</name>` too. Pure functions; any thread.

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace parley::ai {

using Variables = std::map<std::string, std::string, std::less<>>;

struct Filled {
  std::string text;
  /// The names that had no value, or an empty one, and stay in the text as they were; in the order
  /// of the text, each once.
  std::vector<std::string> missing;
};

/// Puts the values in. The template is read once, from its start: what a value brings in is never
/// searched for holes, so that nobody who is named in a prompt writes a part of it.
Filled fill(std::string_view text, const Variables& values);

/// The names in a template, in its order, each once.
std::vector<std::string> variables_of(std::string_view text);

}  // namespace parley::ai
