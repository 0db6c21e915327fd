// What whoever runs a change must know beside its statements: how they stand to transactions, what
// an interrupted run leaves behind, and what hangs on views that are taken down and put back.

#include <algorithm>

#include "base/json.h"
#include "base/overloaded.h"
#include "database/connection.h"
#include "dialect/ddl.h"
#include "dialect/postgresql/enums.h"
#include "dialect/postgresql/postgresql_dialect.h"
#include "dialect/postgresql/views.h"
#include "dialect/sql_tokens.h"

namespace parley::dialect {
namespace {

using schema::Schema;
using Statements = std::vector<std::string>;

// What CREATE VIEW does not say.
constexpr std::string_view kExtrasOfViews = R"(
  WITH v AS (
    SELECT c.oid, c.relname, c.relowner, c.relacl, c.reloptions,
           CASE c.relkind WHEN 'm' THEN 'MATERIALIZED VIEW' ELSE 'VIEW' END AS kind
    FROM pg_class c
    WHERE c.relkind IN ('v', 'm')
      AND c.relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = current_schema())
      AND c.relname IN (SELECT json_array_elements_text(?::json)))
  SELECT format('ALTER %s %I SET (%s)', kind, relname, array_to_string(reloptions, ', '))
  FROM v WHERE reloptions IS NOT NULL
  UNION ALL
  SELECT regexp_replace(pg_get_indexdef(x.indexrelid), 'INDEX ', 'INDEX IF NOT EXISTS ')
  FROM v JOIN pg_index x ON x.indrelid = v.oid
  UNION ALL
  SELECT format('COMMENT ON %s %I IS %L', kind, relname, obj_description(oid, 'pg_class'))
  FROM v WHERE obj_description(oid, 'pg_class') IS NOT NULL
  UNION ALL
  SELECT format('GRANT %s ON %I TO %s%s', a.privilege_type, relname,
                CASE WHEN a.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END,
                CASE WHEN a.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
  FROM v CROSS JOIN LATERAL aclexplode(v.relacl) a WHERE a.grantee <> v.relowner
  UNION ALL
  SELECT format('ALTER %s %I OWNER TO %I', kind, relname, pg_get_userbyid(relowner))
  FROM v WHERE pg_get_userbyid(relowner) <> current_user)";

constexpr std::string_view kInvalidIndexes = R"(
  SELECT format('DROP INDEX %I', i.relname)
  FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid
  WHERE NOT x.indisvalid
    AND i.relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = current_schema())
    AND i.relname IN (SELECT json_array_elements_text(?::json)))";

bool has_words(std::string_view sql, std::initializer_list<std::string_view> words) {
  const auto tokens = tokenize(sql, postgresql_style());
  const auto is_word = [](const SqlToken& token, std::string_view word) { return token.is(word); };
  return !std::ranges::search(tokens, words, is_word).empty();
}

/// What refuses to run inside a transaction, or must be committed, in SQL of the user's own.
TransactionNeed need_of(const std::string& sql) {
  const bool is_outside = has_words(sql, {"concurrently"}) || has_words(sql, {"vacuum"}) ||
                          has_words(sql, {"alter", "system"}) ||
                          has_words(sql, {"create", "database"}) ||
                          has_words(sql, {"drop", "database"});
  if (is_outside) return TransactionNeed::Outside;
  return has_words(sql, {"add", "value"}) ? TransactionNeed::CommitAfter : TransactionNeed::Inside;
}

TransactionNeed need_of(const schema::Execute& change) {
  TransactionNeed need = TransactionNeed::Inside;
  for (const std::string& sql : execute_texts(change, "postgresql", "postgresql")) {
    const TransactionNeed own = need_of(sql);
    if (own == TransactionNeed::Outside) return own;
    if (own == TransactionNeed::CommitAfter) need = own;
  }
  return need;
}

json::array created_indexes(const schema::Change& change) {
  json::array names;
  if (const auto* created = std::get_if<schema::CreateIndex>(&change)) {
    names.emplace_back(created->index.name);
  } else if (const auto* execute = std::get_if<schema::Execute>(&change)) {
    for (const schema::AnyChange& each : execute->stands_for) {
      for (const Json& name : created_indexes(each.change)) names.push_back(name);
    }
  }
  return names;
}

/// The views that the statements drop, and that are there before and after.
Statements views_taken_down(const Statements& statements, const Schema& before) {
  Statements names;
  for (const schema::View& view : before.views) {
    const std::string drop = " VIEW " + quote_name(view.name, postgresql_style());
    const auto drops = [&](const std::string& statement) {
      for (const std::string_view kind : {"DROP", "DROP MATERIALIZED"}) {
        const std::string text = std::string(kind) + drop;
        const std::size_t at = statement.find(text);
        const std::size_t end = at + text.size();
        if (at != std::string::npos && (end == statement.size() || statement[end] == ';')) {
          return true;
        }
      }
      return false;
    };
    if (std::ranges::any_of(statements, drops)) names.push_back(view.name);
  }
  return names;
}

Statements ask(database::Connection& connection, std::string_view sql, const json::array& names) {
  Statements statements;
  if (names.empty()) return statements;
  for (const auto& row : database::query(connection, sql, {Value(to_text(names))})) {
    statements.push_back(database::text_of(row.front()));
  }
  return statements;
}

}  // namespace

TransactionNeed PostgresqlDialect::transaction_need(const schema::Change& change,
                                                    const Schema& before) const {
  if (const auto* alter = std::get_if<schema::AlterEnum>(&change)) {
    return postgresql_adds_enum_value(*alter, before) ? TransactionNeed::CommitAfter
                                                      : TransactionNeed::Inside;
  }
  const auto* execute = std::get_if<schema::Execute>(&change);
  return execute == nullptr ? TransactionNeed::Inside : need_of(*execute);
}

Statements PostgresqlDialect::leftovers(database::Connection& connection,
                                        const schema::Change& change) const {
  return ask(connection, kInvalidIndexes, created_indexes(change));
}

Statements PostgresqlDialect::rebuilt_tables(const schema::Change& change,
                                             const Schema& before) const {
  if (before.views.empty() || std::holds_alternative<schema::DropView>(change)) return {};
  return views_taken_down(render(change, before), before);
}

Statements PostgresqlDialect::unmodelled_objects(database::Connection& connection,
                                                 const Statements& tables, const Schema&) const {
  json::array names;
  for (const std::string& name : tables) names.emplace_back(name);
  return ask(connection, kExtrasOfViews, names);
}

}  // namespace parley::dialect
