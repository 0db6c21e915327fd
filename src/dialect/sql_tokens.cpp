#include "dialect/sql_tokens.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace parley::dialect {
namespace {

/// PostgreSQL's users make operators such as `@>` and `?|` of these characters.
constexpr std::string_view kOperatorCharacters = "+-*/<>=~!@#%^&|?`";
constexpr std::string_view kMadeCharacters = "~!@#%^&|?`";

bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_word_start(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (c & 0x80) != 0;
}
bool is_word_part(char c) { return is_word_start(c) || is_digit(c) || c == '$'; }

class Tokenizer {
 public:
  Tokenizer(std::string_view sql, const SqlStyle& style) : sql_(sql), style_(style) {}

  std::vector<SqlToken> run() {
    while (skip_blanks(), at_ < sql_.size()) read_token();
    return std::move(tokens_);
  }

 private:
  bool starts_with(std::string_view text) const { return sql_.substr(at_).starts_with(text); }
  char current() const { return sql_[at_]; }

  void skip_to_after(std::string_view end) {
    const std::size_t found = sql_.find(end, at_);
    at_ = found == std::string_view::npos ? sql_.size() : found + end.size();
  }

  void skip_blanks() {
    while (at_ < sql_.size()) {
      if (is_space(current())) {
        ++at_;
      } else if (starts_with("--")) {
        skip_to_after("\n");
      } else if (starts_with("/*")) {
        skip_to_after("*/");
      } else {
        return;
      }
    }
  }

  void read_token() {
    const char c = current();
    const bool is_number =
        is_digit(c) || (c == '.' && at_ + 1 < sql_.size() && is_digit(sql_[at_ + 1]));
    if (style_.more_strings && (starts_with("E'") || starts_with("e'"))) {
      const std::size_t begin = at_++;
      read_quoted(SqlToken::Kind::String, '\'', Escapes::Yes);
      tokens_.back().begin = begin;
    } else if (style_.more_strings && c == '$' && !dollar_tag().empty()) {
      read_dollar_quoted();
    } else if (c == '\'') {
      read_quoted(SqlToken::Kind::String, '\'');
    } else if (c == '"') {
      read_quoted(style_.double_quoted_strings ? SqlToken::Kind::String : SqlToken::Kind::Name,
                  '"');
    } else if (c == '`') {
      read_quoted(SqlToken::Kind::Name, '`');
    } else if (c == '[' && style_.bracketed_names) {
      read_quoted(SqlToken::Kind::Name, ']');
    } else if (is_number) {
      read_number();
    } else if (is_word_start(c)) {
      const std::size_t begin = at_;
      while (at_ < sql_.size() && is_word_part(current())) ++at_;
      add(SqlToken::Kind::Word, lower(sql_.substr(begin, at_ - begin)), begin);
    } else {
      read_symbol();
    }
  }

  /// `$tag$` when it stands here; a `$` before a digit is a parameter.
  std::string_view dollar_tag() const {
    std::size_t end = at_ + 1;
    while (end < sql_.size() && is_word_part(sql_[end]) && sql_[end] != '$') ++end;
    const bool is_tag =
        end < sql_.size() && sql_[end] == '$' && (end == at_ + 1 || is_word_start(sql_[at_ + 1]));
    return is_tag ? sql_.substr(at_, end + 1 - at_) : std::string_view();
  }

  void read_dollar_quoted() {
    const std::size_t begin = at_;
    const std::string_view tag = dollar_tag();
    at_ += tag.size();
    const std::size_t text = at_;
    skip_to_after(tag);
    const std::size_t end = sql_.substr(text, at_ - text).ends_with(tag) ? at_ - tag.size() : at_;
    add(SqlToken::Kind::String, std::string(sql_.substr(text, end - text)), begin);
  }

  enum class Escapes { ByStyle, Yes };

  void read_quoted(SqlToken::Kind kind, char quote, Escapes wanted = Escapes::ByStyle) {
    const std::size_t begin = at_++;
    const bool escapes =
        kind == SqlToken::Kind::String && (style_.backslash_escapes || wanted == Escapes::Yes);
    std::string text;
    while (at_ < sql_.size()) {
      const char c = sql_[at_++];
      if (c == '\\' && escapes && at_ < sql_.size()) {
        // MySQL keeps the backslash of a pattern.
        if (current() == '%' || current() == '_') text += c;
        text += unescaped(sql_[at_++]);
      } else if (c != quote) {
        text += c;
      } else if (at_ < sql_.size() && current() == quote) {
        text += sql_[at_++];
      } else {
        break;
      }
    }
    add(kind, std::move(text), begin);
  }

