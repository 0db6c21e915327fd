#pragma once

// The server's TLS settings: certificate and key from files, TLS 1.2 or later with OpenSSL's own
// choice of ciphers, HTTP/1.1 by ALPN. Made at start; any thread may use the context afterwards.

#include <boost/asio/ssl/context.hpp>
#include <memory>
#include <string>

#include "http/io_types.h"

namespace parley::http {

/// PEM files: the certificate with those that lead to its root behind it, and its private key
/// without a pass phrase.
struct TlsFiles {
  std::string certificate;
  std::string key;
};

/// A context of both files. Throws Error{InvalidConfiguration} naming the file and the reason when
/// one cannot be read, holds something else, or the key belongs to another certificate.
std::unique_ptr<asio::ssl::context> make_tls_context(const TlsFiles& files);

/// True when a handshake failed because the client speaks HTTP without TLS.
bool is_plain_http(const ErrorOfIo& handshake_error);

}  // namespace parley::http
