#pragma once

// The one-line texts of a revision file, such as `idx_open on sessions (status, created_at desc)`:
// a cursor that reads one from left to right and, when it cannot, says what it expected at which
// column; and the spelling of names for writing one. Words of the grammar are read in either letter
// case.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "migrate/revision_yaml.h"

namespace parley::migrate {

class ShortForm {
 public:
  /// `looks_like` shows how the text should read; it is the hint of every error. Throws
  /// Error{InvalidRevisionFile}, as all that follow do, when `scalar` is not a text. Requires:
  /// `scalar` outlives this.
  ShortForm(const YamlNode& scalar, std::string_view looks_like);

  bool at_end() const { return offset_ == text_.size(); }
  bool is_next(char sign) const { return !at_end() && text_[offset_] == sign; }

  /// Steps over `word` or `sign` when it is next, and tells whether it was.
  bool accept_word(std::string_view word);
  bool accept_words(std::string_view words);  ///< Several, with a space between, or none of them.
  bool accept_sign(std::string_view sign);
  /// The same, for what must be there.
  void expect_word(std::string_view word);
  void expect_sign(std::string_view sign);
  void expect_end();

  /// The next bare word, empty when there is none; `accept_word` steps over it.
  std::string_view peek_word() const;

  /// A name: a word, or anything in double quotes. `what` says what it names.
  std::string name(std::string_view what);
  /// `(a, b)`
  std::vector<std::string> names_in_parentheses(std::string_view what);
  /// A whole number from `lowest` up.
  int whole_number(std::string_view what, int lowest);
  /// Everything up to the next white space.
  std::string_view until_space();
  /// A text in `quote`s, which stand doubled for themselves.
  std::string quoted(char quote, std::string_view what);
  /// What stands between the next `(` and the last `)` of the text: SQL, which is not looked into.
  std::string in_outer_parentheses(std::string_view what);
  /// What stands between the next `(` and the `)` that belongs to it; those in quotes do not count.
  std::string in_parentheses(std::string_view what);
  /// A word and the parentheses right behind it, as they are: `lower(email)`; empty, and no step
  /// made, when that is not next.
  std::string accept_call();
  /// The rest of the text.
  std::string rest(std::string_view what);

  [[noreturn]] void fail_expecting(std::string_view what) const;
  /// `offset` is where the problem stands in the text.
  [[noreturn]] void fail(const std::string& problem, std::size_t offset) const;
  std::size_t offset() const { return offset_; }
  /// To an `offset()` of before.
  void go_back(std::size_t offset) { offset_ = offset; }

 private:
  void skip_spaces();
  std::string next_token() const;
  std::size_t closing_parenthesis(std::size_t open) const;

  const YamlNode& scalar_;
  std::string_view text_;
  std::string_view looks_like_;
  std::size_t offset_ = 0;
};

/// `name` as a short form takes it: bare when it is a plain word, else in double quotes.
std::string name_text(std::string_view name);

/// True when `text` is one bare word, which every reader of names takes.
bool is_plain_word(std::string_view text);

/// `a, b`
std::string names_text(const std::vector<std::string>& names);

/// `text` between `quote`s, with those inside doubled.
std::string quoted_text(std::string_view text, char quote);

}  // namespace parley::migrate
