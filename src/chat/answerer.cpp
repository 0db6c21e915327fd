#include "chat/answerer.h"

#include <fmt/format.h>

#include "base/check.h"
#include "base/json.h"

namespace parley::chat {

std::string_view word(Action action) {
  switch (action) {
    case Action::Describe: return "DESCRIBE";
    case Action::Query: return "QUERY";
    case Action::Error: return "ERROR";
  }
  PARLEY_CHECK(false);
}

std::optional<std::string> attempts_text(const std::vector<std::string>& attempts) {
  if (attempts.empty()) return std::nullopt;
  json::array texts;
  for (const std::string& attempt : attempts) texts.emplace_back(attempt);
  return to_text(texts);
}

Answer error_answer(std::string_view reason) {
  Answer answer;
  answer.content = fmt::format("Sorry, this question could not be answered: {}", reason);
  answer.action = Action::Error;
  answer.error = std::string(reason);
  return answer;
}

}  // namespace parley::chat
