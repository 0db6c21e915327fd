#include "dialect/sqlite/stored_object.h"

#include <algorithm>
#include <array>
#include <optional>

#include "base/text.h"
#include "dialect/ddl.h"
#include "dialect/sqlite/sqlite_dialect.h"
#include "dialect/sqlite/stored_sql.h"
#include "dialect/sqlite/token_list.h"

namespace parley::dialect {
namespace {

using schema::Column;
using schema::Index;
using schema::IndexPart;
using schema::Table;
using schema::Trigger;
using schema::TriggerTime;

Tokens without_last(Tokens tokens, std::size_t count) {
  return tokens.first(tokens.size() - count);
}

class PartReader {
 public:
  PartReader(std::string_view sql, const Table& table) : sql_(sql), table_(table) {}

  IndexPart read(Tokens tokens) const {
    IndexPart part;
    if (ends_with(tokens, {"nulls", ""})) tokens = without_last(tokens, 2);
    if (ends_with(tokens, {"asc"}) || ends_with(tokens, {"desc"})) {
      part.descending = tokens.back().is("desc");
      tokens = without_last(tokens, 1);
    }
    if (ends_with(tokens, {"collate", ""})) {
      part.collation = lower(name_at(sql_, tokens, tokens.size() - 1));
      tokens = without_last(tokens, 2);
    }
    read_key(tokens, part);
    return part;
  }

 private:
  /// True when `tokens` are more than these at their end; an empty word stands for any token.
  static bool ends_with(Tokens tokens, std::initializer_list<std::string_view> words) {
    if (tokens.size() <= words.size()) return false;
    const Tokens last = tokens.last(words.size());
    return std::equal(words.begin(), words.end(), last.begin(),
                      [](std::string_view word, const SqlToken& token) {
                        return word.empty() || token.is(word);
                      });
  }

  void read_key(Tokens tokens, IndexPart& part) const {
    const std::string text = source_text(sql_, tokens);
    const auto inner = tokenize(text, sqlite_style());
    if (inner.size() == 1 &&
        (inner[0].kind == SqlToken::Kind::Word || inner[0].kind == SqlToken::Kind::Name)) {
      const std::string name = name_at(text, inner, 0);
      if (const Column* column = find_column_ignoring_case(table_, name)) {
        part.column = column->name;
        return;
      }
    }
    part.expression = plain_expression(text, table_);
  }

  std::string_view sql_;
  const Table& table_;
};

/// Skips TEMP, IF NOT EXISTS and the schema in front of a name; `at` is the position of the
/// object's kind. Returns where the name stands.
std::size_t name_position(Tokens tokens, std::size_t at) {
  ++at;
  if (at < tokens.size() && tokens[at].is("if")) at += 3;
  if (at + 1 < tokens.size() && tokens[at + 1].is(".")) at += 2;
  return at;
}

class TriggerReader {
 public:
  explicit TriggerReader(std::string_view sql)
      : sql_(sql), all_(tokenize(sql, sqlite_style())), tokens_(all_) {}

  Trigger read() {
    at_ = name_position(tokens_, find_token(tokens_, "trigger"));
    trigger_.name = name_at(sql_, tokens_, at_++);
    trigger_.stored_sql = {std::string(sql_)};
    read_time();
    read_event();
    at_ = find_token(tokens_, "on", at_) + 1;
    if (at_ + 1 < tokens_.size() && tokens_[at_ + 1].is(".")) at_ += 2;
    trigger_.table = name_at(sql_, tokens_, at_++);
    read_body();
    return std::move(trigger_);
  }

 private:
  bool accept(std::string_view word) {
    return at_ < tokens_.size() && tokens_[at_].is(word) && (++at_, true);
  }

  /// BEFORE is what SQLite takes when nothing is said.
  void read_time() {
    trigger_.time = TriggerTime::Before;
    if (accept("after")) trigger_.time = TriggerTime::After;
    if (accept("instead")) trigger_.time = TriggerTime::InsteadOf, accept("of");
    accept("before");
  }

  void read_event() {
    trigger_.events.insert = accept("insert");
    trigger_.events.remove = accept("delete");
    trigger_.events.update = accept("update");
    if (!accept("of")) return;
    do {
      trigger_.update_of.push_back(name_at(sql_, tokens_, at_++));
    } while (accept(","));
  }

  void read_body() {
    const std::size_t begin = find_token(tokens_, "begin", at_);
    const std::size_t when = find_token(tokens_, "when", at_);
    if (when < begin) {
      const std::string text = source_text(sql_, tokens_.subspan(when + 1, begin - when - 1));
      trigger_.when = {{.dialect = "", .sql = text}};
    }
    if (begin >= tokens_.size()) return;
    const std::size_t from = tokens_[begin].end;
    const std::size_t length = tokens_.back().begin - from;
    trigger_.body = {{.dialect = "", .sql = std::string(trim(sql_.substr(from, length)))}};
  }

