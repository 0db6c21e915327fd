#pragma once

// What an operator decides about language models, for all modules that ask one. A value.

#include <chrono>
#include <string>

namespace parley::ai {

struct Settings {
  std::string base_url;  ///< Where `/chat/completions` is added; empty: no model, answers offline.
  std::string api_key;
  std::string model;  ///< For requests that name none.
  /// Whether a question without a key is refused; off for servers of one's own that want none.
  bool key_required = true;
  /// Whether an offline text answers when the model fails; each module says where that is sensible.
  bool fallback_on_error = true;
  std::chrono::milliseconds timeout{60'000};          ///< Of one try; of a stream: of its silence.
  int retries = 2;                                    ///< After 429 and 5xx.
  std::chrono::milliseconds retry_pause{500};         ///< Before the first; each is twice the last.
  std::chrono::milliseconds retry_pause_max{30'000};  ///< A server that asks for more is left.

  bool is_offline() const { return base_url.empty(); }
};

}  // namespace parley::ai
