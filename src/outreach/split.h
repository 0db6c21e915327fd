#pragma once

// A long text as several messages, and the columns of a list as the names of template variables.
// Pure functions; any thread.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"

namespace parley::outreach {

/// Characters of one WhatsApp message.
inline constexpr std::size_t kPartCharactersMax = 4096;

/// A part that does not go out as it was.
struct CutPart {
  enum class Reason { TooLong, Surplus };

  std::size_t position = 0;  ///< Among all parts, from 0.
  Reason reason = Reason::TooLong;
  std::string content;  ///< The whole part.

  bool operator==(const CutPart&) const = default;
};

struct SplitText {
  std::vector<std::string> parts;
  std::vector<CutPart> cut;

  bool operator==(const SplitText&) const = default;
};

/// The pieces between blank lines, after the ends of sentences (`. ! ?` and a blank), or between
/// delimiters; without white space at their ends, empty ones left out. Requires: the delimiter is
/// not empty.
std::vector<std::string> paragraphs_of(std::string_view text);
std::vector<std::string> sentences_of(std::string_view text);
std::vector<std::string> pieces_between(std::string_view text, std::string_view delimiter);

/// At most `parts_max` parts. One that is too long is shortened and ends in `...`; what was
/// shortened and what was left out is named.
SplitText fit(std::vector<std::string> parts, std::size_t parts_max);

/// The variable of each column, in order: lower-case letters, digits and `_`, no two alike.
std::vector<std::string> variable_names(const std::vector<std::string>& columns);

/// What the values of a column are: `number`, `boolean`, `date`, `email`, `phone`, `url`, or `text`
/// when they are anything else, of several kinds, or none.
std::string data_type_of(const std::vector<std::string>& values);

}  // namespace parley::outreach
