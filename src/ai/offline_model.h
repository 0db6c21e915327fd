#pragma once

// A model without a server: a function of the request writes the answer, so the same question gets
// the same answer, at once and without a network. What the function says is the module's own
// business; this gives it the shape of a model, so that nobody asks which of the two there is.

#include <functional>
#include <string>

#include "ai/language_model.h"

namespace parley::ai {

class OfflineModel final : public LanguageModel {
 public:
  /// The model of its completions.
  static constexpr std::string_view kName = "fallback";

  /// Pure; never answers with an empty text. Called on the thread that asks.
  using Compose = std::function<std::string(const Request&)>;

  explicit OfflineModel(Compose compose) : compose_(std::move(compose)) {}

  /// Calls back before it returns; the answer is one piece, took no time and used no tokens. What
  /// `compose` throws as an Error, and a cancellation, is the outcome.
  void ask(Request request, OnDelta on_delta, Done done, Cancellation cancellation) override;

 private:
  const Compose compose_;
};

}  // namespace parley::ai