  std::string_view sql_;
  std::vector<SqlToken> all_;
  Tokens tokens_;
  std::size_t at_ = 0;
  Trigger trigger_;
};

/// `sql` in one spelling without quotes and capitals, as one can compare names in.
std::string plain(std::string_view sql) {
  std::string text = lower(canonical_tokens(sql, sqlite_style()));
  std::erase(text, '"');
  return text;
}

/// The column that `tokens`, one assignment of SET, sets to now, if it does.
std::optional<std::string> column_set_to_now(std::string_view sql, Tokens tokens) {
  if (tokens.size() < 3 || !tokens[1].is("=")) return std::nullopt;
  const std::string column = name_at(sql, tokens, 0);
  const std::string name = lower(column);
  const std::array<std::string, 3> kNow = {"current_timestamp", "datetime('now')",
                                           "case when new." + name + " is old." + name +
                                               " then current_timestamp else " + name + " end"};
  const std::string value = plain(source_text(sql, tokens.subspan(2)));
  if (std::ranges::find(kNow, value) == kNow.end()) return std::nullopt;
  return column;
}

/// Conditions that say no more than that the update left the column alone, or end a recursion.
bool is_guard(const Trigger& trigger, const std::vector<std::string>& columns) {
  if (trigger.when.empty()) return true;
  const std::string when = plain(trigger.when.front().sql);
  std::string ours;
  for (const std::string& column : columns) {
    const std::string name = lower(column);
    const std::string is_kept = "new." + name + " is old." + name;
    const std::array<std::string, 4> kKnown = {is_kept, "old." + name + " is new." + name,
                                               "new." + name + " = old." + name,
                                               "old." + name + " = new." + name};
    if (columns.size() == 1 && std::ranges::find(kKnown, when) != kKnown.end()) return true;
    if (!ours.empty()) ours += " or ";
    ours += is_kept + " and new." + name + " is not current_timestamp";
  }
  return when == ours;
}

bool is_of_this_row(std::string_view condition) {
  const auto tokens = tokenize(condition, sqlite_style());
  for (std::size_t at = 0; at < tokens.size(); at += 6) {
    const bool is_equal = at + 4 < tokens.size() && tokens[at + 1].is("=") &&
                          (tokens[at + 2].is("new") || tokens[at + 2].is("old")) &&
                          tokens[at + 3].is(".") && tokens[at].text == tokens[at + 4].text;
    const bool goes_on = at + 5 >= tokens.size() || tokens[at + 5].is("and");
    if (!is_equal || !goes_on) return false;
  }
  return !tokens.empty();
}

}  // namespace

Index read_stored_index(std::string_view sql, const Table& table) {
  const std::vector<SqlToken> all = tokenize(sql, sqlite_style());
  const Tokens tokens(all);
  const std::size_t kind = find_token(tokens, "index");
  const std::size_t open = find_token(tokens, "(", kind);
  Index index{.name = name_at(sql, tokens, name_position(tokens, kind)),
              .unique = kind > 0 && tokens[kind - 1].is("unique")};
  const PartReader reader(sql, table);
  for (const Tokens part : list_at(tokens, open)) {
    if (!part.empty()) index.parts.push_back(reader.read(part));
  }
  const std::size_t behind = after_parenthesis(tokens, open);
  if (behind < tokens.size() && tokens[behind].is("where")) {
    index.where = plain_expression(trim(sql.substr(tokens[behind].end)), table);
  }
  return index;
}

schema::View read_stored_view(std::string_view sql) {
  const std::vector<SqlToken> all = tokenize(sql, sqlite_style());
  const Tokens tokens(all);
  std::size_t at = name_position(tokens, find_token(tokens, "view"));
  schema::View view{.name = name_at(sql, tokens, at++)};
  if (at < tokens.size() && tokens[at].is("(")) {
    for (const Tokens item : list_at(tokens, at)) view.columns.push_back(name_at(sql, item, 0));
    at = after_parenthesis(tokens, at);
  }
  if (at < tokens.size()) {
    view.query = {{.dialect = "", .sql = std::string(trim(sql.substr(tokens[at].end)))}};
  }
  return view;
}

Trigger read_stored_trigger(std::string_view sql) { return TriggerReader(sql).read(); }

std::vector<std::string> columns_set_to_now(const Trigger& trigger) {
  const bool is_after_any_update = trigger.time == TriggerTime::After && trigger.events.update &&
                                   trigger.update_of.empty() && !trigger.body.empty();
  if (!is_after_any_update) return {};
  const std::string& body = trigger.body.front().sql;
  const std::vector<SqlToken> all = tokenize(body, sqlite_style());
  const Tokens tokens(all);
  const std::size_t where = find_token(tokens, "where");
  const std::size_t end = find_token(tokens, ";");
  const bool is_one_update = tokens.size() > 4 && tokens[0].is("update") && tokens[2].is("set") &&
                             lower(tokens[1].text) == lower(trigger.table) && where < end &&
                             end + 1 >= tokens.size();
  if (!is_one_update) return {};
  std::vector<std::string> columns;
  std::size_t begin = 3;
  for (std::size_t at = 3; at <= where; ++at) {
    if (at < where && tokens[at].is("(")) at = after_parenthesis(tokens, at) - 1;
    if (at < where && !tokens[at].is(",")) continue;
    const auto column = column_set_to_now(body, tokens.subspan(begin, at - begin));
    if (!column) return {};
    columns.push_back(*column);
    begin = at + 1;
  }
  const std::size_t from = tokens[where].end;
  const std::size_t to = end < tokens.size() ? tokens[end].begin : body.size();
  const bool is_ours =
      is_of_this_row(std::string_view(body).substr(from, to - from)) && is_guard(trigger, columns);
  return is_ours ? columns : std::vector<std::string>();
}

}  // namespace parley::dialect
