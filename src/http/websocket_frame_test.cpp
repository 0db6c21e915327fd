#include "http/websocket_frame.h"

#include <gtest/gtest.h>

#include "base/overloaded.h"
#include "support/websocket_client.h"

namespace parley::http {
namespace {

using test::client_close;
using test::client_frame;
using test::client_text;
using test::kFinal;
namespace opcode = test::opcode;

constexpr std::size_t kMessageMax = 1000;

std::string described(const WebSocketEvent& event) {
  return std::visit(
      overloaded{
          [](const TextReceived& text) { return "text " + text.text; },
          [](const PingReceived& ping) { return "ping " + ping.payload; },
          [](const PongReceived& pong) { return "pong " + pong.payload; },
          [](const CloseReceived& close) {
            return fmt::format("close {} {}", close.code.value_or(0), close.reason);
          },
          [](const ProtocolViolation& found) { return fmt::format("violation {}", found.code); }},
      event);
}

bool is_last(const WebSocketEvent& event) {
  return std::holds_alternative<CloseReceived>(event) ||
         std::holds_alternative<ProtocolViolation>(event);
}

using Described = std::vector<std::string>;

/// What a parser makes of bytes that arrive in these pieces, up to what ends the connection.
Described read(std::span<const std::string_view> pieces) {
  WebSocketParser parser(kMessageMax);
  Described events;
  for (std::string_view piece : pieces) {
    while (const auto event = parser.next(piece)) {
      events.push_back(described(*event));
      if (is_last(*event)) return events;
    }
    EXPECT_TRUE(piece.empty());
  }
  return events;
}

Described read(std::string_view bytes) { return read(std::array{bytes}); }

/// All the bytes up to what the parser refuses, to be exact about when it does.
std::size_t bytes_until_violation(std::string_view bytes) {
  WebSocketParser parser(kMessageMax);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    std::string_view byte = bytes.substr(i, 1);
    const auto event = parser.next(byte);
    if (event && std::holds_alternative<ProtocolViolation>(*event)) return i + 1;
  }
  return 0;
}

std::string unmasked(std::uint8_t first_byte, std::string_view payload) {
  std::string bytes{static_cast<char>(first_byte), static_cast<char>(payload.size())};
  return bytes.append(payload);
}

/// Of the last frame of a message.
std::uint8_t first_byte(unsigned bits) { return static_cast<std::uint8_t>(kFinal | bits); }

constexpr auto kCloseCodes =
    std::to_array<std::uint16_t>({1000, 1001, 1002, 1003, 1007, 1011, 1014, 3000, 4008, 4999});
constexpr auto kNoCloseCodes =
    std::to_array<std::uint16_t>({0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65535});

const Described kRefused{"violation 1002"};

TEST(WebSocketFrame, IsWrittenWithTheShortestLength) {
  EXPECT_EQ(text_frame("Hello"), "\x81\x05Hello");  // RFC 6455 section 5.7.
  EXPECT_EQ(text_frame(""), std::string("\x81\x00", 2));
  EXPECT_EQ(text_frame(std::string(125, 'x')).substr(0, 3), "\x81\x7dx");
  EXPECT_EQ(text_frame(std::string(126, 'x')).substr(0, 5), std::string("\x81\x7e\x00\x7ex", 5));
  EXPECT_EQ(text_frame(std::string(65535, 'x')).substr(0, 5), "\x81\x7e\xff\xffx");
  EXPECT_EQ(text_frame(std::string(65536, 'x')).substr(0, 11),
            std::string("\x81\x7f\x00\x00\x00\x00\x00\x01\x00\x00x", 11));
}

TEST(WebSocketFrame, OfControlHasItsOpcode) {
  EXPECT_EQ(ping_frame("hi"), "\x89\x02hi");
  EXPECT_EQ(pong_frame("hi"), "\x8a\x02hi");
  EXPECT_EQ(close_frame(1000, "bye"),
            "\x88\x05\x03\xe8"
            "bye");
}

TEST(WebSocketFrame, OfCloseCutsALongReasonBetweenCharacters) {
  EXPECT_EQ(close_frame(1000, std::string(200, 'x')).size(), 2u + 125u);
  const std::string reason = std::string(122, 'x') + "\xc3\xa4";
  EXPECT_EQ(close_frame(1000, reason).substr(4), std::string(122, 'x'));
}

TEST(WebSocketFrame, CloseCodesAreThoseThatMayBeSent) {
  for (const std::uint16_t code : kCloseCodes) {
    EXPECT_TRUE(is_close_code(code)) << code;
  }
  for (const std::uint16_t code : kNoCloseCodes) {
    EXPECT_FALSE(is_close_code(code)) << code;
  }
}

TEST(WebSocketParser, ReadsTexts) {
  EXPECT_EQ(read(client_text("Hello") + client_text("") + client_text("\xe2\x82\xac")),
            (Described{"text Hello", "text ", "text \xe2\x82\xac"}));
  EXPECT_EQ(read(client_text(std::string("a\0b", 3))), (Described{std::string("text a\0b", 8)}));
}

TEST(WebSocketParser, ReadsEveryFormOfLength) {
  for (const std::size_t size : {0u, 1u, 125u, 126u, 127u, 999u, 1000u}) {
    const std::string text(size, 'x');
    EXPECT_EQ(read(client_text(text)), (Described{"text " + text}));
  }
  WebSocketParser parser(1 << 20);
  const std::string text(70000, 'y');
  const std::string frame = client_text(text);
  std::string_view bytes = frame;
  EXPECT_EQ(std::get<TextReceived>(*parser.next(bytes)).text, text);
}

TEST(WebSocketParser, JoinsFragmentsAroundControlFrames) {
  EXPECT_EQ(
      read(client_frame(opcode::kText, "Hel") + client_frame(kFinal | opcode::kPing, "now") +
           client_frame(opcode::kContinuation, "lo") + client_frame(kFinal | opcode::kPong, "") +
           client_frame(kFinal | opcode::kContinuation, "!") + client_text("next")),
      (Described{"ping now", "pong ", "text Hello!", "text next"}));
}

/// Some of everything, so that cutting it anywhere cuts every part of a frame.
std::string mixed_stream() {
  return client_text("\xf0\x9f\x98\x80 hi") + client_frame(opcode::kText, "\xe2\x82") +
         client_frame(kFinal | opcode::kPing, "p") + client_frame(opcode::kContinuation, "") +
         client_frame(kFinal | opcode::kContinuation, "\xac" + std::string(130, 'z')) +
         client_frame(kFinal | opcode::kPong, "") + client_close(1000, "bye");
}

TEST(WebSocketParser, ReadsTheSameWhereverTheBytesAreCut) {
  const std::string bytes = mixed_stream();
  const std::string_view all = bytes;
  const Described expected{"text \xf0\x9f\x98\x80 hi", "ping p",
                           "text \xe2\x82\xac" + std::string(130, 'z'), "pong ", "close 1000 bye"};
  EXPECT_EQ(read(all), expected);
  for (std::size_t i = 0; i <= all.size(); ++i) {
    EXPECT_EQ(read(std::array{all.substr(0, i), all.substr(i)}), expected) << i;
  }
  std::vector<std::string_view> single_bytes;
  for (std::size_t i = 0; i < all.size(); ++i) single_bytes.push_back(all.substr(i, 1));
  EXPECT_EQ(read(single_bytes), expected);
}

TEST(WebSocketParser, LeavesWhatComesBehindAnEvent) {
  WebSocketParser parser(kMessageMax);
  const std::string bytes = client_text("one") + client_text("two");
  std::string_view rest = bytes;
  EXPECT_EQ(described(*parser.next(rest)), "text one");
  EXPECT_EQ(rest, client_text("two"));
}

TEST(WebSocketParser, RefusesFramesThatAreNotMasked) {
  EXPECT_EQ(read(unmasked(kFinal | opcode::kText, "Hello")), kRefused);
  EXPECT_EQ(read(unmasked(kFinal | opcode::kPing, "")), kRefused);
}

TEST(WebSocketParser, RefusesReservedBits) {
  for (const unsigned bit : {0x40U, 0x20U, 0x10U}) {
    EXPECT_EQ(read(client_frame(first_byte(bit | opcode::kText), "x")), kRefused);
    EXPECT_EQ(read(client_frame(first_byte(bit | opcode::kPing), "x")), kRefused);
  }
}

TEST(WebSocketParser, RefusesReservedOpcodes) {
  for (const unsigned code : {0x3U, 0x4U, 0x5U, 0x6U, 0x7U, 0xbU, 0xcU, 0xdU, 0xeU, 0xfU}) {
    EXPECT_EQ(read(client_frame(first_byte(code), "x")), kRefused);
  }
}

TEST(WebSocketParser, RefusesBinary) {
  EXPECT_EQ(read(client_frame(kFinal | opcode::kBinary, "x")), (Described{"violation 1003"}));
}

TEST(WebSocketParser, RefusesFragmentsOutOfOrder) {
  EXPECT_EQ(read(client_frame(kFinal | opcode::kContinuation, "x")), kRefused);
  EXPECT_EQ(read(client_frame(opcode::kContinuation, "x")), kRefused);
  EXPECT_EQ(read(client_frame(opcode::kText, "x") + client_text("y")), kRefused);
  EXPECT_EQ(read(client_frame(opcode::kText, "x") + client_frame(kFinal | opcode::kBinary, "y")),
            kRefused);
  EXPECT_EQ(read(client_text("x") + client_frame(kFinal | opcode::kContinuation, "y")),
            (Described{"text x", "violation 1002"}));
}

TEST(WebSocketParser, RefusesControlFramesInFragments) {
  for (const std::uint8_t code : {opcode::kPing, opcode::kPong, opcode::kClose}) {
    EXPECT_EQ(read(client_frame(code, "")), kRefused);
  }
}

TEST(WebSocketParser, TakesControlFramesOf125BytesAndNoMore) {
  const std::string longest(125, 'x');
  EXPECT_EQ(read(client_frame(kFinal | opcode::kPing, longest)), (Described{"ping " + longest}));
  for (const std::uint8_t code : {opcode::kPing, opcode::kPong, opcode::kClose}) {
    const std::string frame = client_frame(first_byte(code), longest + "x");
    EXPECT_EQ(read(frame), kRefused);
    EXPECT_EQ(bytes_until_violation(frame), 2u);
  }
}

TEST(WebSocketParser, RefusesLengthsThatAreNotShortest) {
  EXPECT_EQ(read(std::string("\x81\xfe\x00\x7d\0\0\0\0", 8)), kRefused);
  EXPECT_EQ(read(std::string("\x81\xff\0\0\0\0\0\0\xff\xff\0\0\0\0", 14)), kRefused);
}

TEST(WebSocketParser, RefusesALengthWithTheHighestBit) {
  EXPECT_EQ(read(std::string("\x81\xff\x80\0\0\0\0\0\0\0\0\0\0\0", 14)), kRefused);
}

TEST(WebSocketParser, RefusesALongMessageByItsLength) {
  const std::string frame = client_text(std::string(kMessageMax + 1, 'x'));
  EXPECT_EQ(read(frame), (Described{"violation 1009"}));
  EXPECT_EQ(bytes_until_violation(frame), 8u);
  EXPECT_EQ(read(std::string("\x81\xff\x7f\xff\xff\xff\xff\xff\xff\xff\0\0\0\0", 14)),
            (Described{"violation 1009"}));
}

TEST(WebSocketParser, RefusesFragmentsThatAreTooLongTogether) {
  const std::string half(kMessageMax / 2, 'x');
  const std::string halves =
      client_frame(opcode::kText, half) + client_frame(opcode::kContinuation, half);
  EXPECT_EQ(read(halves + client_frame(kFinal | opcode::kContinuation, "")),
            (Described{"text " + half + half}));
  EXPECT_EQ(read(halves + client_frame(kFinal | opcode::kContinuation, "x")),
            (Described{"violation 1009"}));
}

TEST(WebSocketParser, RefusesTextThatIsNotUtf8) {
  for (const std::string_view text :
       {"\x80", "\xc0\xaf", "\xc3(", "\xe0\x9f\xbf", "\xed\xa0\x80", "\xf0\x8f\xbf\xbf",
        "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff", "abc\xc3", "\xe2\x82"}) {
    EXPECT_EQ(read(client_text(text)), (Described{"violation 1007"}))
        << testing::PrintToString(text);
  }
}

TEST(WebSocketParser, TakesTheBoundsOfUtf8) {
  for (const std::string text :
       {"\x7f", "\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80", "\xed\x9f\xbf", "\xee\x80\x80",
        "\xef\xbf\xbf", "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf"}) {
    EXPECT_EQ(read(client_text(text)), (Described{"text " + text}));
  }
}

TEST(WebSocketParser, ChecksUtf8AcrossFragments) {
  EXPECT_EQ(read(client_frame(opcode::kText, "\xe2") + client_frame(opcode::kContinuation, "\x82") +
                 client_frame(kFinal | opcode::kContinuation, "\xac")),
            (Described{"text \xe2\x82\xac"}));
  EXPECT_EQ(read(client_frame(opcode::kText, "\xe2\x82") +
                 client_frame(kFinal | opcode::kContinuation, "x")),
            (Described{"violation 1007"}));
  EXPECT_EQ(read(client_frame(opcode::kText, "\xe2\x82") +
                 client_frame(kFinal | opcode::kContinuation, "")),
            (Described{"violation 1007"}));
}

TEST(WebSocketParser, SeesBrokenUtf8BeforeTheMessageEnds) {
  EXPECT_EQ(bytes_until_violation(client_text("abc\xff" + std::string(100, 'x'))), 6u + 4u);
}

TEST(WebSocketParser, ReadsClosesWithAndWithoutReason) {
  EXPECT_EQ(read(client_frame(kFinal | opcode::kClose, "")), (Described{"close 0 "}));
  EXPECT_EQ(read(client_close(1000)), (Described{"close 1000 "}));
  EXPECT_EQ(read(client_close(4999, "bye")), (Described{"close 4999 bye"}));
}

TEST(WebSocketParser, RefusesBrokenCloses) {
  EXPECT_EQ(read(client_frame(kFinal | opcode::kClose, "\x03")), kRefused);
  for (const std::uint16_t code : kNoCloseCodes) {
    EXPECT_EQ(read(client_close(code)), kRefused) << code;
  }
  EXPECT_EQ(read(client_close(1000, "\xff")), (Described{"violation 1007"}));
  EXPECT_EQ(read(client_close(1000, "\xe2\x82")), (Described{"violation 1007"}));
}

}  // namespace
}  // namespace parley::http
