#include "http/password.h"

#include <crypt.h>
#include <sodium.h>

#include <array>
#include <memory>

#include "base/check.h"
#include "base/crypto.h"
#include "base/error.h"
#include "base/text.h"

namespace parley::http {
namespace {

constexpr std::size_t kCharactersMin = 8;
constexpr std::size_t kBytesMax = 256;
constexpr std::size_t kBcryptTextBytes = 60;

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

bool verify_argon2id(std::string_view password, const std::string& stored) {
  initialize_sodium();
  return crypto_pwhash_str_verify(stored.c_str(), password.data(), password.size()) == 0;
}

}  // namespace

bool is_acceptable_password(std::string_view password) {
  return password.size() <= kBytesMax && is_storable_text(password) &&
         code_points(password) >= kCharactersMin;
}

std::string hash_password(std::string_view password) {
  PARLEY_CHECK(is_acceptable_password(password));
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
  return is_bcrypt(stored) && verify_bcrypt(std::string(password), stored);
}

}  // namespace parley::http
