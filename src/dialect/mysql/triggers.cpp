#include "dialect/mysql/triggers.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/text.h"
#include "dialect/ddl.h"
#include "dialect/mysql/refusals.h"
#include "dialect/mysql/views.h"
#include "dialect/sql_tokens.h"

namespace parley::dialect {
namespace {

using fmt::format;
using schema::Trigger;
using Tokens = std::vector<SqlToken>;

std::string joined(const schema::SqlTexts& texts, std::string_view dialect,
                   std::string_view separator) {
  return join(texts_for(texts, dialect, "mysql"), separator);
}

std::string_view event_text(const schema::TriggerEvents& events) {
  if (events.insert) return "INSERT";
  return events.update ? "UPDATE" : "DELETE";
}

/// The statements between BEGIN and END; empty when there are none for this engine.
std::string block_of(const Trigger& trigger, std::string_view dialect) {
  const std::string body = joined(trigger.body, dialect, ";\n");
  const std::string when = joined(trigger.when, dialect, " AND ");
  if (body.empty() || when.empty()) return body.empty() ? body : body + ";";
  return format("IF ({}) THEN\n{};\nEND IF;", when, body);
}

std::string trigger_text(std::string_view verb, const Trigger& trigger, const std::string& block) {
  return format("{} TRIGGER {} {} {} ON {} FOR EACH ROW BEGIN\n{}\nEND", verb,
                mysql_name(trigger.name),
                trigger.time == schema::TriggerTime::Before ? "BEFORE" : "AFTER",
                event_text(trigger.events), mysql_name(trigger.table), block);
}

/// Finds the statement that encloses the whole body, by counting what END closes.
class BlockReader {
 public:
  explicit BlockReader(const Tokens& tokens) : tokens_(tokens) {}

  struct Guard {
    std::size_t then = 0;  ///< Of the IF that is the first token.
    std::size_t end = 0;   ///< `END` of its END IF.
  };

  /// The guard, when the tokens are one IF … THEN … END IF; and nothing else.
  std::optional<Guard> read() {
    Guard guard;
    for (std::size_t at = 0; at < tokens_.size(); ++at) {
      const SqlToken& token = tokens_[at];
      if (token.is("end")) {
        open_.pop_back();
        if (open_.empty())
          return closes_all(at) ? std::optional(guard = {guard.then, at}) : std::nullopt;
        if (at + 1 < tokens_.size() && is_word_behind_end(tokens_[at + 1])) ++at;
      } else if (opens(at)) {
        open_.push_back(token.text);
      } else if (open_.size() == 1 && token.is("then") && guard.then == 0) {
        guard.then = at;
      } else if (open_.size() == 1 && (token.is("else") || token.is("elseif"))) {
        return std::nullopt;
      }
      if (open_.empty()) return std::nullopt;
    }
    return std::nullopt;
  }

 private:
  static bool is_word_behind_end(const SqlToken& token) {
    return token.is("if") || token.is("case") || token.is("loop") || token.is("while") ||
           token.is("repeat");
  }

  /// IF and REPEAT are functions as well, which stand nowhere a statement begins.
  bool begins_statement(std::size_t at) const {
    if (at == 0) return true;
    const SqlToken& last = tokens_[at - 1];
    return last.is(";") || last.is("then") || last.is("else") || last.is("begin") ||
           last.is("do") || last.is("loop") || last.is("repeat") || last.is(":");
  }

  bool opens(std::size_t at) const {
    const SqlToken& token = tokens_[at];
    if (token.is("case")) return true;
    const bool is_block = token.is("if") || token.is("begin") || token.is("loop") ||
                          token.is("while") || token.is("repeat");
    return is_block && begins_statement(at);
  }

  bool closes_all(std::size_t at) const {
    const bool is_end_if =
        at + 2 < tokens_.size() && tokens_[at + 1].is("if") && tokens_[at + 2].is(";");
    return open_.empty() && is_end_if && at + 3 == tokens_.size();
  }

  const Tokens& tokens_;
  std::vector<std::string> open_;
};

/// Without parentheses around the whole.
std::string_view without_parentheses(std::string_view sql) {
  const Tokens tokens = tokenize(sql, mysql_style());
  if (tokens.empty() || !tokens.front().is("(")) return trim(sql);
  int depth = 0;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (tokens[i].is("(")) ++depth;
    if (tokens[i].is(")") && --depth == 0 && i + 1 < tokens.size()) return trim(sql);
  }
  return without_parentheses(
      sql.substr(tokens.front().end, tokens.back().begin - tokens.front().end));
}

schema::SqlTexts one_text(std::string_view sql) {
  return {{.dialect = "", .sql = canonical_mysql_text(sql)}};
}

/// Makes a condition of an IF around the whole body.
void take_guard(Trigger& trigger) {
  const std::string body = trigger.body.front().sql;
  const Tokens tokens = tokenize(body, mysql_style());
  if (tokens.empty() || !tokens.front().is("if")) return;
  const auto guard = BlockReader(tokens).read();
  if (!guard || guard->then == 0) return;
  const std::string_view sql = body;
  const std::size_t condition = tokens.front().end;
  const std::size_t inner = tokens[guard->then].end;
  trigger.when =
      one_text(without_parentheses(sql.substr(condition, tokens[guard->then].begin - condition)));
  trigger.body = one_text(sql.substr(inner, tokens[guard->end].begin - inner));
}

void normalize(Trigger& trigger, std::string_view dialect) {
  const std::string body = joined(trigger.body, dialect, ";\n");
  const std::string when = joined(trigger.when, dialect, " AND ");
  trigger.function.clear();
  trigger.body.clear();
  trigger.when.clear();
  if (body.empty()) return;
  trigger.body = one_text(body + ";");
  if (when.empty()) {
    take_guard(trigger);
  } else {
    trigger.when = one_text(without_parentheses(when));
  }
}

}  // namespace

Statements create_mysql_trigger(const Trigger& trigger, const MysqlState& state) {
  const std::string block = block_of(trigger, state.flavor.capabilities.name);
  if (block.empty()) return {};
  refuse_mysql_trigger(trigger, state.before);
  return {trigger_text("CREATE", trigger, block)};
}

Statements replace_mysql_trigger(const Trigger& trigger, const MysqlFlavor& flavor) {
  const std::string drop = "DROP TRIGGER IF EXISTS " + mysql_name(trigger.name);
  const std::string block = block_of(trigger, flavor.capabilities.name);
  if (block.empty()) return {drop};
  refuse_mysql_trigger(trigger, {});
  if (flavor.replaces_triggers) return {trigger_text("CREATE OR REPLACE", trigger, block)};
  // One text, so that it may be run again as a whole.
  return {drop + ";\n" + trigger_text("CREATE", trigger, block)};
}

std::string mysql_trigger_body(std::string_view action) {
  const std::string_view text = trim(action);
  const Tokens tokens = tokenize(text, mysql_style());
  const bool is_block = tokens.size() >= 2 && tokens.front().is("begin") && tokens.back().is("end");
  if (!is_block) return std::string(text) + ";";
  return std::string(
      trim(text.substr(tokens.front().end, tokens.back().begin - tokens.front().end)));
}

void normalize_mysql_triggers(schema::Schema& schema, std::string_view dialect) {
  for (Trigger& trigger : schema.triggers) normalize(trigger, dialect);
  std::erase_if(schema.triggers, [](const Trigger& trigger) { return trigger.body.empty(); });
}

}  // namespace parley::dialect
