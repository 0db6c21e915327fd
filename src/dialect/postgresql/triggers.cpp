#include "dialect/postgresql/triggers.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "base/text.h"
#include "dialect/ddl.h"
#include "dialect/postgresql/postgresql_dialect.h"
#include "dialect/sql_tokens.h"

namespace parley::dialect {
namespace {

using fmt::format;
using schema::Schema;
using schema::Trigger;
using schema::TriggerTime;
using Statements = std::vector<std::string>;

std::string name(std::string_view identifier) { return quote_name(identifier, postgresql_style()); }

void append(Statements& list, Statements more) {
  std::move(more.begin(), more.end(), std::back_inserter(list));
}

std::optional<std::string> first_of(const schema::SqlTexts& texts) {
  const auto found = texts_for(texts, "postgresql", "postgresql");
  if (found.empty()) return std::nullopt;
  return found.front();
}

/// The function that holds the trigger's body; nothing when it is somebody else's.
std::optional<std::string> function_of(const Trigger& trigger) {
  const auto body = postgresql_body(trigger);
  if (!body || postgresql_calls_function(*body)) return std::nullopt;
  return trigger.function.empty() ? trigger.name : trigger.function;
}

bool is_same(const Trigger& a, const Trigger& b) { return a.table == b.table && a.name == b.name; }

/// Another trigger than `trigger` that has the same function.
const Trigger* sharer_of(const Trigger& trigger, const Schema& schema) {
  const auto function = function_of(trigger);
  if (!function) return nullptr;
  const auto found = std::ranges::find_if(schema.triggers, [&](const Trigger& other) {
    return !is_same(other, trigger) && function_of(other) == function;
  });
  return found == schema.triggers.end() ? nullptr : &*found;
}

[[noreturn]] void refuse(const Trigger& trigger, const std::string& reason, std::string hint) {
  throw Error(ErrorCode::UnsupportedChange,
              format("trigger '{}' of '{}': {}", trigger.name, trigger.table, reason),
              std::move(hint));
}

void require_possible(const Trigger& trigger, const Schema& before) {
  const bool is_on_view = before.find_view(trigger.table) != nullptr;
  const bool is_instead = trigger.time == TriggerTime::InsteadOf;
  if (is_instead && !is_on_view) {
    refuse(trigger, "PostgreSQL has INSTEAD OF only on views",
           "Use a BEFORE trigger that returns NULL to keep the row out.");
  }
  if (is_on_view && !is_instead && !trigger.for_each_statement) {
    refuse(trigger, "on a view PostgreSQL fires for each row only INSTEAD OF",
           "Make it an INSTEAD OF trigger, or put it on the table behind the view.");
  }
  if (is_instead &&
      (trigger.for_each_statement || !trigger.update_of.empty() || first_of(trigger.when))) {
    refuse(trigger,
           "PostgreSQL fires INSTEAD OF for each row, without a condition and for any column",
           "Test NEW and OLD in the body.");
  }
  const Trigger* sharer = sharer_of(trigger, before);
  if (sharer == nullptr || postgresql_body(*sharer) == postgresql_body(trigger)) return;
  refuse(trigger,
         format("its function '{}' is also that of trigger '{}' of '{}', with another body",
                *function_of(trigger), sharer->name, sharer->table),
         "Name another one in the trigger's 'function'.");
}

std::string define_function(const std::string& function, const std::string& body) {
  return format("CREATE OR REPLACE FUNCTION {}() RETURNS trigger LANGUAGE plpgsql AS {}",
                name(function), postgresql_dollar_quoted("\n" + body + "\n"));
}

Statements define_function(const Trigger& trigger) {
  const auto function = function_of(trigger);
  if (!function) return {};
  return {define_function(*function, *postgresql_body(trigger))};
}

/// A function that `trigger` leaves behind without any other user.
Statements drop_function(const Trigger& trigger, const Schema& before) {
  const auto function = function_of(trigger);
  if (!function || sharer_of(trigger, before) != nullptr) return {};
  return {format("DROP FUNCTION {}()", name(*function))};
}

std::string events_text(const Trigger& trigger) {
  Statements events;
  if (trigger.events.insert) events.emplace_back("INSERT");
  if (trigger.events.remove) events.emplace_back("DELETE");
  if (trigger.events.update) {
    events.push_back(trigger.update_of.empty()
                         ? "UPDATE"
                         : "UPDATE OF " + quote_names(trigger.update_of, postgresql_style()));
  }
  return join(events, " OR ");
}

std::string_view time_text(TriggerTime time) {
  switch (time) {
    case TriggerTime::Before: return "BEFORE";
    case TriggerTime::After: return "AFTER";
    case TriggerTime::InsteadOf: return "INSTEAD OF";
  }
  return {};
}

/// What CREATE TRIGGER says, without what the function does.
Trigger without_body(const Trigger& trigger) {
  Trigger definition = trigger;
  const auto function = function_of(trigger);
  definition.body.clear();
  definition.when.clear();
  if (const auto when = first_of(trigger.when)) definition.when = {{.dialect = "", .sql = *when}};
  definition.function = function ? *function : postgresql_body(trigger).value_or("");
  return definition;
}

}  // namespace

std::string postgresql_dollar_quoted(const std::string& text) {
  std::string tag = "$$";
  for (int i = 0; text.find(tag) != std::string::npos; ++i) tag = format("$body{}$", i);
  return tag + text + tag;
}

std::optional<std::string> postgresql_body(const Trigger& trigger) {
  return first_of(trigger.body);
}

bool postgresql_calls_function(std::string_view body) {
  const auto tokens = tokenize(body.substr(0, 100), postgresql_style());
  return tokens.size() > 2 && tokens[0].is("execute") &&
         (tokens[1].is("function") || tokens[1].is("procedure"));
}

Statements postgresql_define_trigger(const Trigger& trigger) {
  const auto body = postgresql_body(trigger);
  if (!body) return {};
  const auto function = function_of(trigger);
  const auto when = first_of(trigger.when);
  return {format("CREATE TRIGGER {} {} {} ON {} FOR EACH {}{} {}", name(trigger.name),
                 time_text(trigger.time), events_text(trigger), name(trigger.table),
                 trigger.for_each_statement ? "STATEMENT" : "ROW",
                 when ? " WHEN (" + *when + ")" : "",
                 function ? format("EXECUTE FUNCTION {}()", name(*function)) : *body)};
}

std::string postgresql_remove_trigger(const Trigger& trigger) {
  return format("DROP TRIGGER {} ON {}", name(trigger.name), name(trigger.table));
}

Statements postgresql_create_trigger(const Trigger& trigger, const Schema& before) {
  if (!postgresql_body(trigger)) return {};
  require_possible(trigger, before);
  Statements statements;
  if (sharer_of(trigger, before) == nullptr) statements = define_function(trigger);
  append(statements, postgresql_define_trigger(trigger));
  return statements;
}

Statements postgresql_drop_trigger(const schema::DropTrigger& change, const Schema& before) {
  const Trigger* trigger = before.find_trigger(change.table, change.trigger);
  if (trigger == nullptr || !postgresql_body(*trigger)) return {};
  Statements statements = {postgresql_remove_trigger(*trigger)};
  append(statements, drop_function(*trigger, before));
  return statements;
}

Statements postgresql_replace_trigger(const Trigger& trigger, const Schema& before) {
  const Trigger* was = before.find_trigger(trigger.table, trigger.name);
  if (was == nullptr || !postgresql_body(*was)) return postgresql_create_trigger(trigger, before);
  if (!postgresql_body(trigger)) {
    return postgresql_drop_trigger({trigger.table, trigger.name}, before);
  }
  require_possible(trigger, before);
  Statements statements;
  if (postgresql_body(*was) != postgresql_body(trigger) ||
      function_of(*was) != function_of(trigger)) {
    statements = define_function(trigger);
  }
  if (without_body(*was) != without_body(trigger)) {
    statements.push_back(postgresql_remove_trigger(trigger));
    append(statements, postgresql_define_trigger(trigger));
  }
  if (function_of(*was) != function_of(trigger)) append(statements, drop_function(*was, before));
  return statements;
}

Statements postgresql_drop_functions_of(const std::string& relation, const Schema& before) {
  Schema without = before;
  std::erase_if(without.triggers, [&](const Trigger& each) { return each.table == relation; });
  Statements statements;
  for (const Trigger& trigger : before.triggers) {
    if (trigger.table != relation) continue;
    for (std::string& each : drop_function(trigger, without)) {
      // Two triggers of the table may have shared it.
      if (std::ranges::find(statements, each) == statements.end()) {
        statements.push_back(std::move(each));
      }
    }
  }
  return statements;
}

Statements postgresql_follow_rename(const Schema& before, const Schema& after) {
  Statements statements;
  for (std::size_t i = 0; i < before.triggers.size(); ++i) {
    const Trigger& renamed = after.triggers.at(i);
    if (postgresql_body(before.triggers[i]) == postgresql_body(renamed)) continue;
    for (std::string& each : define_function(renamed)) {
      if (std::ranges::find(statements, each) == statements.end()) {
        statements.push_back(std::move(each));
      }
    }
  }
  return statements;
}

std::vector<const Trigger*> postgresql_triggers_on(const Schema& schema, const std::string& table,
                                                   const std::vector<std::string>& columns) {
  const auto is_one = [&](const std::string& word) {
    return std::ranges::find(columns, word) != columns.end();
  };
  std::vector<const Trigger*> found;
  for (const Trigger& trigger : schema.triggers) {
    if (trigger.table != table || !postgresql_body(trigger)) continue;
    const auto when = tokenize(first_of(trigger.when).value_or(""), postgresql_style());
    const bool uses =
        std::ranges::any_of(trigger.update_of, is_one) ||
        std::ranges::any_of(when, [&](const SqlToken& token) { return is_one(token.text); });
    if (uses) found.push_back(&trigger);
  }
  return found;
}

}  // namespace parley::dialect
