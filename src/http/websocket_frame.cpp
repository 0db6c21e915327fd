#include "http/websocket_frame.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "base/text.h"

namespace parley::http {
namespace {

enum Opcode : std::uint8_t {
  kContinuation = 0x0,
  kText = 0x1,
  kBinary = 0x2,
  kClose = 0x8,
  kPing = 0x9,
  kPong = 0xa,
};

constexpr std::uint8_t kFinal = 0x80;
constexpr std::uint8_t kReserved = 0x70;
constexpr std::uint8_t kOpcode = 0x0f;
constexpr std::uint8_t kMasked = 0x80;
constexpr std::uint8_t kLength = 0x7f;
constexpr std::uint8_t kLengthIn16Bits = 126;
constexpr std::uint8_t kLengthIn64Bits = 127;
constexpr std::size_t kMaskBytes = 4;
constexpr std::size_t kReserveMax = 16 << 10;

/// In network order.
void append_number(std::string& bytes, std::uint64_t number, int size) {
  for (int shift = 8 * (size - 1); shift >= 0; shift -= 8) {
    bytes.push_back(static_cast<char>((number >> shift) & 0xff));
  }
}

std::string frame(Opcode opcode, std::string_view payload) {
  constexpr std::size_t kHeadMax = 10;
  std::string bytes;
  bytes.reserve(kHeadMax + payload.size());
  bytes.push_back(static_cast<char>(kFinal | opcode));
  if (payload.size() < kLengthIn16Bits) {
    append_number(bytes, payload.size(), 1);
  } else if (payload.size() <= 0xffff) {
    append_number(bytes, kLengthIn16Bits, 1);
    append_number(bytes, payload.size(), 2);
  } else {
    append_number(bytes, kLengthIn64Bits, 1);
    append_number(bytes, payload.size(), 8);
  }
  bytes.append(payload);
  return bytes;
}

ProtocolViolation violation(std::string_view reason) {
  return {close_code::kProtocolError, reason};
}

constexpr std::string_view kNotUtf8 = "text is not UTF-8";

}  // namespace

std::string text_frame(std::string_view text) { return frame(kText, text); }

std::string ping_frame(std::string_view payload) {
  PARLEY_CHECK(payload.size() <= kControlPayloadMax);
  return frame(kPing, payload);
}

std::string pong_frame(std::string_view payload) {
  PARLEY_CHECK(payload.size() <= kControlPayloadMax);
  return frame(kPong, payload);
}

std::string close_frame(std::uint16_t code, std::string_view reason) {
  PARLEY_CHECK(is_close_code(code));
  std::string payload;
  append_number(payload, code, 2);
  std::size_t fits = std::min(reason.size(), kControlPayloadMax - payload.size());
  while (fits < reason.size() && fits > 0 && (reason[fits] & 0xc0) == 0x80) --fits;
  payload.append(reason.substr(0, fits));
  return frame(kClose, payload);
}

bool is_close_code(std::uint16_t code) {
  if (code >= 3000 && code <= 4999) return true;
  // 1004 has no meaning; 1005, 1006 and 1015 are for local use. 1012 to 1014 were registered later.
  return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014);
}

bool Utf8Checker::feed(std::string_view bytes) {
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (missing_ == 0) {
      if (!begin_character(byte)) return false;
    } else {
      if (byte < least_ || byte > greatest_) return false;
      least_ = 0x80;
      greatest_ = 0xbf;
      --missing_;
    }
  }
  return true;
}

bool Utf8Checker::begin_character(unsigned char byte) {
  if (byte < 0x80) return true;
  if (byte < 0xc2 || byte > 0xf4) return false;
  missing_ = byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3;
  // Overlong forms, surrogates and what lies beyond U+10FFFF show in the second byte.
  if (byte == 0xe0) least_ = 0xa0;
  if (byte == 0xed) greatest_ = 0x9f;
  if (byte == 0xf0) least_ = 0x90;
  if (byte == 0xf4) greatest_ = 0x8f;
  return true;
}

std::optional<WebSocketEvent> WebSocketParser::next(std::string_view& bytes) {
  while (true) {
    if (!is_in_payload_) {
      if (!collect_head(bytes)) return std::nullopt;
      if (const auto problem = check_first_bytes()) return *problem;
      if (head_bytes_read_ < head_size()) continue;
      if (const auto problem = begin_frame()) return *problem;
    }
    if (const auto problem = take_payload(bytes)) return *problem;
    if (payload_missing_ > 0) return std::nullopt;
    is_in_payload_ = false;
    head_bytes_read_ = 0;
    if (auto event = end_frame()) return event;
  }
}

/// True when all bytes of the head that are known to be needed have been read: the first two say
/// how many more there are.
bool WebSocketParser::collect_head(std::string_view& bytes) {
  const std::size_t wanted = head_size() - head_bytes_read_;
  const std::size_t taken = std::min(wanted, bytes.size());
  std::copy_n(bytes.begin(), taken, head_bytes_.begin() + head_bytes_read_);
  head_bytes_read_ = static_cast<std::uint8_t>(head_bytes_read_ + taken);
  bytes.remove_prefix(taken);
  return taken == wanted;
}

std::size_t WebSocketParser::head_size() const {
  if (head_bytes_read_ < 2) return 2;
  const std::uint8_t length = head_bytes_[1] & kLength;
  const std::size_t length_bytes = length == kLengthIn64Bits   ? 8
                                   : length == kLengthIn16Bits ? 2
                                                               : 0;
  return 2 + length_bytes + kMaskBytes;
}

