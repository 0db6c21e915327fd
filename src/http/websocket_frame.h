#pragma once

// The frames of a WebSocket as the server reads and writes them (RFC 6455 section 5), as pure
// functions and one incremental parser: bytes in, events out, no socket. The server never masks,
// never fragments and offers no extension, so one frame can be made once and sent to thousands of
// clients; docs/decisions/0012-websocket-framing.md says why this is not Beast's. Values; one
// thread each.

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace parley::http {

/// RFC 6455 section 7.4.1, and 4008 of the range left to applications.
namespace close_code {
constexpr std::uint16_t kNormal = 1000;
constexpr std::uint16_t kGoingAway = 1001;
constexpr std::uint16_t kProtocolError = 1002;
constexpr std::uint16_t kUnsupportedData = 1003;
constexpr std::uint16_t kInvalidText = 1007;
constexpr std::uint16_t kMessageTooBig = 1009;
constexpr std::uint16_t kInternalError = 1011;
constexpr std::uint16_t kResume = 4008;  ///< Too slow: come back with the cursor.
}  // namespace close_code

constexpr std::size_t kControlPayloadMax = 125;

/// Frames of a server: whole messages, not masked.
std::string text_frame(std::string_view text);
std::string ping_frame(std::string_view payload);  ///< Requires: at most 125 bytes.
std::string pong_frame(std::string_view payload);  ///< Requires: at most 125 bytes.

/// `reason` is cut at a code point to the 123 bytes that fit. Requires: `code` is one that may be
/// sent, `reason` is UTF-8.
std::string close_frame(std::uint16_t code, std::string_view reason);

/// True for a code that may stand in a close frame: defined by RFC 6455 or registered since, or
/// 3000 to 4999.
bool is_close_code(std::uint16_t code);

/// True while the bytes given so far can be the beginning of well-formed UTF-8 (Unicode 15, table
/// 3-7). U+0000 is well-formed.
class Utf8Checker {
 public:
  [[nodiscard]] bool feed(std::string_view bytes);
  bool is_between_characters() const { return missing_ == 0; }

 private:
  bool begin_character(unsigned char byte);

  std::uint8_t missing_ = 0;   ///< Bytes that the character under way still needs.
  std::uint8_t least_ = 0x80;  ///< Bounds of the next one.
  std::uint8_t greatest_ = 0xbf;
};

struct TextReceived {
  std::string text;
};
struct PingReceived {
  std::string payload;
};
struct PongReceived {
  std::string payload;
};
struct CloseReceived {
  std::optional<std::uint16_t> code;
  std::string reason;
};
/// The client broke the rules: to be closed with this code.
struct ProtocolViolation {
  std::uint16_t code;
  std::string_view reason;  ///< A literal.
};
using WebSocketEvent =
    std::variant<TextReceived, PingReceived, PongReceived, CloseReceived, ProtocolViolation>;

/// Reads what a client sends. Between messages it holds no memory of its own but itself.
class WebSocketParser {
 public:
  /// Messages of more than `message_bytes_max` are refused with 1009, before memory is taken.
  explicit WebSocketParser(std::size_t message_bytes_max) : message_bytes_max_(message_bytes_max) {}

  /// Takes bytes off the front of `bytes` up to the next event. Nothing when they are used up
  /// before. Requires: no CloseReceived and no ProtocolViolation before.
  std::optional<WebSocketEvent> next(std::string_view& bytes);

 private:
  struct FrameHead {
    bool is_final = false;
    std::uint8_t opcode = 0;
    bool is_control() const { return (opcode & 0x8) != 0; }
  };

  bool collect_head(std::string_view& bytes);
  std::size_t head_size() const;
  std::optional<ProtocolViolation> check_first_bytes() const;
  std::optional<ProtocolViolation> begin_frame();
  std::optional<ProtocolViolation> begin_data_frame();
  std::uint64_t announced_length() const;
  std::optional<ProtocolViolation> take_payload(std::string_view& bytes);
  std::optional<WebSocketEvent> end_frame();
  WebSocketEvent control_event();

  std::size_t message_bytes_max_;
  std::array<std::uint8_t, 14> head_bytes_{};
  std::uint8_t head_bytes_read_ = 0;
  bool is_in_payload_ = false;
  bool is_in_message_ = false;  ///< A fragment was read and the last one was not.
  std::uint8_t mask_position_ = 0;
  FrameHead frame_;
  std::uint64_t payload_missing_ = 0;
  Utf8Checker utf8_;
  std::string message_;
  std::string control_;
};

}  // namespace parley::http
