#include "chat/sql_guard.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

#include "base/text.h"

namespace parley::chat {
namespace {

constexpr std::size_t kBytesMax = 64 << 10;

/// What may stand in the code of a statement, by the beginning of a word.
constexpr auto kRefusedWords = std::to_array<std::string_view>(
    {"outfile",        "dumpfile",     "load_file",        "load_extension",  "readfile",
     "writefile",      "dblink",       "pg_terminate_",    "pg_cancel_",      "pg_read_",
     "pg_ls_",         "pg_stat_file", "pg_reload_",       "pg_rotate_",      "pg_switch_",
     "pg_promote",     "pg_create_",   "pg_drop_",         "pg_replication_", "pg_logical_",
     "lo_import",      "lo_export",    "lo_unlink",        "lo_put",          "lo_create",
     "lowrite",        "pg_advisory_", "pg_try_advisory_", "set_config",      "query_to_xml",
     "database_to_xml"});

constexpr std::string_view kTwoReadings =
    "it can be read in two ways: write '' for a quote in a text, -- and a blank before a comment";

bool is_refused_word(const std::string& word) {
  return std::ranges::any_of(kRefusedWords,
                             [&](std::string_view refused) { return word.starts_with(refused); });
}

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}
bool is_of_word(char c) { return is_letter(c) || (c >= '0' && c <= '9') || c == '$'; }
bool is_blank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

/// The words and signs of a statement, without comments and quoted texts; or why it has none.
class Reading {
 public:
  explicit Reading(std::string_view sql) : rest_(sql) {}

  std::optional<std::string> read() {
    while (!rest_.empty()) {
      if (const auto problem = read_one()) return problem;
    }
    return std::nullopt;
  }

  const std::vector<std::string>& words() const { return words_; }

 private:
  using Problem = std::optional<std::string>;

  Problem read_one();
  Problem read_quoted();
  Problem problem_of_name(const std::string& name) const;
  Problem read_block_comment();
  Problem read_line_comment();
  void read_word();

  std::string_view rest_;
  std::vector<std::string> words_;
};

Reading::Problem Reading::read_one() {
  const char first = rest_.front();
  if (is_blank(first)) {
    rest_.remove_prefix(1);
    return std::nullopt;
  }
  if (first == '\'' || first == '"' || first == '`') return read_quoted();
  if (rest_.starts_with("/*")) return read_block_comment();
  if (rest_.starts_with("--")) return read_line_comment();
  // A comment to some engines, an operator of PostgreSQL's JSON to another.
  if (first == '#' && !rest_.starts_with("#>") && !rest_.starts_with("#-")) {
    return std::string(kTwoReadings);
  }
  // Quotes PostgreSQL's texts, and is a name elsewhere.
  if (first == '$' && (rest_.size() < 2 || !is_of_word(rest_[1]) || rest_[1] == '$')) {
    return std::string(kTwoReadings);
  }
  if (is_of_word(first)) {
    read_word();
    return std::nullopt;
  }
  words_.emplace_back(1, first);
  rest_.remove_prefix(1);
  return std::nullopt;
}

/// A quote inside is written twice. With a backslash in front it would end the text on one engine
/// and not on another.
Reading::Problem Reading::read_quoted() {
  const char quote = rest_.front();
  std::size_t end = 1;
  while (true) {
    end = rest_.find(quote, end);
    if (end == std::string_view::npos) return "a quote has no end";
    if (rest_[end - 1] == '\\') return std::string(kTwoReadings);
    if (end + 1 >= rest_.size() || rest_[end + 1] != quote) break;
    end += 2;
  }
  if (quote != '\'') {
    if (auto problem = problem_of_name(lower(rest_.substr(1, end - 1)))) return problem;
  }
  rest_.remove_prefix(end + 1);
  words_.emplace_back("''");
  return std::nullopt;
}

/// A function may be called by its quoted name; with U& in front the name is written in numbers.
Reading::Problem Reading::problem_of_name(const std::string& name) const {
  const bool is_escaped =
      words_.size() >= 2 && words_.back() == "&" && words_[words_.size() - 2] == "u";
  if (is_escaped) return "it writes a name with U&";
  if (is_refused_word(name)) return fmt::format("{} may not be used", name);
  return std::nullopt;
}

Reading::Problem Reading::read_block_comment() {
  const std::size_t end = rest_.find("*/", 2);
  if (end == std::string_view::npos) return "a comment has no end";
  const std::string_view inside = rest_.substr(2, end - 2);
  // MySQL runs what is in these; PostgreSQL lets comments hold others.
  if (inside.starts_with('!') || inside.starts_with("M!") ||
      inside.find("/*") != std::string_view::npos) {
    return std::string(kTwoReadings);
  }
  rest_.remove_prefix(end + 2);
  return std::nullopt;
}

Reading::Problem Reading::read_line_comment() {
  if (rest_.size() > 2 && !is_blank(rest_[2])) return std::string(kTwoReadings);
  const std::size_t end = rest_.find('\n');
  rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end + 1);
  return std::nullopt;
}

void Reading::read_word() {
  const auto* const end = std::ranges::find_if_not(rest_, is_of_word);
  const auto size = static_cast<std::size_t>(end - rest_.begin());
  const std::string_view word = rest_.substr(0, size);
  // $tag$: what follows is a text of PostgreSQL.
  words_.push_back(word.find('$') == std::string_view::npos ? lower(word) : "$");
  rest_.remove_prefix(size);
}

bool contains_in_a_row(const std::vector<std::string>& words,
                       std::initializer_list<std::string_view> wanted) {
  return std::search(words.begin(), words.end(), wanted.begin(), wanted.end()) != words.end();
}

bool takes_locks(const std::vector<std::string>& words) {
  return contains_in_a_row(words, {"for", "update"}) ||
         contains_in_a_row(words, {"for", "share"}) ||
         contains_in_a_row(words, {"for", "no", "key"}) ||
         contains_in_a_row(words, {"for", "key"}) ||
         contains_in_a_row(words, {"lock", "in", "share"});
}

std::optional<std::string> problem_of(std::string_view sql) {
  if (sql.size() > kBytesMax) return "it is too long";
  if (!is_storable_text(sql)) return "it is no text";
  Reading reading(sql);
  if (auto problem = reading.read()) return problem;
  std::vector<std::string> words = reading.words();
  while (!words.empty() && words.back() == ";") words.pop_back();
  if (words.empty()) return "there is no statement";
  if (words.front() != "select" && words.front() != "with") {
    return "it must begin with SELECT or WITH";
  }
  if (std::ranges::find(words, ";") != words.end()) return "only one statement may be run";
  if (std::ranges::find(words, "$") != words.end()) return std::string(kTwoReadings);
  if (takes_locks(words)) return "it must not lock rows";
  const auto refused = std::ranges::find_if(words, is_refused_word);
  if (refused != words.end()) return fmt::format("{} may not be used", *refused);
  return std::nullopt;
}

}  // namespace

std::optional<std::string> refusal_of(std::string_view sql) {
  const auto problem = problem_of(sql);
  if (!problem) return std::nullopt;
  return fmt::format("The statement is not run: {}", *problem);
}

}  // namespace parley::chat
