#pragma once

// A self-signed certificate for `localhost` and its key, made anew for a test.

#include <cstdint>
#include <string>

namespace parley::test {

struct Certificate {
  std::string certificate;  ///< PEM.
  std::string key;          ///< PEM, without a pass phrase.
};

/// Good from now for an hour; a key of its own each time.
Certificate make_certificate();

/// The certificate, as PEM, that a server shows on this port of the loopback address. Throws
/// std::runtime_error when there is no handshake.
std::string served_certificate(std::uint16_t port);

}  // namespace parley::test
