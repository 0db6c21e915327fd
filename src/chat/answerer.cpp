#include "chat/answerer.h"

#include <fmt/format.h>

#include "base/check.h"
#include "base/json.h"
#include "base/text.h"

namespace parley::chat {
namespace {

/// What other servers say may be in any encoding.
std::string storable(std::string_view text) {
  std::string kept(text);
  if (is_storable_text(kept)) return kept;
  for (char& c : kept) {
    if (static_cast<unsigned char>(c) >= 0x80 || c == '\0') c = '?';
  }
  return kept;
}

}  // namespace

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
  answer.action = Action::Error;
  answer.error = storable(reason);
  answer.content = fmt::format("Sorry, this question could not be answered: {}", *answer.error);
  return answer;
}

}  // namespace parley::chat
