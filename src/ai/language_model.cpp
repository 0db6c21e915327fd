#include "ai/language_model.h"

#include <future>
#include <memory>
#include <utility>

#include "base/check.h"

namespace parley::ai {

std::string_view word(Role role) {
  switch (role) {
    case Role::System: return "system";
    case Role::User: return "user";
    case Role::Assistant: return "assistant";
  }
  PARLEY_CHECK(false);
}

Usage& Usage::operator+=(const Usage& more) {
  prompt_tokens += more.prompt_tokens;
  completion_tokens += more.completion_tokens;
  total_tokens += more.total_tokens;
  return *this;
}

Outcome ask_and_wait(LanguageModel& model, Request request, OnDelta on_delta,
                     Cancellation cancellation) {
  const auto outcome = std::make_shared<std::promise<Outcome>>();
  model.ask(
      std::move(request), std::move(on_delta),
      [outcome](Outcome given) { outcome->set_value(std::move(given)); }, std::move(cancellation));
  return outcome->get_future().get();
}

}  // namespace parley::ai
