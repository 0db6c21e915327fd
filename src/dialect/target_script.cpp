#include "dialect/target_script.h"

#include <algorithm>
#include <ranges>

#include "base/text.h"
#include "dialect/sql_tokens.h"

namespace parley::dialect {
namespace {

/// Quotes of all engines at once: only words and dots are looked at.
constexpr SqlStyle kAnyStyle{.name_quote = '"', .bracketed_names = false};
constexpr SqlStyle kBacktickStyle{.name_quote = '`', .backslash_escapes = true};

std::vector<SqlToken> tokens_of(const std::string& sql) {
  return tokenize(sql, sql.find('`') == std::string::npos ? kAnyStyle : kBacktickStyle);
}

bool begins_with(const std::vector<SqlToken>& tokens,
                 std::initializer_list<std::string_view> words) {
  if (tokens.size() < words.size()) return false;
  return std::equal(words.begin(), words.end(), tokens.begin(),
                    [](std::string_view word, const SqlToken& token) { return token.is(word); });
}

bool holds(const std::vector<SqlToken>& tokens, std::initializer_list<std::string_view> words) {
  const auto is_word = [](const SqlToken& token, std::string_view word) { return token.is(word); };
  return std::search(tokens.begin(), tokens.end(), words.begin(), words.end(), is_word) !=
         tokens.end();
}

bool begins_with_any(const std::vector<SqlToken>& tokens,
                     std::initializer_list<std::string_view> words) {
  return std::ranges::any_of(words, [&](auto word) { return begins_with(tokens, {word}); });
}

bool is_about_sessions(const std::vector<SqlToken>& tokens) {
  return begins_with_any(tokens, {"commit", "rollback", "pragma", "lock", "unlock", "analyze",
                                  "vacuum", "use", "grant", "revoke"}) ||
         begins_with(tokens, {"start", "transaction"}) ||
         (begins_with(tokens, {"begin"}) && tokens.size() <= 2) ||
         begins_with(tokens, {"create", "database"}) || begins_with(tokens, {"drop", "database"});
}

/// pg_dump writes functions before the tables that they read, and turns the check of bodies off.
bool is_postgresql_setting(const std::vector<SqlToken>& tokens) {
  if (begins_with(tokens, {"set", "check_function_bodies"})) return false;
  return begins_with(tokens, {"set"}) || begins_with(tokens, {"alter", "default", "privileges"}) ||
         begins_with(tokens, {"security", "label"}) ||
         (begins_with(tokens, {"alter"}) && holds(tokens, {"owner", "to"})) ||
         (begins_with(tokens, {"comment", "on", "extension"})) ||
         (begins_with(tokens, {"comment", "on", "schema"})) ||
         begins_with(tokens, {"create", "schema", "public"}) ||
         begins_with(tokens, {"create", "publication"}) ||
         begins_with(tokens, {"create", "subscription"}) || begins_with(tokens, {"create", "role"});
}

/// `.schema` lists what the shell itself could not create again.
bool is_sqlites_own(const std::vector<SqlToken>& tokens) {
  return begins_with(tokens, {"create", "table"}) &&
         std::ranges::any_of(tokens | std::views::take(7), [](const SqlToken& token) {
           return (token.kind == SqlToken::Kind::Word || token.kind == SqlToken::Kind::Name) &&
                  lower(token.text).starts_with("sqlite_");
         });
}

/// `DEFINER=`root`@`localhost``, wherever it stands: setting another's name needs a privilege, and
/// the account may not be here.
std::string without_definer(const std::string& sql) {
  constexpr std::string_view kWord = "DEFINER=";
  const std::size_t at = sql.find(kWord);
  if (at == std::string::npos) return sql;
  std::size_t end = at + kWord.size();
  const auto skip_name = [&] {
    if (end < sql.size() && (sql[end] == '`' || sql[end] == '\'')) {
      const std::size_t closing = sql.find(sql[end], end + 1);
      end = closing == std::string::npos ? sql.size() : closing + 1;
    } else {
      while (end < sql.size() && std::string_view(" \t\n*@").find(sql[end]) == std::string::npos) {
        ++end;
      }
    }
  };
  skip_name();
  if (end < sql.size() && sql[end] == '@') {
    ++end;
    skip_name();
  }
  return sql.substr(0, at) + sql.substr(end);
}

bool is_name(const SqlToken& token) {
  return token.kind == SqlToken::Kind::Name || token.kind == SqlToken::Kind::Word;
}

/// True where a table, and no column, is named behind `before`.
bool introduces_table(const SqlToken& before, bool is_index_or_trigger) {
  for (const std::string_view word :
       {"table", "exists", "from", "join", "into", "update", "references", "view", "trigger"}) {
    if (before.is(word)) return true;
  }
  return is_index_or_trigger && before.is("on");
}

}  // namespace

std::vector<ScriptStatement> schema_statements(std::string_view script, std::string_view dialect) {
  std::vector<ScriptStatement> kept;
  for (ScriptStatement& statement : split_script(script, dialect)) {
    const auto tokens = tokens_of(statement.text);
    if (is_about_sessions(tokens)) continue;
    if (dialect == "postgresql" && is_postgresql_setting(tokens)) continue;
    if (dialect == "sqlite" && is_sqlites_own(tokens)) continue;
    if (dialect == "mysql" || dialect == "mariadb")
      statement.text = without_definer(statement.text);
    kept.push_back(std::move(statement));
  }
  return kept;
}

bool needs_own_database(std::span<const ScriptStatement> statements,
                        std::span<const std::string> namespaces) {
  return std::ranges::any_of(statements, [&](const ScriptStatement& statement) {
    const auto tokens = tokens_of(statement.text);
    if (begins_with(tokens, {"create", "schema"}) || begins_with(tokens, {"create", "extension"})) {
      return true;
    }
    for (std::size_t i = 0; i + 1 < tokens.size(); ++i) {
      if (tokens[i].is("set_config")) return true;
      const bool is_qualifier =
          is_name(tokens[i]) && tokens[i + 1].is(".") && (i == 0 || !tokens[i - 1].is("."));
      if (is_qualifier && std::ranges::find(namespaces, tokens[i].text) != namespaces.end()) {
        return true;
      }
    }
    return false;
  });
}

std::string named_database(const ScriptStatement& statement,
                           std::span<const std::string> databases) {
  const auto tokens = tokens_of(statement.text);
  const bool is_index_or_trigger =
      begins_with(tokens, {"create"}) && (holds(tokens, {"index"}) || holds(tokens, {"trigger"}));
  for (std::size_t i = 1; i + 1 < tokens.size(); ++i) {
    if (!is_name(tokens[i]) || !tokens[i + 1].is(".")) continue;
    if (!introduces_table(tokens[i - 1], is_index_or_trigger)) continue;
    const auto found = std::ranges::find(databases, tokens[i].text);
    if (found != databases.end()) return *found;
  }
  return "";
}

}  // namespace parley::dialect
