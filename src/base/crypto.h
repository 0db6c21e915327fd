#pragma once

// Digests and encodings on OpenSSL, whose headers stay in crypto.cpp. Pure functions; any thread.

#include <optional>
#include <string>
#include <string_view>

namespace parley {

std::string sha256(std::string_view data);  ///< 32 raw bytes.
std::string sha1(std::string_view data);    ///< 20 raw bytes. Proves nothing; WebSockets need it.
std::string hmac_sha256(std::string_view key, std::string_view data);  ///< 32 raw bytes (RFC 2104).
std::string to_hex(std::string_view bytes);                            ///< Lower case.
std::string base64(std::string_view bytes);     ///< RFC 4648 section 4, padded.
std::string base64url(std::string_view bytes);  ///< RFC 4648 section 5, no padding.
std::optional<std::string> decode_base64url(
    std::string_view text);  ///< Nothing when not base64url.

/// Equality in a time that depends on the lengths only.
bool equal_constant_time(std::string_view a, std::string_view b);

}  // namespace parley
