#include "dialect/sqlite/token_list.h"

#include "base/text.h"

namespace parley::dialect {

std::size_t after_parenthesis(Tokens tokens, std::size_t open) {
  int depth = 0;
  for (std::size_t at = open; at < tokens.size(); ++at) {
    if (tokens[at].is("(")) ++depth;
    if (tokens[at].is(")") && --depth == 0) return at + 1;
  }
  return tokens.size();
}

std::size_t find_token(Tokens tokens, std::string_view word, std::size_t from) {
  while (from < tokens.size() && !tokens[from].is(word)) ++from;
  return from;
}

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

std::string name_at(std::string_view sql, Tokens tokens, std::size_t at) {
  if (at >= tokens.size()) return {};
  const SqlToken& token = tokens[at];
  if (token.kind != SqlToken::Kind::Word) return token.text;
  return std::string(sql.substr(token.begin, token.end - token.begin));
}

std::string source_text(std::string_view sql, Tokens tokens) {
  while (tokens.size() > 2 && tokens[0].is("(") && after_parenthesis(tokens, 0) == tokens.size()) {
    tokens = tokens.subspan(1, tokens.size() - 2);
  }
  if (tokens.empty()) return {};
  const std::size_t begin = tokens.front().begin;
  return std::string(sql.substr(begin, tokens.back().end - begin));
}

}  // namespace parley::dialect
