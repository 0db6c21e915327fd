#include "support/certificate.h"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <memory>
#include <stdexcept>

namespace parley::test {
namespace {

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using X509Certificate = std::unique_ptr<X509, decltype(&X509_free)>;
using Memory = std::unique_ptr<BIO, decltype(&BIO_free)>;

void require(bool succeeded, const char* what) {
  if (!succeeded) throw std::runtime_error(std::string("OpenSSL cannot ") + what);
}

std::string text_of(const Memory& memory) {
  char* bytes = nullptr;
  const long count = BIO_get_mem_data(memory.get(), &bytes);
  return {bytes, static_cast<std::size_t>(count)};
}

X509Certificate sign_for_localhost(EVP_PKEY* key) {
  X509Certificate certificate(X509_new(), X509_free);
  X509* const x509 = certificate.get();
  X509_set_version(x509, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(x509), 1);
  X509_gmtime_adj(X509_getm_notBefore(x509), -60);
  X509_gmtime_adj(X509_getm_notAfter(x509), 3600);
  X509_set_pubkey(x509, key);
  X509_NAME* const name = X509_get_subject_name(x509);
  const auto* common_name = reinterpret_cast<const unsigned char*>("localhost");
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, common_name, -1, -1, 0);
  X509_set_issuer_name(x509, name);
  require(X509_sign(x509, key, EVP_sha256()) > 0, "sign a certificate");
  return certificate;
}

}  // namespace

Certificate make_certificate() {
  const Key key(EVP_EC_gen("P-256"), EVP_PKEY_free);
  require(key != nullptr, "make a key");
  const auto x509 = sign_for_localhost(key.get());
  const Memory certificate(BIO_new(BIO_s_mem()), BIO_free);
  const Memory secret(BIO_new(BIO_s_mem()), BIO_free);
  require(PEM_write_bio_X509(certificate.get(), x509.get()) == 1, "write a certificate");
  require(
      PEM_write_bio_PrivateKey(secret.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1,
      "write a key");
  return {text_of(certificate), text_of(secret)};
}

std::string served_certificate(std::uint16_t port) {
  const std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context(SSL_CTX_new(TLS_client_method()),
                                                                  SSL_CTX_free);
  const std::unique_ptr<BIO, decltype(&BIO_free_all)> connection(BIO_new_ssl_connect(context.get()),
                                                                 BIO_free_all);
  BIO_set_conn_hostname(connection.get(), ("127.0.0.1:" + std::to_string(port)).c_str());
  require(BIO_do_connect(connection.get()) == 1 && BIO_do_handshake(connection.get()) == 1,
          "shake hands");
  SSL* ssl = nullptr;
  BIO_get_ssl(connection.get(), &ssl);
  const X509Certificate shown(SSL_get1_peer_certificate(ssl), X509_free);
  const Memory memory(BIO_new(BIO_s_mem()), BIO_free);
  require(shown != nullptr && PEM_write_bio_X509(memory.get(), shown.get()) == 1,
          "read a certificate");
  return text_of(memory);
}

}  // namespace parley::test
