#include "http/request_parser.h"

#include <gtest/gtest.h>

namespace parley::http {
namespace {

using Progress = RequestParser::Progress;

constexpr RequestLimits kLimits{.body_bytes_max = 32, .header_bytes_max = 256};
constexpr std::string_view kChunked =
    "POST /a?b=c HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
    "3\r\nabc\r\n4;x=y\r\ndefg\r\n0\r\nX-Trailer: t\r\n\r\n";

/// The status of the problem that `bytes` end in; 0 when they make a request, -1 when more is
/// needed.
int refusal_of(std::string_view bytes, const RequestLimits& limits = kLimits) {
  RequestParser parser(limits);
  const auto fed = parser.feed(bytes);
  if (fed.progress == Progress::Failed) return parser.problem().status;
  return fed.progress == Progress::Complete ? 0 : -1;
}

std::string request_with(std::string_view fields, std::string_view body = {}) {
  return fmt::format("POST / HTTP/1.1\r\nHost: h\r\n{}\r\n{}", fields, body);
}

std::string repeated(std::string_view text, int times) {
  std::string all;
  for (int i = 0; i < times; ++i) all += text;
  return all;
}

TEST(RequestParser, FillsTheRequest) {
  RequestParser parser(kLimits);
  const std::string_view text =
      "PUT /a?b=c HTTP/1.1\r\nHost: h\r\nX-A:  1 \r\nContent-Length: 3\r\n\r\nabcGET /";
  const auto fed = parser.feed(text);
  EXPECT_EQ(fed.progress, Progress::Complete);
  EXPECT_EQ(text.substr(fed.consumed), "GET /");
  const Request& request = *parser.request();
  EXPECT_EQ(request.method, "PUT");
  EXPECT_EQ(request.path, "/a");
  EXPECT_EQ(request.query.at("b"), "c");
  EXPECT_EQ(request.header("x-a"), "1");
  EXPECT_EQ(request.body, "abc");
  EXPECT_TRUE(parser.keeps_connection());
}

/// Chunks in particular: Beast 1.81 would stop at an assertion when it is shown the last one in
/// pieces.
TEST(RequestParser, ReadsTheSameRequestInPiecesOfAnySize) {
  for (std::size_t size = 1; size <= kChunked.size(); ++size) {
    RequestParser parser(kLimits);
    std::string unread;
    auto progress = Progress::NeedsMore;
    for (std::size_t at = 0; at < kChunked.size(); at += size) {
      ASSERT_EQ(progress, Progress::NeedsMore) << size;
      unread += kChunked.substr(at, size);
      const auto fed = parser.feed(unread);
      progress = fed.progress;
      unread.erase(0, fed.consumed);
    }
    EXPECT_EQ(progress, Progress::Complete) << size;
    EXPECT_EQ(unread, "") << size;
    EXPECT_EQ(parser.request()->body, "abcdefg") << size;
    EXPECT_EQ(parser.request()->header("X-Trailer"), "") << size;
  }
}

TEST(RequestParser, ReadsAnEmptyChunkedBodyByteByByte) {
  const std::string text = request_with("Transfer-Encoding: chunked\r\n", "0\r\n\r\n");
  RequestParser parser(kLimits);
  std::string unread;
  for (std::size_t i = 0; i < text.size(); ++i) {
    unread += text[i];
    const auto fed = parser.feed(unread);
    unread.erase(0, fed.consumed);
    EXPECT_EQ(fed.progress, i + 1 == text.size() ? Progress::Complete : Progress::NeedsMore) << i;
  }
}

TEST(RequestParser, SkipsEmptyLinesBeforeARequest) {
  EXPECT_EQ(refusal_of("\r\n\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\n"), 0);
  RequestParser parser(kLimits);
  EXPECT_EQ(parser.feed("\r\n").consumed, 2u);
  EXPECT_FALSE(parser.has_begun());
}

TEST(RequestParser, RefusesMalformedRequests) {
  for (const std::string_view text :
       {"GET\r\n\r\n", "GET / XTTP/1.1\r\nHost: h\r\n\r\n", "G@T / HTTP/1.1\r\nHost: h\r\n\r\n",
        "GET  / HTTP/1.1\r\nHost: h\r\n\r\n", "GET /%zz HTTP/1.1\r\nHost: h\r\n\r\n",
        "GET / HTTP/1.1\r\nHost : h\r\n\r\n", "GET / HTTP/1.1\r\nHost: h\r\nNo colon\r\n\r\n",
        "GET / HTTP/1.1\r\n\r\n", "GET / HTTP/1.1\r\nHost: h\r\nHost: h\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: h\r\nX: a\x01\r\n\r\n"}) {
    EXPECT_EQ(refusal_of(text), 400) << text;
  }
}

TEST(RequestParser, RefusesOtherVersions) {
  EXPECT_EQ(refusal_of("GET / HTTP/2.0\r\nHost: h\r\n\r\n"), 505);
}

TEST(RequestParser, RefusesAmbiguousFraming) {
  for (const std::string_view fields :
       {"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n",
        "Content-Length: 3\r\nContent-Length: 4\r\n", "Content-Length: 3, 4\r\n",
        "Content-Length: -3\r\n", "Content-Length: +3\r\n", "Content-Length: 0x3\r\n",
        "Content-Length: 99999999999999999999\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"}) {
    EXPECT_EQ(refusal_of(request_with(fields, "3\r\nabc\r\n0\r\n\r\n")), 400) << fields;
  }
  EXPECT_EQ(refusal_of("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"), 400);
}

TEST(RequestParser, RefusesUnknownTransferEncodings) {
  EXPECT_EQ(refusal_of(request_with("Transfer-Encoding: gzip, chunked\r\n")), 501);
  EXPECT_EQ(refusal_of(request_with("Transfer-Encoding: gzip\r\nContent-Length: 1\r\n", "x")), 501);
}

TEST(RequestParser, RefusesBadChunks) {
  for (const std::string_view body :
       {"x\r\nabc\r\n0\r\n\r\n", "3\r\nabcd\r\n0\r\n\r\n", "\r\n\r\n\r\n", "-1\r\nabc\r\n",
        "fffffffffffffffff\r\nabc"}) {
    EXPECT_EQ(refusal_of(request_with("Transfer-Encoding: chunked\r\n", body)), 400) << body;
  }
}

TEST(RequestParser, LimitsTheBody) {
  const std::string most(kLimits.body_bytes_max, 'x');
  EXPECT_EQ(refusal_of(request_with("Content-Length: 32\r\n", most)), 0);
  EXPECT_EQ(refusal_of(request_with("Content-Length: 33\r\n")), 413);
  EXPECT_EQ(refusal_of(request_with("Transfer-Encoding: chunked\r\n", "21\r\n")), 413);
  const std::string in_pieces = "10\r\n" + most.substr(16) + "\r\n11\r\n";
  EXPECT_EQ(refusal_of(request_with("Transfer-Encoding: chunked\r\n", in_pieces)), 413);
}

TEST(RequestParser, LimitsTheSumOfTheHeaders) {
  EXPECT_EQ(refusal_of(request_with("X: " + std::string(300, 'x') + "\r\n")), 431);
  // Each field is far below the limit, and the one before has been consumed when the next one
  // comes.
  const std::string many = "GET / HTTP/1.1\r\nHost: h\r\n" + repeated("X-Name: 0123456789\r\n", 20);
  EXPECT_EQ(refusal_of(many), 431);
  RequestParser parser(kLimits);
  std::string unread;
  auto progress = Progress::NeedsMore;
  for (std::size_t i = 0; i < many.size() && progress == Progress::NeedsMore; ++i) {
    unread += many[i];
    const auto fed = parser.feed(unread);
    progress = fed.progress;
    unread.erase(0, fed.consumed);
  }
  EXPECT_EQ(progress, Progress::Failed);
}

TEST(RequestParser, LimitsTheHeaderThatNeverEnds) {
  EXPECT_EQ(refusal_of("GET / HTTP/1.1\r\nX: " + std::string(300, 'x')), 431);
  EXPECT_EQ(refusal_of("GET / HTTP/1.1\r\nX: " + std::string(100, 'x')), -1);
}

TEST(RequestParser, LimitsTheTarget) {
  EXPECT_EQ(refusal_of("GET /" + std::string(300, 'x')), 414);
  const RequestLimits roomy{.body_bytes_max = 1, .header_bytes_max = 64 << 10};
  EXPECT_EQ(refusal_of("GET /" + std::string(8192, 'x') + " HTTP/1.1\r\nHost: h\r\n\r\n", roomy),
            414);
  EXPECT_EQ(refusal_of("GET /" + std::string(8191, 'x') + " HTTP/1.1\r\nHost: h\r\n\r\n", roomy),
            0);
}

TEST(RequestParser, LimitsChunkLinesAndTrailers) {
  const std::string chunked = "Transfer-Encoding: chunked\r\n";
  EXPECT_EQ(refusal_of(request_with(chunked, "3;" + std::string(300, 'x'))), 431);
  EXPECT_EQ(refusal_of(request_with(chunked, "0\r\nX: " + std::string(300, 'x'))), 431);
}

TEST(RequestParser, KeepsPathOfARefusedRequest) {
  RequestParser parser(kLimits);
  parser.feed("POST /styled HTTP/1.1\r\nHost: h\r\nContent-Length: 33\r\n\r\n");
  EXPECT_EQ(parser.request()->path, "/styled");
}

TEST(RequestParser, AsksForTheBodyOnce) {
  RequestParser parser(kLimits);
  parser.feed(request_with("Content-Length: 3\r\nExpect: 100-Continue\r\n"));
  EXPECT_TRUE(parser.takes_continue_request());
  EXPECT_FALSE(parser.takes_continue_request());
}

TEST(RequestParser, KeepsTheConnectionOfHttp11Only) {
  const auto keeps = [](std::string_view text) {
    RequestParser parser(kLimits);
    EXPECT_EQ(parser.feed(text).progress, Progress::Complete);
    return parser.keeps_connection();
  };
  EXPECT_TRUE(keeps("GET / HTTP/1.1\r\nHost: h\r\n\r\n"));
  EXPECT_FALSE(keeps("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"));
  EXPECT_FALSE(keeps("GET / HTTP/1.0\r\n\r\n"));
  EXPECT_FALSE(keeps("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"));
}

}  // namespace
}  // namespace parley::http
