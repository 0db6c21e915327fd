#include "dialect/client_script.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "base/text.h"

namespace parley::dialect {
namespace {

struct ClientRules {
  bool dollar_quotes = false;
  bool backslash_lines = false;    ///< `\connect`: psql's own.
  bool dot_lines = false;          ///< `.mode`: the sqlite3 shell's own.
  bool delimiter_lines = false;    ///< `DELIMITER ;;`: the mysql client's own.
  bool backslash_escapes = false;  ///< In literals.
  bool hash_comments = false;
  bool executable_comments = false;  ///< `/*!40101 SET … */` is a statement.
  bool bracketed_names = false;
  bool nested_comments = false;
};

ClientRules rules_of(std::string_view dialect) {
  if (dialect == "sqlite") return {.dot_lines = true, .bracketed_names = true};
  if (dialect == "postgresql") {
    return {.dollar_quotes = true, .backslash_lines = true, .nested_comments = true};
  }
  return {.delimiter_lines = true,
          .backslash_escapes = true,
          .hash_comments = true,
          .executable_comments = true};
}

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_word_character(char c) {
  return is_letter(c) || (c >= '0' && c <= '9') || c == '$' ||
         (static_cast<unsigned char>(c) & 0x80);
}
bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\f'; }

class Splitter {
 public:
  Splitter(std::string_view script, const ClientRules& rules) : script_(script), rules_(rules) {}

  std::vector<ScriptStatement> run() {
    while (at_ < script_.size()) {
      if (is_between_statements() && skip_client_line()) continue;
      step();
    }
    if (depth_ > 0) refuse(begin_, "a body that begins here has no END");
    finish();
    return std::move(statements_);
  }

 private:
  bool is_between_statements() const { return begin_ == npos; }
  bool starts_with(std::string_view text) const { return script_.substr(at_).starts_with(text); }
  std::string_view rest_of_line() const {
    return script_.substr(at_, script_.find('\n', at_) - at_);
  }
  void skip_line() { at_ = std::min(script_.size(), script_.find('\n', at_)); }

  std::size_t line_of(std::size_t position) const {
    const auto before = script_.substr(0, position);
    return 1 + static_cast<std::size_t>(std::ranges::count(before, '\n'));
  }

  [[noreturn]] void refuse(std::size_t position, std::string_view what) const {
    throw Error(ErrorCode::InvalidArgument, fmt::format("line {}: {}", line_of(position), what));
  }

  /// Lines that only the client understands stand between statements.
  bool skip_client_line() {
    const char c = script_[at_];
    if (rules_.backslash_lines && c == '\\') return skip_line(), true;
    const bool is_at_line_start = at_ == 0 || script_[at_ - 1] == '\n';
    if (rules_.dot_lines && c == '.' && is_at_line_start) return skip_line(), true;
    // mariadb-dump's first line tells the client, and nobody else, to be careful.
    if (rules_.executable_comments && starts_with("/*M!999999\\-")) return skip_line(), true;
    constexpr std::string_view kDelimiter = "delimiter";
    if (!rules_.delimiter_lines || !equals_ignoring_case(script_.substr(at_, 9), kDelimiter)) {
      return false;
    }
    if (at_ + 9 >= script_.size() || !is_blank(script_[at_ + 9])) return false;
    const std::string_view delimiter = trim(rest_of_line().substr(9));
    if (!delimiter.empty()) delimiter_ = delimiter;
    skip_line();
    return true;
  }

  void step() {
    const char c = script_[at_];
    if (skip_comment()) return;
    if (starts_with(delimiter_) && depth_ == 0) {
      finish();
      at_ += delimiter_.size();
      return;
    }
    if (is_blank(c)) {
      ++at_;
      return;
    }
    if (is_between_statements()) begin_ = at_;
    if (c == '\'' || c == '"' || c == '`') {
      skip_quoted(c, rules_.backslash_escapes || is_escape_literal());
    } else if (c == '[' && rules_.bracketed_names) {
      skip_to("]", "a name that begins here is not closed");
    } else if (c == '$' && rules_.dollar_quotes && skip_dollar_quoted()) {
    } else if (is_letter(c)) {
      read_word();
    } else {
      ++at_;
    }
    if (at_ <= script_.size()) end_ = at_;
  }

  /// PostgreSQL's E'…' has escapes where a plain literal has none.
  bool is_escape_literal() const {
    if (!rules_.dollar_quotes || at_ == 0) return false;
    const char before = script_[at_ - 1];
    const bool is_marked = before == 'e' || before == 'E';
    return is_marked && (at_ < 2 || !is_word_character(script_[at_ - 2]));
  }

