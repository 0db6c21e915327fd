#include "http/websocket_handshake.h"

#include <gtest/gtest.h>

namespace parley::http {
namespace {

constexpr std::string_view kKey = "dGhlIHNhbXBsZSBub25jZQ==";

Request handshake() {
  Request request;
  request.method = "GET";
  request.headers = {{"Upgrade", "websocket"},
                     {"Connection", "Upgrade"},
                     {"Sec-WebSocket-Version", "13"},
                     {"Sec-WebSocket-Key", std::string(kKey)}};
  return request;
}

/// With another value of a header; none when it is empty.
Request handshake_with(std::string_view name, std::string value) {
  Request request = handshake();
  std::erase_if(request.headers, [&](const auto& field) { return field.first == name; });
  if (!value.empty()) request.headers.emplace_back(name, std::move(value));
  return request;
}

int status_of(const Request& request) {
  const auto problem = handshake_problem(request);
  return problem ? problem->status : 101;
}

TEST(WebSocketHandshake, AnswersTheKeyAsInTheStandard) {
  EXPECT_EQ(accept_of_key(kKey), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");  // RFC 6455 section 1.3.
  const std::vector<std::pair<std::string, std::string>> expected{
      {"Upgrade", "websocket"}, {"Sec-WebSocket-Accept", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="}};
  EXPECT_EQ(handshake_headers(handshake()), expected);
}

TEST(WebSocketHandshake, TakesWhatBrowsersSend) {
  EXPECT_EQ(status_of(handshake()), 101);
  EXPECT_EQ(status_of(handshake_with("Connection", "keep-alive, Upgrade")), 101);
  EXPECT_EQ(status_of(handshake_with("Connection", "upgrade")), 101);
  EXPECT_EQ(status_of(handshake_with("Upgrade", "WebSocket")), 101);
  Request request = handshake_with("Connection", "keep-alive");
  request.headers.emplace_back("connection", "UPGRADE");
  EXPECT_EQ(status_of(request), 101);
}

TEST(WebSocketHandshake, SaysWhatToUpgradeTo) {
  for (const Request& request :
       {handshake_with("Upgrade", ""), handshake_with("Upgrade", "h2c"),
        handshake_with("Connection", ""), handshake_with("Connection", "keep-alive"),
        handshake_with("Sec-WebSocket-Version", ""),
        handshake_with("Sec-WebSocket-Version", "8")}) {
    const auto problem = handshake_problem(request);
    ASSERT_TRUE(problem);
    EXPECT_EQ(problem->status, 426);
    const std::vector<std::pair<std::string, std::string>> expected{
        {"Upgrade", "websocket"}, {"Sec-WebSocket-Version", "13"}};
    EXPECT_EQ(problem->headers, expected);
  }
}

TEST(WebSocketHandshake, RefusesAKeyThatIsNot16Bytes) {
  for (const std::string key :
       {"", "dGhlIHNhbXBsZSBub25jZQ", "dGhlIHNhbXBsZSBub25j",
        "dGhlIHNhbXBsZSBub25jZR==", "dGhlIHNhbXBsZSBub25jZ?==", "dGhlIHNhbXBsZSBub25jZWFiYw=="}) {
    EXPECT_EQ(status_of(handshake_with("Sec-WebSocket-Key", key)), 400) << key;
  }
  Request request = handshake();
  request.headers.emplace_back("Sec-WebSocket-Key", std::string(kKey));
  EXPECT_EQ(status_of(request), 400);
}

TEST(WebSocketHandshake, RefusesOtherMethods) {
  Request request = handshake();
  request.method = "POST";
  EXPECT_EQ(status_of(request), 400);
}

}  // namespace
}  // namespace parley::http
