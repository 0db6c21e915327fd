#include "chat/value_resolver.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "chat/powerbi.h"

namespace parley::chat {
namespace {

std::string text_in(const JsonObject& object, std::string_view name) {
  const Json* value = object.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(trim(value->get_string())) : "";
}

const json::array* list_in(const JsonObject& object, std::string_view name) {
  const Json* value = object.if_contains(name);
  return value == nullptr ? nullptr : value->if_array();
}

const DataColumn* find(const DataSchema& schema, const Json& wanted) {
  const auto* object = wanted.if_object();
  if (object == nullptr) return nullptr;
  const std::string table = text_in(*object, "table");
  const std::string name = text_in(*object, "column");
  const auto column = std::ranges::find_if(schema.columns, [&](const DataColumn& one) {
    return one.is_text && one.table == table && one.name == name;
  });
  return column == schema.columns.end() ? nullptr : &*column;
}

bool contains(const std::vector<std::string>& values, const std::string& value) {
  return std::ranges::find(values, value) != values.end();
}

/// The question with the value where the word was; behind it, when it does not have the word.
std::string rewritten(std::string_view question, std::string_view word, std::string_view value) {
  const std::size_t at = lower(question).find(lower(word));
  if (at == std::string::npos) return fmt::format("{} ({}: {})", question, word, value);
  return fmt::format("{}{}{}", question.substr(0, at), value, question.substr(at + word.size()));
}

std::vector<std::string> alternatives_in(const JsonObject& choice,
                                         const std::vector<std::string>& values) {
  std::vector<std::string> found;
  const auto* list = list_in(choice, "alternatives");
  if (list == nullptr) return found;
  for (const Json& one : *list) {
    if (!one.is_string() || found.size() >= kAlternativesMax) continue;
    const std::string value(one.get_string());
    if (contains(values, value) && !contains(found, value)) found.push_back(value);
  }
  return found;
}

}  // namespace

bool has_text_columns(const DataSchema& schema) {
  return std::ranges::any_of(schema.columns, &DataColumn::is_text);
}

std::vector<ai::Message> word_prompt(const Briefing& briefing, std::string_view question) {
  Briefing alone = briefing;
  alone.history.clear();
  std::vector<ai::Message> messages = describe_prompt(alone, question);
  messages.front().content = fmt::format(
      "{}{}Which value of a text column does the question mention, perhaps misspelt or shortened? "
      "Reply with one JSON object and nothing else: {{\"word\": \"as in the question\", "
      "\"columns\": [{{\"table\": \"…\", \"column\": \"…\"}}]}}, with at most {} columns, the "
      "likeliest first; {{\"columns\": []}} when it mentions none.\n\nThe schema of the data:\n{}",
      briefing.instructions, briefing.instructions.empty() ? "" : "\n\n", kValueColumnsMax,
      briefing.schema_text);
  return messages;
}

WordInQuestion read_word(std::string_view reply, const DataSchema& schema) {
  WordInQuestion found;
  const auto object = object_in(reply);
  if (!object) return found;
  found.word = text_in(*object, "word");
  const auto* columns = list_in(*object, "columns");
  if (found.word.empty() || columns == nullptr) return found;
  for (const Json& wanted : *columns) {
    const DataColumn* column = find(schema, wanted);
    if (column != nullptr && found.columns.size() < kValueColumnsMax) {
      found.columns.push_back(*column);
    }
  }
  return found;
}

std::string values_query(const DataColumn& column) {
  const std::string name = dax_column(column.table, column.name);
  return fmt::format("EVALUATE TOPN({}, DISTINCT({}), {}, ASC) ORDER BY {} ASC",
                     kValuesPerColumnMax, name, name, name);
}

std::vector<ai::Message> choice_prompt(const Briefing& briefing, std::string_view question,
                                       std::string_view word,
                                       const std::vector<std::string>& values) {
  std::string task = briefing.instructions;
  if (!task.empty()) task += "\n\n";
  task += fmt::format(
      "Which of these values does the word of the question mean? Reply with one JSON object and "
      "nothing else: {{\"choice\": \"the value\"}} when it is clear, else {{\"alternatives\": [at "
      "most {} values]}}, or {{}} when it is none of them.",
      kAlternativesMax);
  json::array list;
  for (const std::string& value : values) list.emplace_back(value);
  return {{ai::Role::System, std::move(task)},
          {ai::Role::User, fmt::format("The question: {}\nThe word: {}\nThe values: {}", question,
                                       word, to_text(list))}};
}

Resolution read_choice(std::string_view reply, std::string_view question, std::string_view word,
                       const std::vector<std::string>& values) {
  Resolution resolution{.question = std::string(question), .note = {}};
  const auto object = object_in(reply);
  if (!object) return resolution;
  const std::string choice = text_in(*object, "choice");
  if (contains(values, choice)) {
    if (choice == word) return resolution;
    resolution.question = rewritten(question, word, choice);
    resolution.note = fmt::format("interpreting \"{}\" as \"{}\"", word, choice);
    return resolution;
  }
  std::vector<std::string> quoted;
  for (const std::string& value : alternatives_in(*object, values)) {
    quoted.push_back(fmt::format("\"{}\"", value));
  }
  if (!quoted.empty()) {
    resolution.note = fmt::format("\"{}\" could be {}", word, join(quoted, ", "));
  }
  return resolution;
}

}  // namespace parley::chat
