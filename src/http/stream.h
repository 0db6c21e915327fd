#pragma once

// A connected socket, with TLS over it or without: what a connection reads from and writes to.
// Every operation takes the error it reports into, which must live until the operation is over, as
// must all buffers. At most one read and one write at a time; one thread. May be moved while no
// operation is under way.

#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <memory>
#include <span>
#include <variant>

#include "http/io_types.h"

namespace parley::http {

class Stream {
 public:
  explicit Stream(Socket socket) : layers_(std::move(socket)) {}

  /// With TLS; the handshake of one side comes first.
  Stream(Socket socket, asio::ssl::context& context)
      : layers_(std::make_unique<Tls>(std::move(socket), context)) {}

  bool has_tls() const { return std::holds_alternative<std::unique_ptr<Tls>>(layers_); }

  /// The TLS handshake as the server side, and as the client side. Requires: has_tls().
  Awaitable<void> handshake(ErrorOfIo& error);
  Awaitable<void> handshake_as_client(ErrorOfIo& error);

  /// For settings of this connection alone. Requires: has_tls().
  SSL* native_tls() { return std::get<std::unique_ptr<Tls>>(layers_)->native_handle(); }

  /// Reads at least one byte, or reports why none comes (`asio::error::eof` when the peer has ended
  /// the connection properly).
  Awaitable<std::size_t> read_some(asio::mutable_buffer space, ErrorOfIo& error);

  /// Writes all of the buffers.
  Awaitable<std::size_t> write(std::span<const asio::const_buffer> buffers, ErrorOfIo& error);

  /// Writes what the network takes at once, perhaps a part. Reports `would_block` when it takes
  /// nothing, and always with TLS, where `write` is the way. Requires: the socket is non-blocking.
  std::size_t write_now(std::span<const asio::const_buffer> buffers, ErrorOfIo& error);

  /// Tells the peer that nothing more comes. With TLS that waits for the peer to say the same, so
  /// it needs a deadline.
  Awaitable<void> shutdown_send(ErrorOfIo& error);

  /// Bytes as they lie on the network, deciphered by nobody: to throw them away after
  /// `shutdown_send`.
  Awaitable<std::size_t> read_raw(asio::mutable_buffer space, ErrorOfIo& error);

  /// Goes on without TLS, after a handshake that a client without TLS has made fail.
  void drop_tls();

  /// Ends the operations under way with an error.
  void cancel();

  /// Closes the socket at once, and ends what is under way. Does nothing when it is closed.
  void close();

  bool is_open() const { return socket().is_open(); }
  Executor executor() { return socket().get_executor(); }
  Socket& socket();
  const Socket& socket() const;

 private:
  using Tls = asio::ssl::stream<Socket>;

  std::variant<Socket, std::unique_ptr<Tls>> layers_;
};

}  // namespace parley::http
