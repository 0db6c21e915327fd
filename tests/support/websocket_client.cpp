#include "support/websocket_client.h"

#include <fmt/format.h>

#include <stdexcept>

namespace parley::test {
namespace {

constexpr std::string_view kKey = "dGhlIHNhbXBsZSBub25jZQ==";
constexpr std::string_view kAccept = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";  // RFC 6455 section 1.3.

std::string number(std::uint64_t value, int bytes) {
  std::string text;
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
    text.push_back(static_cast<char>((value >> shift) & 0xff));
  }
  return text;
}

std::uint64_t number_of(std::string_view bytes) {
  std::uint64_t value = 0;
  for (const char byte : bytes) value = value << 8 | static_cast<unsigned char>(byte);
  return value;
}

std::string length_bytes(std::size_t size) {
  constexpr unsigned kMasked = 0x80;
  if (size < 126) return number(kMasked | size, 1);
  if (size <= 0xffff) return number(kMasked | 126, 1) + number(size, 2);
  return number(kMasked | 127, 1) + number(size, 8);
}

}  // namespace

std::uint16_t WebSocketFrame::close_code() const {
  constexpr std::uint16_t kNone = 1005;
  if (payload.size() < 2) return kNone;
  return static_cast<std::uint16_t>(number_of(std::string_view(payload).substr(0, 2)));
}

std::string client_frame(std::uint8_t first_byte, std::string_view payload) {
  constexpr std::string_view kMask = "\x37\xfa\x21\x3d";
  std::string bytes = number(first_byte, 1) + length_bytes(payload.size());
  bytes += kMask;
  for (std::size_t i = 0; i < payload.size(); ++i) {
    bytes.push_back(static_cast<char>(payload[i] ^ kMask[i % kMask.size()]));
  }
  return bytes;
}

std::string client_text(std::string_view text) {
  return client_frame(kFinal | opcode::kText, text);
}

std::string client_close(std::uint16_t code, std::string_view reason) {
  return client_frame(kFinal | opcode::kClose, number(code, 2).append(reason));
}

HttpHeaders websocket_headers() {
  return {{"Connection", "keep-alive, Upgrade"},
          {"Upgrade", "websocket"},
          {"Sec-WebSocket-Version", "13"},
          {"Sec-WebSocket-Key", std::string(kKey)}};
}

HttpAnswer open_websocket(HttpClient& client, std::string_view path, const HttpHeaders& headers) {
  std::string request = fmt::format("GET {} HTTP/1.1\r\nHost: localhost\r\n", path);
  for (const auto& [name, value] : headers) request += fmt::format("{}: {}\r\n", name, value);
  client.send(request.append("\r\n"));
  return client.read();
}

WebSocketClient::WebSocketClient(std::uint16_t port, std::string_view path,
                                 const HttpHeaders& headers)
    : connection_(port) {
  HttpHeaders all = websocket_headers();
  all.insert(all.end(), headers.begin(), headers.end());
  const HttpAnswer answer = open_websocket(connection_, path, all);
  if (answer.status != 101 || answer.header("Sec-WebSocket-Accept") != kAccept) {
    throw std::runtime_error(
        fmt::format("The WebSocket was refused: {} {}", answer.status, answer.body));
  }
}

WebSocketFrame WebSocketClient::receive() {
  const std::string head = connection_.take(2);
  const auto first = static_cast<unsigned char>(head[0]);
  std::uint64_t length = static_cast<unsigned char>(head[1]);
  if ((first & 0xf0) != kFinal || length > 127) {
    throw std::runtime_error("A frame of a server is not fragmented and not masked.");
  }
  if (length == 126) length = number_of(connection_.take(2));
  if (length == 127) length = number_of(connection_.take(8));
  return {static_cast<std::uint8_t>(first & 0x0f), connection_.take(length)};
}

std::string WebSocketClient::receive_text() {
  while (true) {
    WebSocketFrame frame = receive();
    if (frame.opcode == opcode::kText) return std::move(frame.payload);
    if (frame.opcode == opcode::kPing) send(client_frame(kFinal | opcode::kPong, frame.payload));
    if (frame.opcode == opcode::kClose) {
      throw std::runtime_error(fmt::format("Closed with {} {}", frame.close_code(), frame.payload));
    }
  }
}

std::uint16_t WebSocketClient::receive_close() {
  WebSocketFrame frame = receive();
  while (frame.opcode != opcode::kClose) frame = receive();
  send(client_frame(kFinal | opcode::kClose, frame.payload));
  if (!is_closed_by_server()) throw std::runtime_error("The server has not ended the connection.");
  return frame.close_code();
}

void WebSocketClient::close(std::uint16_t code) {
  send(client_close(code));
  WebSocketFrame frame = receive();
  while (frame.opcode != opcode::kClose) frame = receive();
  if (frame.close_code() != code || !is_closed_by_server()) {
    throw std::runtime_error("The server has not answered the end.");
  }
}

}  // namespace parley::test
