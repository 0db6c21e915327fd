#include "http/stream.h"

#include <boost/asio/write.hpp>

// Reading and writing are no coroutines of their own, which would cost a frame each time: they hand
// on the awaitable of the operation.

namespace parley::http {

Awaitable<void> Stream::handshake(ErrorOfIo& error) {
  auto& tls = *std::get<std::unique_ptr<Tls>>(layers_);
  return tls.async_handshake(asio::ssl::stream_base::server, asio::redirect_error(kAwait, error));
}

Awaitable<void> Stream::handshake_as_client(ErrorOfIo& error) {
  auto& tls = *std::get<std::unique_ptr<Tls>>(layers_);
  return tls.async_handshake(asio::ssl::stream_base::client, asio::redirect_error(kAwait, error));
}

Awaitable<std::size_t> Stream::read_some(asio::mutable_buffer space, ErrorOfIo& error) {
  auto token = asio::redirect_error(kAwait, error);
  if (auto* socket = std::get_if<Socket>(&layers_)) return socket->async_read_some(space, token);
  return std::get<std::unique_ptr<Tls>>(layers_)->async_read_some(space, token);
}

Awaitable<std::size_t> Stream::write(std::span<const asio::const_buffer> buffers,
                                     ErrorOfIo& error) {
  auto token = asio::redirect_error(kAwait, error);
  if (auto* socket = std::get_if<Socket>(&layers_)) {
    return asio::async_write(*socket, buffers, token);
  }
  return asio::async_write(*std::get<std::unique_ptr<Tls>>(layers_), buffers, token);
}

std::size_t Stream::write_now(std::span<const asio::const_buffer> buffers, ErrorOfIo& error) {
  if (auto* socket = std::get_if<Socket>(&layers_)) {
    // The system call for one buffer is the cheaper one.
    if (buffers.size() == 1) return socket->write_some(buffers.front(), error);
    return socket->write_some(buffers, error);
  }
  error = asio::error::would_block;
  return 0;
}

Awaitable<void> Stream::shutdown_send(ErrorOfIo& error) {
  if (auto* tls = std::get_if<std::unique_ptr<Tls>>(&layers_)) {
    co_await (*tls)->async_shutdown(asio::redirect_error(kAwait, error));
  }
  socket().shutdown(Socket::shutdown_send, error);
}

Awaitable<std::size_t> Stream::read_raw(asio::mutable_buffer space, ErrorOfIo& error) {
  return socket().async_read_some(space, asio::redirect_error(kAwait, error));
}

void Stream::drop_tls() {
  Socket below = std::move(socket());
  layers_ = std::move(below);
}

void Stream::cancel() {
  ErrorOfIo ignored;
  socket().cancel(ignored);
}

void Stream::close() {
  ErrorOfIo ignored;
  socket().close(ignored);
}

Socket& Stream::socket() {
  if (auto* socket = std::get_if<Socket>(&layers_)) return *socket;
  return std::get<std::unique_ptr<Tls>>(layers_)->next_layer();
}

const Socket& Stream::socket() const {
  if (const auto* socket = std::get_if<Socket>(&layers_)) return *socket;
  return std::get<std::unique_ptr<Tls>>(layers_)->next_layer();
}

}  // namespace parley::http
