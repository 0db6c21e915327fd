#pragma once

// What a model is told of a conversation: the latest messages, oldest first, as many as fit. Pure
// functions; any thread.

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "ai/language_model.h"

namespace parley::ai {

/// About how many tokens a text has. Every vocabulary counts differently, and none is at hand, so
/// this is a rule of thumb that rather says too many: four ASCII characters are a token, and so is
/// every other character.
std::size_t estimated_tokens(std::string_view text);

/// The text, and four tokens for what the protocol puts around it.
std::size_t estimated_tokens(const Message& message);

struct WindowLimits {
  std::size_t messages_max = 10;
  std::size_t tokens_max = 8000;  ///< Estimated, of all messages of the window together.
};

/// The end of `history` that keeps to both limits, in its order. Messages are whole, and none is
/// left out between others: the first one from the end that does not fit ends the window. May be
/// empty.
std::vector<Message> latest(std::span<const Message> history, const WindowLimits& limits);

}  // namespace parley::ai
