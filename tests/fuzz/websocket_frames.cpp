// What a client sends over a WebSocket means the same however the network cuts it into pieces, and
// a message means the same however the client cuts it into frames.

#include <vector>

#include "base/overloaded.h"
#include "fuzz.h"
#include "http/websocket_frame.h"

namespace {

using parley::fuzz::require;
using namespace parley::http;

constexpr std::size_t kMessageMax = 512;

bool is_utf8(std::string_view text) {
  Utf8Checker checker;
  return checker.feed(text) && checker.is_between_characters();
}

/// What must hold of an event, whatever came.
void check(const WebSocketEvent& event) {
  std::visit(
      parley::overloaded{[](const TextReceived& text) {
                           require(text.text.size() <= kMessageMax, "a message is bounded");
                           require(is_utf8(text.text), "a text is text");
                         },
                         [](const PingReceived& ping) {
                           require(ping.payload.size() <= kControlPayloadMax, "a ping is short");
                           require(pong_frame(ping.payload).size() == ping.payload.size() + 2,
                                   "and can be answered");
                         },
                         [](const PongReceived& pong) {
                           require(pong.payload.size() <= kControlPayloadMax, "a pong is short");
                         },
                         [](const CloseReceived& close) {
                           require(is_utf8(close.reason), "a reason is text");
                           require(close.code || close.reason.empty(), "a reason has a code");
                           if (close.code) close_frame(*close.code, close.reason);
                         },
                         [](const ProtocolViolation& violation) {
                           close_frame(violation.code, violation.reason);
                         }},
      event);
}

/// An event as text, to be compared.
std::string described(const WebSocketEvent& event) {
  return std::visit(
      parley::overloaded{[](const TextReceived& text) { return "text " + text.text; },
                         [](const PingReceived& ping) { return "ping " + ping.payload; },
                         [](const PongReceived& pong) { return "pong " + pong.payload; },
                         [](const CloseReceived& close) {
                           return fmt::format("close {} {}", close.code.value_or(0), close.reason);
                         },
                         [](const ProtocolViolation& violation) {
                           return fmt::format("violation {}", violation.code);
                         }},
      event);
}

bool is_last(const WebSocketEvent& event) {
  return std::holds_alternative<CloseReceived>(event) ||
         std::holds_alternative<ProtocolViolation>(event);
}

/// The events of bytes that arrive in pieces of the sizes of `cuts`, or all at once.
std::vector<std::string> read(std::string_view bytes, std::string_view cuts) {
  WebSocketParser parser(kMessageMax);
  std::vector<std::string> events;
  for (std::size_t piece = 0; !bytes.empty(); ++piece) {
    const std::size_t size = cuts.empty()
                                 ? bytes.size()
                                 : 1U + static_cast<std::uint8_t>(cuts[piece % cuts.size()]) % 32U;
    std::string_view part = bytes.substr(0, size);
    bytes.remove_prefix(part.size());
    while (const auto event = parser.next(part)) {
      check(*event);
      events.push_back(described(*event));
      if (is_last(*event)) return events;
    }
    require(part.empty(), "what makes no event is used up");
  }
  return events;
}

/// A frame as a client sends it. `payload` is at most 125 bytes.
std::string masked(std::uint8_t first_byte, std::string_view payload) {
  constexpr std::string_view kMask = "\x12\x34\x56\x78";
  std::string frame{static_cast<char>(first_byte), static_cast<char>(0x80 | payload.size())};
  frame += kMask;
  for (std::size_t i = 0; i < payload.size(); ++i)
    frame += static_cast<char>(payload[i] ^ kMask[i % kMask.size()]);
  return frame;
}

/// `text` in frames of the sizes of `cuts`, with a ping between each two.
std::string in_frames(std::string_view text, std::string_view cuts) {
  std::string bytes;
  std::uint8_t opcode = 0x1;
  for (const char cut : cuts) {
    const std::string_view part = text.substr(0, static_cast<std::uint8_t>(cut) % 64U);
    text.remove_prefix(part.size());
    bytes += masked(opcode, part) + masked(0x89, "?");
    opcode = 0x0;
  }
  for (; text.size() > kControlPayloadMax; text.remove_prefix(kControlPayloadMax)) {
    bytes += masked(opcode, text.substr(0, kControlPayloadMax));
    opcode = 0x0;
  }
  return bytes + masked(0x80 | opcode, text);
}

void require_message_survives_frames(std::string_view text, std::string_view cuts) {
  if (text.size() > kMessageMax || !is_utf8(text)) return;
  std::vector<std::string> expected(cuts.size(), "ping ?");
  expected.push_back(fmt::format("text {}", text));
  require(read(in_frames(text, cuts), {}) == expected, "frames make the message they were cut of");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view bytes = parley::fuzz::text_of(data, size);
  const std::size_t count =
      std::min<std::size_t>(parley::fuzz::take_byte(bytes) % 8U, bytes.size());
  const std::string_view cuts = bytes.substr(0, count);
  bytes.remove_prefix(count);
  require(read(bytes, {}) == read(bytes, cuts), "pieces are read as the whole is");
  require_message_survives_frames(bytes, cuts);
  return 0;
}
