#include "http/tls.h"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <cerrno>
#include <cstring>
#include <fstream>

#include "base/error.h"

namespace parley::http {
namespace {

/// As it stands in a ClientHello: names with their length in front (RFC 7301 section 3.1).
constexpr unsigned char kHttp11[] = {8, 'h', 't', 't', 'p', '/', '1', '.', '1'};

[[noreturn]] void throw_unusable(std::string_view what, const std::string& file,
                                 const std::string& reason) {
  throw Error(ErrorCode::InvalidConfiguration,
              fmt::format("The {} in {} cannot be used: {}.", what, file, reason),
              "tls.certificate and tls.key name PEM files: the certificate with its chain, and its "
              "private key without a pass phrase.");
}

void require_readable(std::string_view what, const std::string& file) {
  if (!std::ifstream(file)) throw_unusable(what, file, std::strerror(errno));
}

/// A client that offers protocols, but not HTTP/1.1, is refused; one that offers none is not.
int select_protocol(SSL*, const unsigned char** chosen, unsigned char* chosen_bytes,
                    const unsigned char* offered, unsigned int offered_bytes, void*) {
  unsigned char* match = nullptr;
  const int outcome =
      SSL_select_next_proto(&match, chosen_bytes, kHttp11, sizeof kHttp11, offered, offered_bytes);
  *chosen = match;
  return outcome == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

}  // namespace

std::unique_ptr<asio::ssl::context> make_tls_context(const TlsFiles& files) {
  require_readable("certificate", files.certificate);
  require_readable("key", files.key);
  auto context = std::make_unique<asio::ssl::context>(asio::ssl::context::tls_server);
  SSL_CTX* const native = context->native_handle();
  SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION);
  // A client of TLS 1.2 could ask for any number of handshakes on one connection.
  SSL_CTX_set_options(native, SSL_OP_NO_RENEGOTIATION);
  SSL_CTX_set_mode(native, SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_alpn_select_cb(native, select_protocol, nullptr);
  // Without this a key with a pass phrase would make the server ask on its terminal.
  context->set_password_callback([](std::size_t, auto) { return std::string(); });
  ErrorOfIo error;
  context->use_certificate_chain_file(files.certificate, error);
  if (error) throw_unusable("certificate", files.certificate, error.message());
  context->use_private_key_file(files.key, asio::ssl::context::pem, error);
  if (error) throw_unusable("key", files.key, error.message());
  return context;
}

bool is_plain_http(const ErrorOfIo& handshake_error) {
  return handshake_error.category() == asio::error::get_ssl_category() &&
         ERR_GET_REASON(static_cast<unsigned long>(handshake_error.value())) == SSL_R_HTTP_REQUEST;
}

}  // namespace parley::http
