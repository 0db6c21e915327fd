#pragma once

// A value such as `-1` or `-3:current` begins like a flag, and the library that reads the command
// line would take it for one. So its dash is replaced before and put back after. Pure functions.

#include <string>

namespace parley::cli {

/// Stands for the dash while the library reads the words.
inline constexpr char kHiddenDash = '\x1f';

/// `word` with its dash hidden, if a digit follows it.
inline std::string with_hidden_dash(std::string word) {
  const bool is_negative = word.size() > 1 && word[0] == '-' && word[1] >= '0' && word[1] <= '9';
  if (is_negative) word[0] = kHiddenDash;
  return word;
}

/// The word as it was typed.
inline std::string with_dash(std::string word) {
  if (!word.empty() && word[0] == kHiddenDash) word[0] = '-';
  return word;
}

}  // namespace parley::cli