  bool skip_comment() {
    if (starts_with("--") || (rules_.hash_comments && script_[at_] == '#')) {
      skip_line();
      return true;
    }
    if (!starts_with("/*")) return false;
    if (rules_.executable_comments && (starts_with("/*!") || starts_with("/*M!"))) {
      if (is_between_statements()) begin_ = at_;
      skip_to("*/", "a comment that begins here is not closed");
      end_ = at_;
      return true;
    }
    skip_block_comment();
    return true;
  }

  void skip_block_comment() {
    const std::size_t start = at_;
    int depth = 0;
    while (at_ < script_.size()) {
      if (starts_with("/*") && (depth == 0 || rules_.nested_comments)) {
        ++depth;
        at_ += 2;
      } else if (starts_with("*/")) {
        at_ += 2;
        if (--depth == 0) return;
      } else {
        ++at_;
      }
    }
    refuse(start, "a comment that begins here is not closed");
  }

  void skip_to(std::string_view closing, std::string_view complaint) {
    const std::size_t end = script_.find(closing, at_ + 1);
    if (end == npos) refuse(at_, complaint);
    at_ = end + closing.size();
  }

  void skip_quoted(char quote, bool has_escapes) {
    const std::size_t start = at_++;
    while (at_ < script_.size()) {
      const char c = script_[at_];
      if (c == '\\' && has_escapes && quote != '`') {
        at_ += 2;
      } else if (c == quote) {
        ++at_;
        return;  // A doubled quote begins the next piece, which changes nothing.
      } else {
        ++at_;
      }
    }
    refuse(start, "a quote that begins here is not closed");
  }

  /// `$$ … $$` and `$body$ … $body$`; false for `$1`.
  bool skip_dollar_quoted() {
    std::size_t end = at_ + 1;
    while (end < script_.size() && is_word_character(script_[end]) && script_[end] != '$') ++end;
    const bool is_quote = end < script_.size() && script_[end] == '$' &&
                          (end == at_ + 1 || is_letter(script_[at_ + 1])) &&
                          (at_ == 0 || !is_word_character(script_[at_ - 1]));
    if (!is_quote) return false;
    const std::string_view tag = script_.substr(at_, end + 1 - at_);
    const std::size_t closing = script_.find(tag, end + 1);
    if (closing == npos) refuse(at_, "a dollar quote that begins here is not closed");
    at_ = closing + tag.size();
    return true;
  }

  /// Knows the bodies that hold semicolons: SQLite's triggers, PostgreSQL's BEGIN ATOMIC.
  void read_word() {
    const std::size_t start = at_;
    while (at_ < script_.size() && is_word_character(script_[at_])) ++at_;
    const std::string word = lower(script_.substr(start, at_ - start));
    if (start == begin_) {
      is_create_ = word == "create";
      is_trigger_ = false;
    }
    if (word == "trigger" && is_create_) is_trigger_ = true;
    if (rules_.dot_lines && is_trigger_) {
      if (word == "begin" && depth_ == 0) depth_ = 1;
      if (word == "case" && depth_ > 0) ++depth_;
      if (word == "end" && depth_ > 0) --depth_;
    } else if (rules_.dollar_quotes && is_create_) {
      if (word == "atomic" && last_word_ == "begin") depth_ = 1;
      if (word == "case" && depth_ > 0) ++depth_;
      if (word == "end" && depth_ > 0) --depth_;
    }
    last_word_ = word;
  }

  void finish() {
    if (begin_ == npos) return;
    std::string text(script_.substr(begin_, end_ - begin_));
    const std::size_t line = line_of(begin_);
    begin_ = npos;
    last_word_.clear();
    if (rules_.dollar_quotes && lower(text.substr(0, 4)) == "copy" &&
        lower(collapse_white_space(text)).find("from stdin") != std::string::npos) {
      throw Error(ErrorCode::InvalidArgument,
                  fmt::format("line {}: rows follow, and a target has none", line),
                  "Dump the schema alone: pg_dump -s.");
    }
    statements_.push_back({std::move(text), line});
  }

  static constexpr std::size_t npos = std::string_view::npos;

  std::string_view script_;
  ClientRules rules_;
  std::vector<ScriptStatement> statements_;
  std::string_view delimiter_ = ";";
  std::size_t at_ = 0;
  std::size_t begin_ = npos;  ///< Of the statement that is being read.
  std::size_t end_ = 0;       ///< Behind the last of its characters that counts.
  int depth_ = 0;             ///< Bodies and CASEs that are open.
  bool is_create_ = false;
  bool is_trigger_ = false;
  std::string last_word_;
};

}  // namespace

std::vector<ScriptStatement> split_script(std::string_view script, std::string_view dialect) {
  return Splitter(script, rules_of(dialect)).run();
}

}  // namespace parley::dialect
