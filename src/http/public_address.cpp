#include "http/public_address.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string>

namespace parley::http {
namespace {

using Bytes = std::array<std::uint8_t, 16>;

/// The first `bits` bits of addresses that belong together.
struct Range {
  Bytes start;
  int bits;
};

/// Those of IANA's IPv4 Special-Purpose Address Registry that are not globally reachable, and
/// multicast.
constexpr Range kIpv4[] = {
    {{0}, 8},             // This network.
    {{10}, 8},            // Private.
    {{100, 64}, 10},      // Shared by the customers of a provider.
    {{127}, 8},           // Loopback.
    {{169, 254}, 16},     // Link-local; the metadata services of clouds.
    {{172, 16}, 12},      // Private.
    {{192, 0, 0}, 24},    // Protocol assignments.
    {{192, 0, 2}, 24},    // Documentation.
    {{192, 88, 99}, 24},  // Relays from 6to4, given up.
    {{192, 168}, 16},     // Private.
    {{198, 18}, 15},      // Benchmarks.
    {{198, 51, 100}, 24},
    {{203, 0, 113}, 24},
    {{224}, 4},  // Multicast.
    {{240}, 4},  // Reserved, and broadcast.
};

/// Where an IPv6 address is globally reachable, and what of it is not.
constexpr Range kIpv6Global = {{0x20}, 3};
constexpr Range kIpv6[] = {
    {{0x20, 0x01, 0x00}, 23},        // Protocol assignments, with Teredo.
    {{0x20, 0x01, 0x0d, 0xb8}, 32},  // Documentation.
    {{0x3f, 0xff}, 20},              // The same.
};

/// IPv6 addresses that stand for the IPv4 address which begins at that byte.
struct Embedding {
  Range range;
  std::size_t at;
};
constexpr Embedding kEmbeddings[] = {
    {{{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff}, 96}, 12},  // IPv4-mapped.
    {{{0x00, 0x64, 0xff, 0x9b}, 96}, 12},                    // NAT64.
    {{{0x20, 0x02}, 16}, 2},                                 // 6to4.
};

bool is_in(const Bytes& address, const Range& range) {
  int left = range.bits;
  for (std::size_t i = 0; left > 0; ++i, left -= 8) {
    const auto mask = static_cast<std::uint8_t>(left >= 8 ? 0xff : 0xff00 >> left);
    if ((address[i] & mask) != (range.start[i] & mask)) return false;
  }
  return true;
}

bool is_public_ipv4(const Bytes& address) {
  return std::ranges::none_of(kIpv4, [&](const Range& range) { return is_in(address, range); });
}

bool is_public_ipv6(const Bytes& address) {
  for (const Embedding& each : kEmbeddings) {
    if (!is_in(address, each.range)) continue;
    Bytes inner{};
    std::copy_n(address.begin() + static_cast<std::ptrdiff_t>(each.at), 4, inner.begin());
    return is_public_ipv4(inner);
  }
  return is_in(address, kIpv6Global) &&
         std::ranges::none_of(kIpv6, [&](const Range& range) { return is_in(address, range); });
}

}  // namespace

bool is_address(std::string_view text) {
  const std::string address(text);
  Bytes bytes{};
  return ::inet_pton(AF_INET, address.c_str(), bytes.data()) == 1 ||
         ::inet_pton(AF_INET6, address.c_str(), bytes.data()) == 1;
}

bool is_public_address(std::string_view text) {
  const std::string address(text.substr(0, text.find('%')));  // Without the zone of a link.
  Bytes bytes{};
  if (::inet_pton(AF_INET, address.c_str(), bytes.data()) == 1) return is_public_ipv4(bytes);
  if (::inet_pton(AF_INET6, address.c_str(), bytes.data()) == 1) return is_public_ipv6(bytes);
  return false;
}

}  // namespace parley::http
