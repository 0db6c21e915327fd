#include "dialect/postgresql/inspect_objects.h"

#include <algorithm>

#include "base/text.h"
#include "dialect/ddl.h"
#include "dialect/postgresql/postgresql_dialect.h"
#include "dialect/sql_tokens.h"

namespace parley::dialect {
namespace {

using database::integer_of;
using database::text_of;
using database::truth_of;
using schema::Column;
using schema::Schema;
using schema::Trigger;
using Tokens = std::vector<SqlToken>;

constexpr std::string_view kEnums = R"(
  SELECT t.typname, e.enumlabel
  FROM pg_type t JOIN pg_enum e ON e.enumtypid = t.oid
  WHERE t.typnamespace = (SELECT oid FROM pg_namespace WHERE nspname = current_schema())
    AND t.oid NOT IN (SELECT objid FROM pg_depend WHERE deptype = 'e' AND classid = 'pg_type'::regclass)
  ORDER BY t.typname, e.enumsortorder)";

constexpr std::string_view kViews = R"(
  SELECT c.relname, pg_get_viewdef(c.oid), c.relkind = 'm'
  FROM pg_class c
  WHERE c.relkind IN ('v', 'm')
    AND c.relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = current_schema())
    AND c.oid NOT IN (SELECT objid FROM pg_depend WHERE deptype = 'e' AND classid = 'pg_class'::regclass)
  ORDER BY c.relname)";

// The source only of functions that say no more than a trigger of the model can. Bits of tgtype, of
// which 32 is TRUNCATE: src/include/catalog/pg_trigger.h. Not here: constraint triggers, those with
// transition tables, those of partitions, and those that are switched off.
constexpr std::string_view kTriggers = R"(
  SELECT c.relname, t.tgname, t.tgtype, pg_get_triggerdef(t.oid), p.proname,
         CASE WHEN l.lanname = 'plpgsql' AND p.pronamespace = c.relnamespace AND t.tgnargs = 0
                AND NOT p.prosecdef AND p.proconfig IS NULL THEN p.prosrc END,
         (SELECT json_agg(a.attname ORDER BY n.i)
          FROM unnest(t.tgattr::int2[]) WITH ORDINALITY n(number, i)
          JOIN pg_attribute a ON a.attrelid = t.tgrelid AND a.attnum = n.number)::text
  FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid
  JOIN pg_language l ON l.oid = p.prolang
  WHERE NOT t.tgisinternal AND t.tgconstraint = 0 AND t.tgparentid = 0 AND t.tgenabled = 'O'
    AND t.tgtype & 32 = 0 AND t.tgoldtable IS NULL AND t.tgnewtable IS NULL
    AND c.relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = current_schema()) AND TRUE)";

enum TriggerBit {
  kForEachRow = 1,
  kBefore = 2,
  kInsert = 4,
  kDelete = 8,
  kUpdate = 16,
  kInstead = 64
};

schema::SqlTexts for_here(std::string sql) { return {{.dialect = "", .sql = std::move(sql)}}; }

/// Where `EXECUTE FUNCTION` begins in a definition that the engine wrote.
std::size_t find_execute(const Tokens& tokens) {
  for (std::size_t i = 0; i + 1 < tokens.size(); ++i) {
    const bool is_here =
        tokens[i].is("execute") && (tokens[i + 1].is("function") || tokens[i + 1].is("procedure"));
    if (is_here) return i;
  }
  return tokens.size();
}

void read_definition(Trigger& trigger, const std::string& sql, bool has_own_function) {
  const Tokens tokens = tokenize(sql, postgresql_style());
  const std::size_t execute = find_execute(tokens);
  if (execute == tokens.size()) return;
  if (!has_own_function) trigger.body = for_here(sql.substr(tokens[execute].begin));
  const auto when = std::find_if(tokens.begin(), tokens.begin() + static_cast<long>(execute),
                                 [](const SqlToken& token) { return token.is("when"); });
  if (when == tokens.begin() + static_cast<long>(execute)) return;
  const std::size_t begin = (when + 1)->end;
  trigger.when = for_here(sql.substr(begin, tokens[execute - 1].begin - begin));
}

