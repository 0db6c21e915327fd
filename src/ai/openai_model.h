#pragma once

// A model behind a server that speaks the OpenAI chat-completions protocol, as OpenAI does and
// nearly every other server of models too. An answer that asks to come again (429, 5xx) is asked
// for again after a pause, which the server may choose with `Retry-After`; nothing else is, since
// half an answer may have been shown already. Any thread.

#include <memory>

#include "ai/language_model.h"
#include "ai/settings.h"
#include "base/clock.h"
#include "http/client.h"

namespace parley::ai {

class OpenAiModel final : public LanguageModel {
 public:
  /// The client and the clock must outlive it. Throws Error{InvalidConfiguration} when the base URL
  /// is none. Requires: the settings are not offline.
  OpenAiModel(http::Client& client, const Clock& clock, Settings settings);

  /// Calls back on the client's thread, or, for what cannot be sent, before it returns.
  void ask(Request request, OnDelta on_delta, Done done, Cancellation cancellation) override;

 private:
  http::Client& client_;
  const Clock& clock_;
  const std::shared_ptr<const Settings> settings_;
};

}  // namespace parley::ai
