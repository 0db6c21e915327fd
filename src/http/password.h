#pragma once

// Passwords at rest: new ones are argon2id texts; the bcrypt and PBKDF2 texts of adopted databases
// are verified as they are. Hashing and verifying take about 70 ms and 64 MiB of memory on the
// caller's thread, so they belong on `WorkerThreads`, never on an I/O thread or inside a
// transaction. Any thread.

#include <cstddef>
#include <string>
#include <string_view>

namespace parley::http {

/// The least that a password has, unless its module says otherwise.
inline constexpr std::size_t kPasswordCharactersMin = 8;

/// True for `characters_min` characters to 256 bytes of well-formed UTF-8 without U+0000.
bool is_acceptable_password(std::string_view password,
                            std::size_t characters_min = kPasswordCharactersMin);

/// The password as an argon2id text (`$argon2id$v=19$…`) with a salt of its own, at most 128
/// characters. Throws Error{Unavailable} when there is not enough memory. Requires:
/// is_acceptable_password(password, 1).
std::string hash_password(std::string_view password);

/// True when `password` is the one behind `stored`: an argon2id text, a bcrypt text (`$2a$`,
/// `$2b$`,
/// `$2y$`) or a PBKDF2 text as passlib writes it (`$pbkdf2-sha256$`). False for a wrong password,
/// and for a stored text of any other kind.
bool verify_password(std::string_view password, const std::string& stored);

}  // namespace parley::http
