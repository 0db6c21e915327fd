#include "cli/output.h"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>

namespace parley::cli {
namespace {

/// As https://no-color.org has it.
bool may_be_colored(const CommonOptions& options) {
  const char* forbidden = std::getenv("NO_COLOR");
  const bool is_forbidden = options.has_no_color || (forbidden != nullptr && *forbidden != '\0');
  return !is_forbidden && isatty(STDOUT_FILENO) == 1;
}

std::string_view code_of(Color color) {
  switch (color) {
    case Color::Red: return "31";
    case Color::Green: return "32";
    case Color::Yellow: return "33";
  }
  return "0";
}

}  // namespace

Output::Output(const AnswerOptions& options)
    : is_json_(options.is_json), is_colored_(!options.is_json && may_be_colored(options)) {}

std::string Output::painted(Color color, std::string_view text) const {
  if (!is_colored_) return std::string(text);
  return fmt::format("\x1b[{}m{}\x1b[0m", code_of(color), text);
}

json::array& Output::list(std::string_view key) {
  Json& value = document_[key];
  if (!value.is_array()) value = json::array();
  return value.as_array();
}

void Output::finish() const {
  if (is_json_) print(to_text(Json(document_)) + "\n");
}

void Output::print(std::string_view text) { std::fwrite(text.data(), 1, text.size(), stdout); }

void print_json_error(const Error& error) {
  const ErrorFacts& facts = facts_of(error.code());
  JsonObject document;
  document["error"] = {{"message", error.what()},
                       {"hint", error.hint()},
                       {"exit_code", static_cast<int>(facts.exit_code)}};
  fmt::print("{}\n", to_text(Json(document)));
}

json::array to_json(const std::vector<std::string>& texts) {
  json::array list;
  for (const std::string& text : texts) list.emplace_back(text);
  return list;
}

}  // namespace parley::cli