  // MySQL manual, "String Literals", table of special character escape sequences.
  static char unescaped(char c) {
    switch (c) {
      case 'n': return '\n';
      case 't': return '\t';
      case 'r': return '\r';
      case 'b': return '\b';
      case '0': return '\0';
      case 'Z': return '\x1a';
      default: return c;
    }
  }

  void read_number() {
    const std::size_t begin = at_;
    while (at_ < sql_.size()) {
      const char before = at_ > begin ? sql_[at_ - 1] : '0';
      const bool is_exponent_sign =
          (current() == '+' || current() == '-') && (before == 'e' || before == 'E');
      if (!is_word_part(current()) && current() != '.' && !is_exponent_sign) break;
      ++at_;
    }
    add(SqlToken::Kind::Number, std::string(sql_.substr(begin, at_ - begin)), begin);
  }

  /// How PostgreSQL cuts operators (manual, section 4.1.3): as long as can be, but a `+` or `-`
  /// ends only those with a character that no operator of the standard has.
  std::size_t made_operator_length() const {
    std::size_t length = 0;
    while (at_ + length < sql_.size() &&
           kOperatorCharacters.find(sql_[at_ + length]) != std::string_view::npos) {
      ++length;
    }
    const std::string_view run = sql_.substr(at_, length);
    if (run.find_first_of(kMadeCharacters) != std::string_view::npos) return length;
    while (length > 1 && (run[length - 1] == '+' || run[length - 1] == '-')) --length;
    return length;
  }

  void read_symbol() {
    static constexpr std::array<std::string_view, 16> kLongSymbols = {
        "!~~*", "~~*", "!~~", "->>", "<=>", "~~", "->", "::",
        "||",   "<>",  "!=",  "<=",  ">=",  "==", "<<", ">>"};
    const std::size_t begin = at_;
    if (style_.more_strings && made_operator_length() > 0) {
      at_ += made_operator_length();
      add(SqlToken::Kind::Symbol, std::string(sql_.substr(begin, at_ - begin)), begin);
      return;
    }
    const auto found = std::find_if(kLongSymbols.begin(), kLongSymbols.end(),
                                    [&](std::string_view symbol) { return starts_with(symbol); });
    at_ += found == kLongSymbols.end() ? 1 : found->size();
    add(SqlToken::Kind::Symbol, std::string(sql_.substr(begin, at_ - begin)), begin);
  }

  void add(SqlToken::Kind kind, std::string text, std::size_t begin) {
    tokens_.push_back({.kind = kind, .text = std::move(text), .begin = begin, .end = at_});
  }

  std::string_view sql_;
  const SqlStyle& style_;
  std::size_t at_ = 0;
  std::vector<SqlToken> tokens_;
};

std::string spelled(const SqlToken& token, const SqlStyle& style) {
  switch (token.kind) {
    case SqlToken::Kind::Name: return quote_name(token.text, style);
    case SqlToken::Kind::String: return quote_string(token.text, style);
    case SqlToken::Kind::Word:
    case SqlToken::Kind::Number:
    case SqlToken::Kind::Symbol: break;
  }
  return token.text;
}

bool is_made_operator(std::string_view text) {
  return text.find_first_not_of(kOperatorCharacters) == std::string_view::npos &&
         text.find_first_of(kMadeCharacters) != std::string_view::npos;
}

}  // namespace

std::vector<SqlToken> tokenize(std::string_view sql, const SqlStyle& style) {
  return Tokenizer(sql, style).run();
}

std::string canonical_tokens(std::string_view sql, const SqlStyle& style) {
  const auto sticks_to_next = [](std::string_view text) {
    return text == "(" || text == "," || text == ".";
  };
  const auto sticks_to_last = [](std::string_view text) {
    return text == "(" || text == ")" || text == "," || text == ".";
  };
  std::string result;
  std::string last = "(";
  std::size_t last_end = 0;
  bool is_behind_word = false;
  for (const SqlToken& token : tokenize(sql, style)) {
    const std::string text = spelled(token, style);
    const bool is_next = token.begin == last_end;
    const bool continues = is_next && token.kind == SqlToken::Kind::Symbol &&
                           (is_made_operator(last + text) || last + text == ":=");
    // x'00' is one literal.
    const bool is_prefixed = is_next && is_behind_word && token.kind == SqlToken::Kind::String;
    const bool sticks = continues || is_prefixed || sticks_to_next(last) || sticks_to_last(text);
    if (!sticks) result += ' ';
    result += text;
    last = continues ? last + text : text;
    last_end = token.end;
    is_behind_word = token.kind == SqlToken::Kind::Word;
  }
  return result;
}

}  // namespace parley::dialect