/// What the first two bytes of a frame can have wrong.
std::optional<ProtocolViolation> WebSocketParser::check_first_bytes() const {
  const std::uint8_t opcode = head_bytes_[0] & kOpcode;
  const bool is_final = (head_bytes_[0] & kFinal) != 0;
  if ((head_bytes_[0] & kReserved) != 0) return violation("reserved bits are set");
  if ((head_bytes_[1] & kMasked) == 0) return violation("frames of a client must be masked");
  switch (opcode) {
    case kContinuation:
      if (!is_in_message_) return violation("there is nothing to continue");
      return std::nullopt;
    case kText:
      if (is_in_message_) return violation("the message before has not ended");
      return std::nullopt;
    case kBinary:
      if (is_in_message_) return violation("the message before has not ended");
      return ProtocolViolation{close_code::kUnsupportedData, "only text is taken"};
    case kClose:
    case kPing:
    case kPong:
      if (!is_final) return violation("control frames cannot be fragmented");
      if ((head_bytes_[1] & kLength) > kControlPayloadMax) {
        return violation("control frames have at most 125 bytes");
      }
      return std::nullopt;
    default: return violation("the opcode is reserved");
  }
}

std::optional<ProtocolViolation> WebSocketParser::begin_frame() {
  frame_ = {(head_bytes_[0] & kFinal) != 0, static_cast<std::uint8_t>(head_bytes_[0] & kOpcode)};
  payload_missing_ = announced_length();
  mask_position_ = 0;
  is_in_payload_ = true;
  const std::uint8_t length = head_bytes_[1] & kLength;
  if ((length == kLengthIn16Bits && payload_missing_ < kLengthIn16Bits) ||
      (length == kLengthIn64Bits && payload_missing_ <= 0xffff)) {
    return violation("the length is not in its shortest form");
  }
  if (payload_missing_ >> 63 != 0) return violation("the length has its highest bit set");
  return frame_.is_control() ? std::nullopt : begin_data_frame();
}

std::optional<ProtocolViolation> WebSocketParser::begin_data_frame() {
  if (payload_missing_ > message_bytes_max_ - message_.size()) {
    return ProtocolViolation{close_code::kMessageTooBig, "the message is too long"};
  }
  if (!is_in_message_) utf8_ = {};
  is_in_message_ = true;
  // The length is what the client claims; beyond a little, memory is taken as the bytes come.
  const auto claimed = static_cast<std::size_t>(payload_missing_);
  message_.reserve(message_.size() + std::min(claimed, kReserveMax));
  return std::nullopt;
}

std::uint64_t WebSocketParser::announced_length() const {
  const std::size_t length_bytes = head_size() - 2 - kMaskBytes;
  if (length_bytes == 0) return head_bytes_[1] & kLength;
  std::uint64_t length = 0;
  for (std::size_t i = 0; i < length_bytes; ++i) length = length << 8 | head_bytes_[2 + i];
  return length;
}

std::optional<ProtocolViolation> WebSocketParser::take_payload(std::string_view& bytes) {
  const auto taken =
      static_cast<std::size_t>(std::min<std::uint64_t>(payload_missing_, bytes.size()));
  const std::uint8_t* const mask = head_bytes_.data() + head_size() - kMaskBytes;
  std::string& target = frame_.is_control() ? control_ : message_;
  const std::size_t begin = target.size();
  target.append(bytes.substr(0, taken));
  for (std::size_t i = 0; i < taken; ++i) {
    target[begin + i] =
        static_cast<char>(target[begin + i] ^ mask[(mask_position_ + i) % kMaskBytes]);
  }
  mask_position_ = static_cast<std::uint8_t>((mask_position_ + taken) % kMaskBytes);
  payload_missing_ -= taken;
  bytes.remove_prefix(taken);
  const std::string_view added = std::string_view(target).substr(begin);
  if (frame_.is_control() || utf8_.feed(added)) return std::nullopt;
  return ProtocolViolation{close_code::kInvalidText, kNotUtf8};
}

/// Nothing after a fragment that is not the last.
std::optional<WebSocketEvent> WebSocketParser::end_frame() {
  if (frame_.is_control()) return control_event();
  if (!frame_.is_final) return std::nullopt;
  if (!utf8_.is_between_characters()) {
    return ProtocolViolation{close_code::kInvalidText, kNotUtf8};
  }
  is_in_message_ = false;
  return TextReceived{std::exchange(message_, {})};
}

WebSocketEvent WebSocketParser::control_event() {
  std::string payload = std::exchange(control_, {});
  if (frame_.opcode == kPing) return PingReceived{std::move(payload)};
  if (frame_.opcode == kPong) return PongReceived{std::move(payload)};
  if (payload.empty()) return CloseReceived{};
  if (payload.size() == 1) return violation("a close code has two bytes");
  const auto code = static_cast<std::uint16_t>(static_cast<unsigned char>(payload[0]) << 8 |
                                               static_cast<unsigned char>(payload[1]));
  if (!is_close_code(code)) return violation("the close code is not one that may be sent");
  std::string reason = payload.substr(2);
  Utf8Checker utf8;
  if (!utf8.feed(reason) || !utf8.is_between_characters()) {
    return ProtocolViolation{close_code::kInvalidText, "the close reason is not UTF-8"};
  }
  return CloseReceived{code, std::move(reason)};
}

}  // namespace parley::http
