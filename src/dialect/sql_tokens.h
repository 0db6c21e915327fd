#pragma once

// Cuts SQL text into words, names, strings, numbers and symbols, without comments and white space.
// It is what everything stands on that reads SQL the engines give back: stored CREATE statements,
// defaults, conditions. Pure; any thread.

#include <string>
#include <string_view>
#include <vector>

#include "dialect/sql_style.h"

namespace parley::dialect {

struct SqlToken {
  enum class Kind { Word, Name, String, Number, Symbol };

  Kind kind = Kind::Symbol;
  std::string text;       ///< Word: lower case. Name, String: without quotes. Others: as written.
  std::size_t begin = 0;  ///< Where it stands in the text, quotes included: [begin, end).
  std::size_t end = 0;

  bool is(std::string_view word_or_symbol) const {
    return (kind == Kind::Word || kind == Kind::Symbol) && text == word_or_symbol;
  }
};

/// The tokens of `sql`. Never fails: a quote that is not closed ends with the text.
std::vector<SqlToken> tokenize(std::string_view sql, const SqlStyle& style);

/// `sql` in one spelling, without looking at its meaning: words in lower case, quotes only where
/// needed, single spaces.
std::string canonical_tokens(std::string_view sql, const SqlStyle& style);

}  // namespace parley::dialect
