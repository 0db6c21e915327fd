#include "ai/context_window.h"

#include <algorithm>

namespace parley::ai {
namespace {

constexpr std::size_t kMessageTokens = 4;
constexpr std::size_t kAsciiPerToken = 4;

bool is_ascii(char letter) { return static_cast<unsigned char>(letter) < 0x80; }
bool starts_character(char letter) { return static_cast<unsigned char>(letter) >= 0xC0; }

}  // namespace

std::size_t estimated_tokens(std::string_view text) {
  const auto ascii = static_cast<std::size_t>(std::ranges::count_if(text, is_ascii));
  const auto others = static_cast<std::size_t>(std::ranges::count_if(text, starts_character));
  return (ascii + kAsciiPerToken - 1) / kAsciiPerToken + others;
}

std::size_t estimated_tokens(const Message& message) {
  return estimated_tokens(message.content) + kMessageTokens;
}

std::vector<Message> latest(std::span<const Message> history, const WindowLimits& limits) {
  std::size_t count = 0;
  std::size_t tokens = 0;
  while (count < std::min(history.size(), limits.messages_max)) {
    tokens += estimated_tokens(history[history.size() - 1 - count]);
    if (tokens > limits.tokens_max) break;
    ++count;
  }
  const auto window = history.last(count);
  return {window.begin(), window.end()};
}

}  // namespace parley::ai
