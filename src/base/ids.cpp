#include "base/ids.h"

#include <sys/random.h>

#include <cerrno>
#include <cstdint>
#include <cstring>

#include "base/crypto.h"
#include "base/error.h"

namespace parley {
namespace {

constexpr bool is_hyphen_position(std::size_t i) { return i == 8 || i == 13 || i == 18 || i == 23; }

std::string random_bytes(std::size_t count) {
  std::string bytes(count, '\0');
  std::size_t filled = 0;
  while (filled < count) {
    const ssize_t got = getrandom(bytes.data() + filled, count - filled, 0);
    if (got < 0 && errno != EINTR) {
      throw Error(ErrorCode::Internal,
                  std::string("the system gives no random bytes: ") + std::strerror(errno));
    }
    if (got > 0) filled += static_cast<std::size_t>(got);
  }
  return bytes;
}

/// `byte` with the bits of `mask` replaced by those of `bits`.
char with_bits(char byte, unsigned mask, unsigned bits) {
  return static_cast<char>((static_cast<unsigned char>(byte) & ~mask) | bits);
}

/// Sets version and variant (RFC 9562 sections 4.1 and 4.2) and writes the text.
std::string uuid_text(std::string bytes, unsigned version) {
  bytes[6] = with_bits(bytes[6], 0xF0, version << 4);
  bytes[8] = with_bits(bytes[8], 0xC0, 0x80);
  std::string text = to_hex(bytes);
  for (const std::size_t position : {8U, 13U, 18U, 23U}) text.insert(position, 1, '-');
  return text;
}

}  // namespace

std::string make_uuid() { return uuid_text(random_bytes(16), 4); }

std::string make_uuid_at(Timestamp now) {
  auto rest = static_cast<std::uint64_t>(
      std::chrono::floor<std::chrono::milliseconds>(now).time_since_epoch().count());
  std::string bytes = random_bytes(16);
  for (std::size_t i = 6; i-- > 0; rest >>= 8) bytes[i] = static_cast<char>(rest & 0xFFU);
  return uuid_text(std::move(bytes), 7);
}

bool is_uuid(std::string_view text) {
  constexpr std::string_view kHexDigits = "0123456789abcdefABCDEF";
  if (text.size() != 36) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool fits =
        is_hyphen_position(i) ? text[i] == '-' : kHexDigits.find(text[i]) != std::string_view::npos;
    if (!fits) return false;
  }
  return true;
}

std::string random_hex(std::size_t bytes) { return to_hex(random_bytes(bytes)); }

}  // namespace parley