Trigger trigger_of(const database::Row& row) {
  const auto type = integer_of(row[2]);
  Trigger trigger;
  trigger.table = text_of(row[0]);
  trigger.name = text_of(row[1]);
  trigger.time = (type & kInstead) != 0  ? schema::TriggerTime::InsteadOf
                 : (type & kBefore) != 0 ? schema::TriggerTime::Before
                                         : schema::TriggerTime::After;
  trigger.events = {.insert = (type & kInsert) != 0,
                    .update = (type & kUpdate) != 0,
                    .remove = (type & kDelete) != 0};
  trigger.update_of = postgresql_names_of(row[6]);
  trigger.for_each_statement = (type & kForEachRow) == 0;
  const bool has_own_function = !is_null(row[5]);
  if (has_own_function) {
    trigger.function = text_of(row[4]);
    trigger.body = for_here(text_of(row[5]));
  }
  read_definition(trigger, text_of(row[3]), has_own_function);
  return trigger;
}

/// True for a body that sets the column to the current time and does nothing else.
bool only_moves(const std::string& body, const std::string& column) {
  const Tokens tokens = tokenize(body, postgresql_style());
  std::size_t at = 0;
  const auto accept = [&](std::string_view text) {
    const bool is_next = at < tokens.size() && tokens[at].is(text);
    at += is_next ? 1 : 0;
    return is_next;
  };
  const bool begins = accept("begin") && accept("new") && accept(".") && at < tokens.size() &&
                      tokens[at++].text == column;
  accept(":");
  if (!begins || !accept("=")) return false;
  bool is_now = false;
  for (; at < tokens.size() && !tokens[at].is(";"); ++at) {
    is_now |= tokens[at].is("current_timestamp") || tokens[at].is("now") ||
              tokens[at].is("localtimestamp") || tokens[at].is("clock_timestamp");
  }
  const bool ends =
      accept(";") && accept("return") && accept("new") && accept(";") && accept("end");
  accept(";");
  return is_now && ends && at == tokens.size();
}

/// Whether the trigger lets alone what sets the column by itself, as Parley's do. Those of others
/// mostly do not, and share one function.
bool is_guarded(const Trigger& trigger, const std::string& column) {
  if (trigger.when.empty()) return false;
  std::string condition;
  for (const auto& token : tokenize(trigger.when.front().sql, postgresql_style())) {
    if (!token.is("(") && !token.is(")")) condition += lower(token.text) + " ";
  }
  const std::string name = lower(column);
  return condition == "not new . " + name + " is distinct from old . " + name + " " ||
         condition == "new . " + name + " is not distinct from old . " + name + " ";
}

/// Whether the trigger is one that Parley makes for a column's `on_update_now`, or one of the usual
/// name that does the same; then the column says so.
bool is_on_update(const Trigger& trigger, Schema& schema) {
  const bool may_be = trigger.time == schema::TriggerTime::Before && trigger.events.update &&
                      !trigger.events.insert && !trigger.events.remove &&
                      !trigger.for_each_statement && trigger.update_of.empty() &&
                      (trigger.function.empty() || trigger.function == trigger.name) &&
                      !trigger.body.empty();
  schema::Table* table = may_be ? schema.find_table(trigger.table) : nullptr;
  if (table == nullptr) return false;
  for (Column& column : table->columns) {
    if (column.on_update_now || !only_moves(trigger.body.front().sql, column.name)) continue;
    const bool is_usual = trigger.name == postgresql_stored_name(usual_on_update_trigger_name(
                                              table->name, column.name));
    if (!is_usual && !is_guarded(trigger, column.name)) continue;
    column.on_update_now = true;
    if (!is_usual) column.on_update_trigger = trigger.name;
    return true;
  }
  return false;
}

}  // namespace

void postgresql_inspect_enums(const PostgresqlCatalogue& catalogue, Schema& schema) {
  for (const auto& row : catalogue.rows(kEnums)) {
    const std::string name = text_of(row[0]);
    if (schema.enums.empty() || schema.enums.back().name != name) {
      schema.enums.push_back({.name = name, .values = {}});
    }
    schema.enums.back().values.push_back(text_of(row[1]));
  }
}

void postgresql_inspect_views(const PostgresqlCatalogue& catalogue, Schema& schema) {
  for (const auto& row : catalogue.rows(kViews)) {
    schema.views.push_back({.name = text_of(row[0]),
                            .query = for_here(text_of(row[1])),
                            .columns = {},
                            .is_materialized = truth_of(row[2])});
  }
}

void postgresql_inspect_triggers(const PostgresqlCatalogue& catalogue, Schema& schema) {
  for (const auto& row : catalogue.rows(kTriggers)) {
    Trigger trigger = trigger_of(row);
    if (!is_on_update(trigger, schema)) schema.triggers.push_back(std::move(trigger));
  }
}

}  // namespace parley::dialect
