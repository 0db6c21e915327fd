#pragma once

// A plain blocking WebSocket client for tests, which can also send what no proper client would. One
// connection per object; one thread. Waits at most ten seconds for anything, then throws.

#include <cstdint>
#include <string>
#include <string_view>

#include "support/http_client.h"

namespace parley::test {

/// What stands in the first byte of a frame (RFC 6455 section 5.2).
namespace opcode {
constexpr std::uint8_t kContinuation = 0x0;
constexpr std::uint8_t kText = 0x1;
constexpr std::uint8_t kBinary = 0x2;
constexpr std::uint8_t kClose = 0x8;
constexpr std::uint8_t kPing = 0x9;
constexpr std::uint8_t kPong = 0xa;
}  // namespace opcode
constexpr std::uint8_t kFinal = 0x80;

struct WebSocketFrame {
  std::uint8_t opcode = 0;
  std::string payload;

  /// Of a close frame; 1005 when it has none.
  std::uint16_t close_code() const;
};

/// A frame as a client sends it, masked. `first_byte` is an opcode and its bits.
std::string client_frame(std::uint8_t first_byte, std::string_view payload);
std::string client_text(std::string_view text);
std::string client_close(std::uint16_t code, std::string_view reason = {});

class WebSocketClient {
 public:
  /// Connects to 127.0.0.1 and opens the WebSocket. Throws std::runtime_error with status and body
  /// when it is refused.
  WebSocketClient(std::uint16_t port, std::string_view path, const HttpHeaders& headers = {});

  void send_text(std::string_view text) { send(client_text(text)); }
  void send(std::string_view bytes) { connection_.send(bytes); }

  /// The next frame, whatever it is. Throws when it is masked or fragmented: the server does
  /// neither.
  WebSocketFrame receive();

  /// The next text; pings before it are answered, pongs passed over. Throws when the WebSocket is
  /// closed instead.
  std::string receive_text();

  /// The code the server closes with, once it has; texts before it are passed over. Answers it, and
  /// throws when the server does not end the connection then.
  std::uint16_t receive_close();

  /// Closes with this code; throws when the server does not answer it and end the connection.
  void close(std::uint16_t code = 1000);

  bool has_news_within(std::chrono::milliseconds patience) {
    return connection_.has_news_within(patience);
  }
  bool is_closed_by_server() { return connection_.is_closed_by_server(); }

  /// Ends the connection without a word.
  void drop() { connection_.close(); }

 private:
  HttpClient connection_;
};

/// The headers of an opening handshake, and its answer.
HttpHeaders websocket_headers();
HttpAnswer open_websocket(HttpClient& client, std::string_view path, const HttpHeaders& headers);

}  // namespace parley::test
