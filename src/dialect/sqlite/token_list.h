#pragma once

// Small steps over the tokens of a stored CREATE statement, which `stored_sql.cpp` and
// `stored_object.cpp` share. Pure; any thread.

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "dialect/sql_tokens.h"

namespace parley::dialect {

/// A run of tokens: one definition of a table, one part of an index.
using Tokens = std::span<const SqlToken>;

/// The position behind the parenthesis that closes the one at `open`.
std::size_t after_parenthesis(Tokens tokens, std::size_t open);

/// The position of the first token that is `word`, from `from` on; the number of tokens when there
/// is none.
std::size_t find_token(Tokens tokens, std::string_view word, std::size_t from = 0);

/// The tokens between the parenthesis at `open` and its end, cut at the commas on the top level.
std::vector<Tokens> list_at(Tokens tokens, std::size_t open);

/// The identifier at `at` of `sql` with its letters, which a word token has lost; empty behind the
/// end.
std::string name_at(std::string_view sql, Tokens tokens, std::size_t at);

/// The text of the tokens as it stands in `sql`, without parentheses around the whole.
std::string source_text(std::string_view sql, Tokens tokens);

}  // namespace parley::dialect
