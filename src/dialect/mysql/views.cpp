#include "dialect/mysql/views.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "base/text.h"
#include "dialect/ddl.h"
#include "dialect/mysql/refusals.h"
#include "dialect/sql_tokens.h"

namespace parley::dialect {
namespace {

using fmt::format;
using schema::View;
using Kind = SqlToken::Kind;

/// The SELECT for this engine; empty when there is none.
std::string query_of(const View& view, std::string_view dialect) {
  const auto texts = texts_for(view.query, dialect, "mysql");
  if (texts.size() > 1) {
    throw Error(ErrorCode::UnsupportedChange,
                format("view '{}' has {} queries for {}", view.name, texts.size(), dialect),
                "Keep one.");
  }
  return texts.empty() ? std::string() : texts.front();
}

std::string view_text(std::string_view verb, const View& view, const std::string& query) {
  const std::string columns =
      view.columns.empty() ? "" : " (" + quote_names(view.columns, mysql_style()) + ")";
  return format("{} VIEW {}{} AS {}", verb, mysql_name(view.name), columns, query);
}

bool is_reserved(const std::string& word) {
  const auto words = mysql_style().reserved_words;
  return std::binary_search(words.begin(), words.end(), word);
}

std::string spelled(const SqlToken& token, std::string_view sql) {
  switch (token.kind) {
    case Kind::Name: return quote_name(token.text, mysql_style());
    case Kind::String: return quote_string(token.text, mysql_style());
    case Kind::Word:
      if (is_reserved(token.text)) return token.text;
      break;
    case Kind::Number:
    case Kind::Symbol: break;
  }
  return std::string(sql.substr(token.begin, token.end - token.begin));
}

bool is_punctuation(const SqlToken& token) {
  return token.is("(") || token.is(")") || token.is(",") || token.is(".") || token.is(";");
}

/// Tokens that mean something else with a blank between: `@name`, `:=`, `x'ff'`.
bool belong_together(const SqlToken& last, const SqlToken& token) {
  if (last.end != token.begin) return false;
  const bool are_symbols = last.kind == Kind::Symbol && token.kind == Kind::Symbol &&
                           !is_punctuation(last) && !is_punctuation(token);
  return are_symbols || last.is("@") || token.is("@") ||
         (last.kind == Kind::Word && token.kind == Kind::String);
}

bool has_blank_between(const SqlToken& last, const SqlToken& token) {
  const bool sticks = last.is("(") || last.is(".") || token.is("(") || is_punctuation(token);
  return !sticks && !belong_together(last, token);
}

}  // namespace

std::string canonical_mysql_text(std::string_view sql) {
  const auto tokens = tokenize(sql, mysql_style());
  // A comment to the end of the line, which the tokens do not know.
  const bool has_comments =
      std::any_of(tokens.begin(), tokens.end(), [](const SqlToken& each) { return each.is("#"); });
  if (has_comments) return std::string(trim(sql));
  std::string text;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (i > 0 && has_blank_between(tokens[i - 1], tokens[i])) text += ' ';
    text += spelled(tokens[i], sql);
  }
  return text;
}

Statements create_mysql_view(const View& view, const MysqlFlavor& flavor) {
  const std::string query = query_of(view, flavor.capabilities.name);
  if (query.empty()) return {};
  refuse_mysql_view(view);
  return {view_text("CREATE", view, query)};
}

Statements replace_mysql_view(const View& view, const MysqlFlavor& flavor) {
  const std::string query = query_of(view, flavor.capabilities.name);
  if (query.empty()) return {"DROP VIEW IF EXISTS " + mysql_name(view.name)};
  refuse_mysql_view(view);
  return {view_text("CREATE OR REPLACE", view, query)};
}

std::string without_database(std::string_view sql, std::string_view database,
                             const std::function<bool(const std::string&)>& is_object) {
  const auto tokens = tokenize(sql, mysql_style());
  std::string text;
  std::size_t at = 0;
  for (std::size_t i = 0; i + 2 < tokens.size(); ++i) {
    const bool is_qualifier = tokens[i].kind == Kind::Name && tokens[i].text == database &&
                              tokens[i + 1].is(".") && tokens[i + 2].kind == Kind::Name &&
                              is_object(tokens[i + 2].text) && (i == 0 || !tokens[i - 1].is("."));
    if (!is_qualifier) continue;
    text += sql.substr(at, tokens[i].begin - at);
    at = tokens[i + 2].begin;
  }
  return text.append(sql.substr(at));
}

void normalize_mysql_views(schema::Schema& schema, std::string_view dialect) {
  for (View& view : schema.views) {
    const auto texts = texts_for(view.query, dialect, "mysql");
    view.query.clear();
    if (texts.empty()) continue;
    view.query = {{.dialect = "", .sql = canonical_mysql_text(join(texts, "; "))}};
  }
  std::erase_if(schema.views, [](const View& view) { return view.query.empty(); });
}

}  // namespace parley::dialect
