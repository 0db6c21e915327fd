#pragma once

// Which addresses are somebody's own network: a server that calls URLs given by others must not be
// talked into calling what only it can reach. Pure; any thread.

#include <string_view>

namespace parley::http {

/// False for an address that no stranger's server has: loopback, private (RFC 1918, RFC 4193),
/// link-local with the metadata services of clouds, shared (RFC 6598), multicast, reserved, and
/// IPv6 forms that stand for such an IPv4 address. False also for what is no address.
bool is_public_address(std::string_view text);

/// True for an IPv4 or IPv6 address as text, false for a name.
bool is_address(std::string_view text);

}  // namespace parley::http
