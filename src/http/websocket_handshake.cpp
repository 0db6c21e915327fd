#include "http/websocket_handshake.h"

#include <algorithm>

#include "base/crypto.h"
#include "base/text.h"

namespace parley::http {
namespace {

constexpr std::string_view kVersion = "13";

/// True when a field that is a list of tokens, perhaps sent in several lines, has this one.
bool lists_token(const Request& request, std::string_view name, std::string_view token) {
  for (const auto& [key, value] : request.headers) {
    if (!equals_ignoring_case(key, name)) continue;
    for (const std::string& part : split(value, ',')) {
      if (equals_ignoring_case(trim(part), token)) return true;
    }
  }
  return false;
}

Problem upgrade_required(std::string detail) {
  return {426,
          "upgrade_required",
          std::move(detail),
          {},
          {{"Upgrade", "websocket"}, {"Sec-WebSocket-Version", std::string(kVersion)}}};
}

/// Base64 of 16 bytes: 22 letters, the last of which has four bits to spare, and padding.
bool is_key(std::string_view text) {
  if (text.size() != 24 || !text.ends_with("==")) return false;
  text.remove_suffix(2);
  const bool has_only_letters = std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '+' ||
           c == '/';
  });
  return has_only_letters && std::string_view("AQgw").find(text.back()) != std::string_view::npos;
}

std::size_t count_of(const Request& request, std::string_view name) {
  return static_cast<std::size_t>(
      std::count_if(request.headers.begin(), request.headers.end(),
                    [&](const auto& field) { return equals_ignoring_case(field.first, name); }));
}

}  // namespace

std::optional<Problem> handshake_problem(const Request& request) {
  if (request.method != "GET") return bad_request("A WebSocket is opened with GET.");
  if (!lists_token(request, "Upgrade", "websocket") ||
      !lists_token(request, "Connection", "upgrade")) {
    return upgrade_required(
        "This path is a WebSocket: the request needs \"Connection: Upgrade\" and "
        "\"Upgrade: websocket\".");
  }
  if (request.header("Sec-WebSocket-Version") != kVersion) {
    return upgrade_required("Only version 13 of the WebSocket protocol is spoken here.");
  }
  if (count_of(request, "Sec-WebSocket-Key") != 1 || !is_key(request.header("Sec-WebSocket-Key"))) {
    return bad_request("A WebSocket needs one Sec-WebSocket-Key of 16 bytes in base64.");
  }
  return std::nullopt;
}

std::vector<std::pair<std::string, std::string>> handshake_headers(const Request& request) {
  return {{"Upgrade", "websocket"},
          {"Sec-WebSocket-Accept", accept_of_key(request.header("Sec-WebSocket-Key"))}};
}

std::string accept_of_key(std::string_view key) {
  constexpr std::string_view kProtocolId = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  return base64(sha1(std::string(key).append(kProtocolId)));
}

}  // namespace parley::http
