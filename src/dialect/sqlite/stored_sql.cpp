#include "dialect/sqlite/stored_sql.h"

#include <algorithm>
#include <array>
#include <span>
#include <utility>

#include "base/text.h"
#include "dialect/sql_tokens.h"
#include "dialect/sqlite/sqlite_dialect.h"

namespace parley::dialect {
namespace {

/// A run of tokens: one definition of a table, one part of an index.
using Tokens = std::span<const SqlToken>;

/// The position behind the parenthesis that closes the one at `open`.
std::size_t after_parenthesis(Tokens tokens, std::size_t open) {
  int depth = 0;
  for (std::size_t at = open; at < tokens.size(); ++at) {
    if (tokens[at].is("(")) ++depth;
    if (tokens[at].is(")") && --depth == 0) return at + 1;
  }
  return tokens.size();
}

std::size_t find(Tokens tokens, std::string_view word, std::size_t from = 0) {
  while (from < tokens.size() && !tokens[from].is(word)) ++from;
  return from;
}

/// The tokens between the parenthesis at `open` and its end, cut at the commas on the top level.
std::vector<Tokens> list_at(Tokens tokens, std::size_t open) {
  std::vector<Tokens> items;
  if (open >= tokens.size()) return items;
  const std::size_t end = after_parenthesis(tokens, open) - 1;
  std::size_t begin = open + 1;
  for (std::size_t at = begin; at < end;) {
    if (tokens[at].is(",")) {
      items.push_back(tokens.subspan(begin, at - begin));
      begin = ++at;
    } else {
      at = tokens[at].is("(") ? after_parenthesis(tokens, at) : at + 1;
    }
  }
  items.push_back(tokens.subspan(begin, end - begin));
  return items;
}

class TableReader {
 public:
  explicit TableReader(std::string_view sql) : sql_(sql), tokens_(tokenize(sql, sqlite_style())) {}

  StoredTable read() {
    for (const Tokens& definition : list_at(tokens_, find(tokens_, "("))) {
      if (!definition.empty()) read_definition(definition);
    }
    return std::move(table_);
  }

 private:
  void read_definition(Tokens tokens) {
    static constexpr std::array<std::string_view, 5> kConstraintWords = {
        "constraint", "primary", "unique", "check", "foreign"};
    const bool is_constraint =
        std::any_of(kConstraintWords.begin(), kConstraintWords.end(),
                    [&](std::string_view word) { return tokens[0].is(word); });
    const std::string column = is_constraint ? "" : name_at(tokens, 0);
    std::string name;
    for (std::size_t at = is_constraint ? 0 : 1; at < tokens.size();) {
      if (tokens[at].is("constraint")) {
        name = name_at(tokens, at + 1);
        at += 2;
      } else {
        at = read_clause(tokens, at, column, name);
      }
    }
  }

  /// A name keeps its letters, which a word token has lost.
  std::string name_at(Tokens tokens, std::size_t at) const {
    if (at >= tokens.size()) return {};
    const SqlToken& token = tokens[at];
    if (token.kind != SqlToken::Kind::Word) return token.text;
    return std::string(sql_.substr(token.begin, token.end - token.begin));
  }

  /// Takes what the clause at `at` says and returns where the next one begins. A constraint's name
  /// is used up by the clause that it stands in front of.
  std::size_t read_clause(Tokens tokens, std::size_t at, const std::string& column,
                          std::string& name) {
    const SqlToken& token = tokens[at];
    const std::size_t next = at + 1;
    const bool opens_list = next < tokens.size() && tokens[next].is("(");
    if (token.is("primary")) {
      table_.primary_key_name = std::exchange(name, {});
    } else if (token.is("autoincrement")) {
      table_.has_auto_increment = true;
    } else if (token.is("unique")) {
      const auto columns = column.empty() ? names_in(tokens, next) : std::vector{column};
      table_.uniques.push_back({.name = std::exchange(name, {}), .columns = columns});
    } else if (token.is("check") && opens_list) {
      table_.checks.push_back(
          {.name = std::exchange(name, {}), .expression = inside(tokens, next)});
    } else if (token.is("references")) {
      table_.foreign_key_names.push_back(std::exchange(name, {}));
    } else if (token.is("collate") && !column.empty()) {
      table_.collations[column] = name_at(tokens, next);
    } else if (token.is("as") && opens_list) {
      table_.generations[column] = inside(tokens, next);
    } else if (token.is("null") || token.is("default")) {
      name.clear();
    }
    return opens_list ? after_parenthesis(tokens, next) : next;
  }

  std::vector<std::string> names_in(Tokens tokens, std::size_t open) const {
    std::vector<std::string> names;
    for (const Tokens& item : list_at(tokens, open)) names.push_back(name_at(item, 0));
    return names;
  }

  /// The text between the parenthesis at `open` and its end.
  std::string inside(Tokens tokens, std::size_t open) const {
    const std::size_t begin = tokens[open].end;
    const std::size_t end = tokens[after_parenthesis(tokens, open) - 1].begin;
    return std::string(trim(sql_.substr(begin, end - begin)));
  }

  std::string_view sql_;
  std::vector<SqlToken> tokens_;
  StoredTable table_;
};

}  // namespace

StoredTable read_stored_table(std::string_view sql) { return TableReader(sql).read(); }

StoredIndex read_stored_index(std::string_view sql) {
  const std::vector<SqlToken> all = tokenize(sql, sqlite_style());
  const Tokens tokens(all);
  const std::size_t open = find(tokens, "(");
  StoredIndex index;
  for (Tokens part : list_at(tokens, open)) {
    if (!part.empty() && (part.back().is("asc") || part.back().is("desc"))) {
      part = part.first(part.size() - 1);
    }
    if (part.empty()) continue;
    index.parts.emplace_back(sql.substr(part.front().begin, part.back().end - part.front().begin));
  }
  const std::size_t behind = after_parenthesis(tokens, open);
  if (behind < tokens.size() && tokens[behind].is("where")) {
    index.where = trim(sql.substr(tokens[behind].end));
  }
  return index;
}

bool is_on_update_trigger(std::string_view sql, std::string_view column) {
  const std::string text = canonical_tokens(sql, sqlite_style());
  const std::string set = "set " + quote_name(column, sqlite_style()) + " = ";
  return text.find("after update on") != std::string::npos &&
         (text.find(set + "current_timestamp") != std::string::npos ||
          text.find(set + "datetime('now')") != std::string::npos);
}

}  // namespace parley::dialect
