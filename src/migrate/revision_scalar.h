#pragma once

// How texts are written into a YAML file: bare where YAML allows it, in quotes where it would take
// them for something else, and as a block where they have several lines. Whatever is written reads
// back as the same text. Pure functions.

#include <string>
#include <string_view>
#include <vector>

namespace parley::migrate {

using Lines = std::vector<std::string>;

/// `text` as a key or value on one line.
std::string yaml_scalar(std::string_view text);

/// `[a, b]`
std::string yaml_list(const std::vector<std::string>& texts);

/// `key: text`; a text of several lines becomes a literal block below the key, where YAML can keep
/// it exactly.
Lines yaml_field(std::string_view key, std::string_view text);

/// The lines one level deeper.
Lines indented(Lines lines);

/// The lines as one item of a list: `- ` before the first, the others below it.
Lines list_item(Lines lines);

/// Adds `more` at the end of `lines`.
void append(Lines& lines, Lines more);

}  // namespace parley::migrate
