#include "dialect/sqlite/stored_sql.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.h"
#include "dialect/sqlite/sqlite_dialect.h"
#include "dialect/sqlite/token_list.h"

namespace parley::dialect {
namespace {

using schema::Deferral;

class TableReader {
 public:
  explicit TableReader(std::string_view sql) : sql_(sql), tokens_(tokenize(sql, sqlite_style())) {}

  StoredTable read() {
    for (const Tokens& definition : list_at(tokens_, find_token(tokens_, "("))) {
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

  std::string name_at(Tokens tokens, std::size_t at) const {
    return dialect::name_at(sql_, tokens, at);
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
      read_key_parts(tokens, next + 1, "PRIMARY KEY");
    } else if (token.is("autoincrement")) {
      table_.has_auto_increment = true;
    } else if (token.is("unique")) {
      const auto columns = column.empty() ? names_in(tokens, next) : std::vector{column};
      table_.uniques.push_back({.name = std::exchange(name, {}), .columns = columns});
      read_key_parts(tokens, next, "UNIQUE");
    } else if (token.is("check") && opens_list) {
      table_.checks.push_back(
          {.name = std::exchange(name, {}), .expression = inside(tokens, next)});
    } else if (token.is("references")) {
      table_.foreign_keys.push_back({.name = std::exchange(name, {})});
    } else if (token.is("collate") && !column.empty()) {
      table_.collations[column] = name_at(tokens, next);
    } else if (token.is("as") && opens_list) {
      table_.generations[column] = inside(tokens, next);
    } else if (token.is("null") || token.is("default")) {
      name.clear();
    } else {
      read_detail(tokens, at);
    }
    return opens_list ? after_parenthesis(tokens, next) : next;
  }

  /// What stands behind a key or reference.
  void read_detail(Tokens tokens, std::size_t at) {
    const auto is_at = [&](std::size_t place, std::string_view word) {
      return place < tokens.size() && tokens[place].is(word);
    };
    if (is_at(at, "conflict") && !is_at(at + 1, "abort")) {
      table_.unmodelled.push_back("ON CONFLICT " + upper(name_at(tokens, at + 1)));
    } else if (is_at(at, "desc")) {
      table_.unmodelled.emplace_back("DESC in PRIMARY KEY");
    } else if (is_at(at, "deferrable") && !tokens[at - 1].is("not") &&
               !table_.foreign_keys.empty()) {
      const bool is_deferred = is_at(at + 1, "initially") && is_at(at + 2, "deferred");
      table_.foreign_keys.back().deferral =
          is_deferred ? Deferral::InitiallyDeferred : Deferral::InitiallyImmediate;
    }
  }

  /// The parts of a key may say more than their column.
  void read_key_parts(Tokens tokens, std::size_t open, std::string_view key) {
    if (open >= tokens.size() || !tokens[open].is("(")) return;
    for (const Tokens part : list_at(tokens, open)) {
      for (const std::string_view word : {"desc", "collate"}) {
        if (find_token(part, word, 1) >= part.size()) continue;
        table_.unmodelled.push_back(upper(word) + " in " + std::string(key));
      }
      if (find_token(part, "autoincrement", 1) < part.size()) table_.has_auto_increment = true;
    }
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

/// `rowid` and its other names.
bool is_row_id(std::string_view name) {
  return name == "rowid" || name == "_rowid_" || name == "oid";
}

}  // namespace

StoredTable read_stored_table(std::string_view sql) { return TableReader(sql).read(); }

const schema::Column* find_column_ignoring_case(const schema::Table& table, std::string_view name) {
  const auto found = std::ranges::find_if(table.columns, [&](const schema::Column& column) {
    return equals_ignoring_case(column.name, name);
  });
  return found == table.columns.end() ? nullptr : &*found;
}

std::string plain_expression(std::string_view sql, const schema::Table& table) {
  const std::vector<SqlToken> tokens = tokenize(sql, sqlite_style());
  const std::string own_name = lower(table.name);
  std::string result;
  std::size_t copied = 0;
  for (std::size_t at = 0; at < tokens.size(); ++at) {
    const SqlToken& token = tokens[at];
    const bool is_name = token.kind == SqlToken::Kind::Word || token.kind == SqlToken::Kind::Name;
    const bool is_behind_dot = at > 0 && tokens[at - 1].is(".");
    const bool has_dot = at + 1 < tokens.size() && tokens[at + 1].is(".");
    if (!is_name || is_behind_dot) continue;
    if (has_dot) {
      if (lower(token.text) != own_name || at + 2 >= tokens.size()) continue;
      result += sql.substr(copied, token.begin - copied);
      copied = tokens[at + 2].begin;
    } else if (sql[token.begin] == '"' && !(at > 0 && tokens[at - 1].is("collate")) &&
               !is_row_id(lower(token.text)) &&
               find_column_ignoring_case(table, token.text) == nullptr) {
      result += sql.substr(copied, token.begin - copied);
      result += quote_string(token.text, sqlite_style());
      copied = token.end;
    }
  }
  return result.append(sql.substr(copied));
}

void sqlite_make_plain(schema::Table& table) {
  const auto make_plain = [&](std::string& sql) {
    if (!sql.empty()) sql = plain_expression(sql, table);
  };
  for (schema::Check& check : table.checks) make_plain(check.expression);
  for (schema::Index& index : table.indexes) {
    make_plain(index.where);
    for (schema::IndexPart& part : index.parts) make_plain(part.expression);
  }
  for (schema::Column& column : table.columns) {
    if (column.generated) make_plain(column.generated->expression);
  }
}

std::string plain_default(std::string_view sql) {
  static constexpr std::array<std::string_view, 6> kWords = {
      "null", "true", "false", "current_timestamp", "current_date", "current_time"};
  const std::vector<SqlToken> tokens = tokenize(sql, sqlite_style());
  const bool is_name =
      tokens.size() == 1 && (tokens[0].kind == SqlToken::Kind::Name ||
                             (tokens[0].kind == SqlToken::Kind::Word &&
                              std::ranges::find(kWords, tokens[0].text) == kWords.end()));
  if (!is_name) return std::string(sql);
  return quote_string(name_at(sql, tokens, 0), sqlite_style());
}

}  // namespace parley::dialect
