#include "chat/offline_answerer.h"

#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "base/error.h"
#include "base/text.h"

namespace parley::chat {
namespace {

constexpr std::size_t kTablesMax = 50;

bool is_of_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}

/// True when `text` has `name` as a word of its own; both in lower case.
bool names(std::string_view text, std::string_view name) {
  for (std::size_t at = text.find(name); at != std::string_view::npos;
       at = text.find(name, at + 1)) {
    const std::size_t end = at + name.size();
    const bool begins = at == 0 || !is_of_word(text[at - 1]);
    const bool ends = end == text.size() || !is_of_word(text[end]);
    if (begins && ends) return true;
  }
  return false;
}

std::string columns_line(const DataSchema& schema, const std::string& table) {
  std::vector<std::string> columns;
  for (const DataColumn& column : schema.columns) {
    if (column.table == table) columns.push_back(column.name);
  }
  return fmt::format("\nColumns of {}: {}.", table, join(columns, ", "));
}

}  // namespace

std::string offline_text(const DataSchema& schema, std::string_view question) {
  const std::vector<std::string> tables = schema.tables();
  const auto shown = std::span(tables).first(std::min(tables.size(), kTablesMax));
  std::string text = "No language model is configured, so this is only what the schema says.\n";
  text += tables.empty() ? "There are no tables." : fmt::format("Tables: {}.", join(shown, ", "));
  const std::string asked = lower(question);
  for (const std::string& table : tables) {
    if (!table.empty() && names(asked, lower(table))) text += columns_line(schema, table);
  }
  return text;
}

Answer OfflineAnswerer::answer(const Question& question, const ai::OnDelta& on_delta,
                               const Cancellation& cancellation) {
  const Timestamp start = clock_.now();
  Answer answer;
  try {
    const auto source =
        sources_.open(question.agent.connection_type, question.agent.connection_config);
    answer.content = offline_text(*source->schema(cancellation), question.text);
  } catch (const Error& error) {
    answer = error_answer(error.what());
  }
  if (on_delta) on_delta(answer.content);
  answer.response_time =
      std::chrono::duration_cast<std::chrono::milliseconds>(clock_.now() - start);
  return answer;
}

}  // namespace parley::chat
