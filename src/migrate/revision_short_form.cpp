#include "migrate/revision_short_form.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "base/text.h"

namespace parley::migrate {
namespace {

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

bool is_word_character(char c) {
  const bool is_ascii = static_cast<unsigned char>(c) < 0x80;
  return !is_ascii || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         c == '_' || c == '$';
}

/// Names that would be read as a word of the grammar in some place, or look as if they were.
bool is_grammar_word(std::string_view name) {
  constexpr auto kWords = std::to_array<std::string_view>(
      {"unique", "on", "to", "where", "asc", "desc", "null", "default"});
  return std::ranges::any_of(kWords, [&](auto word) { return equals_ignoring_case(name, word); });
}

}  // namespace

ShortForm::ShortForm(const YamlNode& scalar, std::string_view looks_like)
    : scalar_(scalar), text_(scalar.text), looks_like_(looks_like) {
  if (scalar.kind != YamlNode::Kind::Scalar) {
    fail_at(scalar.position, "expected a text on one line", "It reads: " + std::string(looks_like));
  }
  text_ = text_.substr(0, text_.find_last_not_of(" \t\r\n") + 1);
  skip_spaces();
}

bool ShortForm::accept_word(std::string_view word) {
  if (!equals_ignoring_case(peek_word(), word)) return false;
  offset_ += word.size();
  skip_spaces();
  return true;
}

bool ShortForm::accept_words(std::string_view words) {
  const std::size_t begin = offset_;
  for (const std::string& word : split(words, ' ')) {
    if (accept_word(word)) continue;
    offset_ = begin;
    return false;
  }
  return true;
}

bool ShortForm::accept_sign(std::string_view sign) {
  if (!text_.substr(offset_).starts_with(sign)) return false;
  offset_ += sign.size();
  skip_spaces();
  return true;
}

void ShortForm::expect_word(std::string_view word) {
  if (!accept_word(word)) fail_expecting(fmt::format("'{}'", word));
}

void ShortForm::expect_sign(std::string_view sign) {
  if (!accept_sign(sign)) fail_expecting(fmt::format("'{}'", sign));
}

void ShortForm::expect_end() {
  if (!at_end()) fail(fmt::format("'{}' is not expected here", next_token()), offset_);
}

std::string_view ShortForm::peek_word() const {
  const auto rest = text_.substr(offset_);
  const auto end = std::ranges::find_if_not(rest, is_word_character);
  return rest.substr(0, static_cast<std::size_t>(end - rest.begin()));
}

std::string ShortForm::name(std::string_view what) {
  if (is_next('"')) {
    const std::size_t begin = offset_;
    std::string name = quoted('"', what);
    if (name.empty()) fail(fmt::format("{} is empty", what), begin);
    return name;
  }
  const std::string word(peek_word());
  if (word.empty()) fail_expecting(what);
  offset_ += word.size();
  skip_spaces();
  return word;
}

std::vector<std::string> ShortForm::names_in_parentheses(std::string_view what) {
  expect_sign("(");
  std::vector<std::string> names;
  do {
    names.push_back(name(what));
  } while (accept_sign(","));
  expect_sign(")");
  return names;
}

int ShortForm::whole_number(std::string_view what, int lowest) {
  const std::string_view digits = peek_word();
  int number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (error != std::errc() || end != digits.data() + digits.size() || number < lowest) {
    fail_expecting(fmt::format("{}, a whole number from {} up", what, lowest));
  }
  offset_ += digits.size();
  skip_spaces();
  return number;
}

std::string_view ShortForm::until_space() {
  const auto rest = text_.substr(offset_);
  const auto end = std::ranges::find_if(rest, is_space);
  const auto word = rest.substr(0, static_cast<std::size_t>(end - rest.begin()));
  offset_ += word.size();
  skip_spaces();
  return word;
}

std::string ShortForm::quoted(char quote, std::string_view what) {
  if (!is_next(quote)) fail_expecting(what);
  std::string content;
  for (std::size_t i = offset_ + 1; i < text_.size(); ++i) {
    if (text_[i] != quote) {
      content += text_[i];
    } else if (i + 1 < text_.size() && text_[i + 1] == quote) {
      content += text_[i++];
    } else {
      offset_ = i + 1;
      skip_spaces();
      return content;
    }
  }
  fail(fmt::format("the closing {} is missing", quote), offset_);
}

std::string ShortForm::in_outer_parentheses(std::string_view what) {
  if (!is_next('(')) fail_expecting(fmt::format("{} in parentheses", what));
  const std::size_t close = text_.rfind(')');
  if (close == text_.npos || close < offset_) fail("the closing ) is missing", offset_);
  const std::string sql(trim(text_.substr(offset_ + 1, close - offset_ - 1)));
  if (sql.empty()) fail(fmt::format("{} is empty", what), offset_);
  offset_ = close + 1;
  skip_spaces();
  return sql;
}

std::string ShortForm::in_parentheses(std::string_view what) {
  if (!is_next('(')) fail_expecting(fmt::format("{} in parentheses", what));
  const std::size_t close = closing_parenthesis(offset_);
  if (close == text_.npos) fail("the closing ) is missing", offset_);
  const std::string sql(trim(text_.substr(offset_ + 1, close - offset_ - 1)));
  if (sql.empty()) fail(fmt::format("{} is empty", what), offset_);
  offset_ = close + 1;
  skip_spaces();
  return sql;
}

std::string ShortForm::accept_call() {
  const std::size_t open = offset_ + peek_word().size();
  if (open == offset_ || open >= text_.size() || text_[open] != '(') return {};
  const std::size_t close = closing_parenthesis(open);
  if (close == text_.npos) fail("the closing ) is missing", open);
  std::string call(text_.substr(offset_, close + 1 - offset_));
  offset_ = close + 1;
  skip_spaces();
  return call;
}

std::string ShortForm::rest(std::string_view what) {
  if (at_end()) fail_expecting(what);
  const std::string rest(text_.substr(offset_));
  offset_ = text_.size();
  return rest;
}

void ShortForm::fail_expecting(std::string_view what) const {
  fail(at_end() ? fmt::format("expected {} at the end", what)
                : fmt::format("expected {}, found '{}'", what, next_token()),
       offset_);
}

void ShortForm::fail(const std::string& problem, std::size_t offset) const {
  fail_at(scalar_.position_in_text(offset), fmt::format("{}, in: {}", problem, text_),
          "It reads: " + std::string(looks_like_));
}

void ShortForm::skip_spaces() {
  while (!at_end() && is_space(text_[offset_])) ++offset_;
}

std::string ShortForm::next_token() const {
  const std::string_view word = peek_word();
  return std::string(word.empty() ? text_.substr(offset_, 1) : word);
}

/// The offset of the `)` that closes the `(` at `open`; npos when there is none.
std::size_t ShortForm::closing_parenthesis(std::size_t open) const {
  int depth = 0;
  for (std::size_t i = open; i < text_.size(); ++i) {
    const char c = text_[i];
    if (c == '\'' || c == '"' || c == '`') {
      // A doubled quote ends one quoted text and begins the next, which is as good.
      i = text_.find(c, i + 1);
      if (i == text_.npos) return i;
    }
    if (c == '(') ++depth;
    if (c == ')' && --depth == 0) return i;
  }
  return text_.npos;
}

bool is_plain_word(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, is_word_character);
}

std::string name_text(std::string_view name) {
  return is_plain_word(name) && !is_grammar_word(name) ? std::string(name) : quoted_text(name, '"');
}

std::string names_text(const std::vector<std::string>& names) {
  std::vector<std::string> texts;
  for (const std::string& name : names) texts.push_back(name_text(name));
  return join(texts, ", ");
}

std::string quoted_text(std::string_view text, char quote) {
  std::string quoted(1, quote);
  for (const char c : text) quoted.append(c == quote ? 2 : 1, c);
  return quoted + quote;
}

}  // namespace parley::migrate
