// Views, triggers and enums: reading and writing side by side, so that one cannot change without
// the other. The same forms serve revision files and whole-schema files.

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/check.h"
#include "base/text.h"
#include "migrate/revision_change.h"
#include "migrate/revision_short_form.h"

namespace parley::migrate {
namespace {

using schema::Trigger;
using schema::TriggerTime;

/// Longer lists of values stand below their enum, one per line.
constexpr std::size_t kEnumLineMax = 80;

struct TimeWords {
  TriggerTime time;
  std::string_view words;
};
constexpr auto kTimeWords = std::to_array<TimeWords>({
    {TriggerTime::Before, "before"},
    {TriggerTime::After, "after"},
    {TriggerTime::InsteadOf, "instead of"},
});

TriggerTime read_time(ShortForm& text) {
  for (const TimeWords& each : kTimeWords) {
    if (text.accept_words(each.words)) return each.time;
  }
  text.fail_expecting("'before', 'after' or 'instead of'");
}

/// `of (a, b)`, also without the parentheses, as SQL has it.
std::vector<std::string> read_update_of(ShortForm& text) {
  if (!text.accept_word("of")) return {};
  if (text.is_next('(')) return text.names_in_parentheses("a column");
  std::vector<std::string> columns;
  do {
    columns.push_back(text.name("a column"));
  } while (text.accept_sign(","));
  return columns;
}

/// Sets `event`; one that is there already is a mistake.
void set_event(const ShortForm& text, bool& event, std::size_t begin) {
  if (event) text.fail("an event is here twice", begin);
  event = true;
}

void read_event(ShortForm& text, Trigger& trigger) {
  const std::size_t begin = text.offset();
  if (text.accept_word("insert")) {
    set_event(text, trigger.events.insert, begin);
  } else if (text.accept_word("update")) {
    set_event(text, trigger.events.update, begin);
    trigger.update_of = read_update_of(text);
  } else if (text.accept_word("delete")) {
    set_event(text, trigger.events.remove, begin);
  } else {
    text.fail_expecting("'insert', 'update' or 'delete'");
  }
}

/// `name after insert or update of (a, b) on table for each statement`
Trigger read_trigger_head(const YamlNode& head, std::string_view looks_like) {
  ShortForm text(head, looks_like);
  Trigger trigger{.name = text.name("the name of the trigger")};
  trigger.time = read_time(text);
  do {
    read_event(text, trigger);
  } while (text.accept_word("or"));
  text.expect_word("on");
  trigger.table = text.name("a table");
  if (text.accept_words("for each")) {
    trigger.for_each_statement = text.accept_word("statement");
    if (!trigger.for_each_statement) text.expect_word("row");
  }
  text.expect_end();
  return trigger;
}

std::string events_text(const Trigger& trigger) {
  std::vector<std::string> events;
  if (trigger.events.insert) events.emplace_back("insert");
  if (trigger.events.update) {
    const bool is_any = trigger.update_of.empty();
    events.push_back(is_any ? "update"
                            : fmt::format("update of ({})", names_text(trigger.update_of)));
  }
  if (trigger.events.remove) events.emplace_back("delete");
  return join(events, " or ");
}

std::string trigger_head_text(const Trigger& trigger) {
  const auto time = std::ranges::find(kTimeWords, trigger.time, &TimeWords::time);
  PARLEY_CHECK(time != kTimeWords.end());
  return fmt::format("{} {} {} on {}{}", name_text(trigger.name), time->words, events_text(trigger),
                     name_text(trigger.table),
                     trigger.for_each_statement ? " for each statement" : "");
}

/// Where the object stands when a key that it needs is missing.
const YamlNode& required(const YamlNode& item, std::string_view key, std::string_view what) {
  if (const YamlNode* node = item.find(key)) return *node;
  fail_at(item.position, fmt::format("{} has no '{}'", what, key),
          "Give one text for all engines, or one under the name of each: sqlite, postgresql, "
          "mysql, mariadb.");
}

}  // namespace

schema::View read_view(const YamlNode& item, const YamlNode& name, std::string_view looks_like) {
  ShortForm text(name, looks_like);
  schema::View view{.name = text.name("the name of the view")};
  text.expect_end();
  view.query = read_sql_choice(required(item, "query", fmt::format("view '{}'", view.name)));
  if (const YamlNode* columns = item.find("columns")) {
    view.columns = read_texts(*columns, "a column of a view");
  }
  if (const YamlNode* materialized = item.find("materialized")) {
    view.is_materialized = read_truth(*materialized, "materialized");
  }
  return view;
}

Lines view_lines(std::string_view key, const schema::View& view) {
  Lines lines = yaml_field(key, name_text(view.name));
  if (!view.columns.empty()) lines.push_back("columns: " + yaml_list(view.columns));
  if (view.is_materialized) lines.emplace_back("materialized: true");
  append(lines, sql_lines("query", view.query));
  return lines;
}

Trigger read_trigger(const YamlNode& item, const YamlNode& head, std::string_view looks_like) {
  Trigger trigger = read_trigger_head(head, looks_like);
  if (const YamlNode* when = item.find("when")) trigger.when = read_sql_choice(*when);
  trigger.body = read_sql_choice(required(item, "body", fmt::format("trigger '{}'", trigger.name)));
  if (const YamlNode* function = item.find("function")) {
    trigger.function = scalar_text(*function, "function");
  }
  return trigger;
}

Lines trigger_lines(std::string_view key, const Trigger& trigger) {
  Lines lines = yaml_field(key, trigger_head_text(trigger));
  if (!trigger.when.empty()) append(lines, sql_lines("when", trigger.when));
  if (!trigger.function.empty()) append(lines, yaml_field("function", trigger.function));
  append(lines, sql_lines("body", trigger.body));
  return lines;
}

schema::Enum read_enum(const YamlNode& item, const YamlNode& head, std::string_view looks_like) {
  ShortForm text(head, looks_like);
  schema::Enum enumeration{.name = text.name("the name of the enum")};
  const YamlNode* values = item.find("values");
  if (values == nullptr) {
    enumeration.values = text.names_in_parentheses("a value");
  } else {
    enumeration.values = read_texts(*values, "a value");
  }
  text.expect_end();
  return enumeration;
}

Lines enum_lines(std::string_view key, const schema::Enum& enumeration) {
  const std::string line = fmt::format("{}: {} ({})", key, name_text(enumeration.name),
                                       names_text(enumeration.values));
  const bool is_plain = std::ranges::all_of(enumeration.values, is_plain_word);
  if (is_plain && !enumeration.values.empty() && line.size() <= kEnumLineMax) {
    return yaml_field(key, std::string_view(line).substr(key.size() + 2));
  }
  Lines lines = yaml_field(key, name_text(enumeration.name));
  if (enumeration.values.empty()) return lines.emplace_back("values: []"), lines;
  append(lines, list_lines("values", enumeration.values,
                           [](const std::string& value) { return Lines{yaml_scalar(value)}; }));
  return lines;
}

std::vector<schema::ValueMapping> read_value_mappings(const YamlNode& item,
                                                      std::string_view key) {
  const YamlNode* node = item.find(key);
  if (node == nullptr) return {};
  if (node->kind != YamlNode::Kind::Mapping) {
    fail_at(node->position, fmt::format("'{}' must say for each value which takes its place", key),
            fmt::format("It reads: {}: {{old: new}}", key));
  }
  std::vector<schema::ValueMapping> mappings;
  for (const YamlEntry& entry : node->entries) {
    mappings.push_back({entry.key, scalar_text(entry.value, "the value in its place")});
  }
  return mappings;
}

}  // namespace parley::migrate
