#include "base/crypto.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include <array>
#include <cstdint>
#include <memory>

#include "base/check.h"

namespace parley {
namespace {

constexpr std::size_t kSha1Size = 20;
constexpr std::size_t kSha256Size = 32;
constexpr std::string_view kHexDigits = "0123456789abcdef";
constexpr std::string_view kBase64Letters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kBase64UrlLetters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

const unsigned char* bytes_of(std::string_view text) {
  // OpenSSL takes a null key for "keep the key of the time before", so an empty text must not be
  // null.
  return reinterpret_cast<const unsigned char*>(text.data() == nullptr ? "" : text.data());
}

unsigned char* bytes_of(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

// Fetched once: looking an algorithm up costs four times what hashing a short text does. Kept until
// the process ends, because other static objects may still hash while it does.
EVP_MD* sha256_algorithm() {
  static EVP_MD* const algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  PARLEY_CHECK(algorithm != nullptr);
  return algorithm;
}

EVP_MAC* hmac_algorithm() {
  static EVP_MAC* const algorithm = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
  PARLEY_CHECK(algorithm != nullptr);
  return algorithm;
}

std::string encode_base64(std::string_view bytes, std::string_view letters) {
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  std::uint32_t buffer = 0;
  unsigned bits = 0;
  for (const char c : bytes) {
    buffer = (buffer << 8U) | static_cast<unsigned char>(c);
    for (bits += 8; bits >= 6; bits -= 6) text += letters[(buffer >> (bits - 6)) & 0x3FU];
  }
  if (bits > 0) text += letters[(buffer << (6 - bits)) & 0x3FU];
  return text;
}

struct MacContextFree {
  void operator()(EVP_MAC_CTX* context) const { EVP_MAC_CTX_free(context); }
};

constexpr std::array<std::int8_t, 256> make_letter_values() {
  std::array<std::int8_t, 256> values{};
  values.fill(-1);
  for (std::size_t i = 0; i < kBase64UrlLetters.size(); ++i) {
    values[static_cast<unsigned char>(kBase64UrlLetters[i])] = static_cast<std::int8_t>(i);
  }
  return values;
}
constexpr auto kLetterValues = make_letter_values();

}  // namespace

std::string sha256(std::string_view data) {
  std::string digest(kSha256Size, '\0');
  const int done = EVP_Digest(bytes_of(data), data.size(), bytes_of(digest), nullptr,
                              sha256_algorithm(), nullptr);
  PARLEY_CHECK(done == 1);
  return digest;
}

std::string sha1(std::string_view data) {
  std::string digest(kSha1Size, '\0');
  const int done =
      EVP_Digest(bytes_of(data), data.size(), bytes_of(digest), nullptr, EVP_sha1(), nullptr);
  PARLEY_CHECK(done == 1);
  return digest;
}

std::string hmac_sha256(std::string_view key, std::string_view data) {
  const std::unique_ptr<EVP_MAC_CTX, MacContextFree> context(EVP_MAC_CTX_new(hmac_algorithm()));
  PARLEY_CHECK(context != nullptr);
  std::string digest_name = "SHA256";
  const std::array<OSSL_PARAM, 2> parameters{
      OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest_name.data(), 0),
      OSSL_PARAM_construct_end()};
  std::string code(kSha256Size, '\0');
  std::size_t size = 0;
  const bool done =
      EVP_MAC_init(context.get(), bytes_of(key), key.size(), parameters.data()) == 1 &&
      EVP_MAC_update(context.get(), bytes_of(data), data.size()) == 1 &&
      EVP_MAC_final(context.get(), bytes_of(code), &size, code.size()) == 1;
  PARLEY_CHECK(done && size == kSha256Size);
  return code;
}

std::string to_hex(std::string_view bytes) {
  std::string text;
  text.reserve(bytes.size() * 2);
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    text += kHexDigits[byte >> 4U];
    text += kHexDigits[byte & 0x0FU];
  }
  return text;
}

std::string base64(std::string_view bytes) {
  std::string text = encode_base64(bytes, kBase64Letters);
  text.resize((text.size() + 3) / 4 * 4, '=');
  return text;
}

std::string base64url(std::string_view bytes) { return encode_base64(bytes, kBase64UrlLetters); }

std::optional<std::string> decode_base64url(std::string_view text) {
  std::string bytes;
  bytes.reserve(text.size() * 3 / 4);
  std::uint32_t buffer = 0;
  unsigned bits = 0;
  for (const char c : text) {
    const int value = kLetterValues[static_cast<unsigned char>(c)];
    if (value < 0) return std::nullopt;
    buffer = (buffer << 6U) | static_cast<std::uint32_t>(value);
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes += static_cast<char>((buffer >> bits) & 0xFFU);
    }
  }
  // One letter too many, or bits that no encoder sets: two texts must never mean the same bytes.
  if (bits >= 6 || (buffer & ((1U << bits) - 1U)) != 0) return std::nullopt;
  return bytes;
}

bool equal_constant_time(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(bytes_of(a), bytes_of(b), a.size()) == 0;
}

}  // namespace parley
