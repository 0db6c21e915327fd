#include "http/password.h"

#include <crypt.h>
#include <openssl/evp.h>
#include <sodium.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <memory>
#include <optional>

#include "base/check.h"
#include "base/crypto.h"
#include "base/error.h"
#include "base/text.h"

namespace parley::http {
namespace {

constexpr std::size_t kBytesMax = 256;
constexpr std::size_t kBcryptTextBytes = 60;
constexpr std::string_view kPbkdf2Prefix = "$pbkdf2-sha256$";
constexpr int kPbkdf2RoundsMax = 5'000'000;  ///< A stored text must not cost more than seconds.
constexpr std::size_t kSha256Bytes = 32;

void initialize_sodium() {
  static const int result = sodium_init();
  PARLEY_CHECK(result >= 0);
}

bool is_bcrypt(std::string_view stored) {
  return stored.size() == kBcryptTextBytes &&
         (stored.starts_with("$2a$") || stored.starts_with("$2b$") || stored.starts_with("$2y$"));
}

bool verify_bcrypt(const std::string& password, const std::string& stored) {
  // About 32 kB: too much for the stack of a thread that somebody else sized.
  const auto work_area = std::make_unique<crypt_data>();
  const char* text = crypt_r(password.c_str(), stored.c_str(), work_area.get());
  // On failure crypt(3) returns a null pointer or a "failure token", which begins with an asterisk.
  return text && *text == '$' && equal_constant_time(text, stored);
}

/// The parts of `$pbkdf2-sha256$29000$salt$checksum`.
struct Pbkdf2Text {
  int rounds = 0;
  std::string salt;
  std::string checksum;
};

/// Passlib's base64 ("ab64"): the standard alphabet with a dot for the plus, without padding.
std::optional<std::string> decode_ab64(std::string_view text) {
  std::string url(text);
  std::ranges::replace(url, '.', '-');
  std::ranges::replace(url, '/', '_');
  return decode_base64url(url);
}

std::optional<Pbkdf2Text> pbkdf2_text(std::string_view stored) {
  if (!stored.starts_with(kPbkdf2Prefix)) return std::nullopt;
  const auto parts = split(stored.substr(kPbkdf2Prefix.size()), '$');
  if (parts.size() != 3) return std::nullopt;
  Pbkdf2Text text;
  const char* const end = parts[0].data() + parts[0].size();
  const auto [rest, problem] = std::from_chars(parts[0].data(), end, text.rounds);
  const auto salt = decode_ab64(parts[1]);
  const auto checksum = decode_ab64(parts[2]);
  const bool fits = problem == std::errc() && rest == end && text.rounds >= 1 &&
                    text.rounds <= kPbkdf2RoundsMax && salt && checksum &&
                    checksum->size() == kSha256Bytes;
  if (!fits) return std::nullopt;
  text.salt = *salt;
  text.checksum = *checksum;
  return text;
}

bool verify_pbkdf2(std::string_view password, const Pbkdf2Text& text) {
  std::string made(kSha256Bytes, '\0');
  const int done = PKCS5_PBKDF2_HMAC(password.data(), static_cast<int>(password.size()),
                                     reinterpret_cast<const unsigned char*>(text.salt.data()),
                                     static_cast<int>(text.salt.size()), text.rounds, EVP_sha256(),
                                     static_cast<int>(made.size()),
                                     reinterpret_cast<unsigned char*>(made.data()));
  return done == 1 && equal_constant_time(made, text.checksum);
}

bool verify_argon2id(std::string_view password, const std::string& stored) {
  initialize_sodium();
  return crypto_pwhash_str_verify(stored.c_str(), password.data(), password.size()) == 0;
}

}  // namespace

bool is_acceptable_password(std::string_view password, std::size_t characters_min) {
  return password.size() <= kBytesMax && is_storable_text(password) &&
         code_points(password) >= characters_min;
}

std::string hash_password(std::string_view password) {
  PARLEY_CHECK(is_acceptable_password(password, 1));
  initialize_sodium();
  std::array<char, crypto_pwhash_STRBYTES> text{};
  if (crypto_pwhash_str(text.data(), password.data(), password.size(),
                        crypto_pwhash_OPSLIMIT_INTERACTIVE,
                        crypto_pwhash_MEMLIMIT_INTERACTIVE) != 0) {
    throw Error(ErrorCode::Unavailable, "There is not enough memory to hash a password.",
                "Give the server 64 MiB of free memory for each login at the same time.");
  }
  return text.data();
}

bool verify_password(std::string_view password, const std::string& stored) {
  if (password.size() > kBytesMax || !is_storable_text(password)) return false;
  if (stored.starts_with(crypto_pwhash_argon2id_STRPREFIX)) {
    return verify_argon2id(password, stored);
  }
  if (const auto pbkdf2 = pbkdf2_text(stored)) return verify_pbkdf2(password, *pbkdf2);
  return is_bcrypt(stored) && verify_bcrypt(std::string(password), stored);
}

}  // namespace parley::http
