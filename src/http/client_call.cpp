#include "http/client_call.h"

#include <fmt/format.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <boost/asio/connect.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/beast/http/error.hpp>

#include "base/log.h"
#include "base/text.h"
#include "http/public_address.h"

namespace parley::http {
namespace {

namespace beast_http = boost::beast::http;

constexpr std::size_t kReadBytes = 16 << 10;

/// As for requests (see request_parser.cpp): Beast 1.81 must not be shown fewer bytes than these
/// inside of a chunked body.
constexpr std::size_t kChunkedRestMin = 5;

bool is_token(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](unsigned char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           std::string_view("!#$%&'*+-.^_`|~").find(static_cast<char>(c)) != std::string_view::npos;
  });
}

bool is_one_line(std::string_view text) {
  return text.find_first_of(std::string_view("\r\n\0", 3)) == std::string_view::npos;
}

std::string text_of(const ClientRequest& request, const Url& url) {
  bool can_be_sent = is_token(request.method);
  bool has_agent = false;
  std::string text = fmt::format("{} {} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n",
                                 request.method, url.target, url.authority);
  for (const auto& [name, value] : request.headers) {
    can_be_sent = can_be_sent && is_token(name) && is_one_line(value);
    has_agent = has_agent || equals_ignoring_case(name, "User-Agent");
    text += fmt::format("{}: {}\r\n", name, value);
  }
  if (!can_be_sent) {
    throw Error(ErrorCode::InvalidArgument, "The method or a header of a call cannot be sent");
  }
  const bool has_body =
      !request.body.empty() || (request.method != "GET" && request.method != "HEAD");
  if (has_body) text += fmt::format("Content-Length: {}\r\n", request.body.size());
  if (!has_agent) text += "User-Agent: parley\r\n";
  return text + "\r\n" + request.body;
}

}  // namespace

ClientCall::ClientCall(asio::io_context& context, asio::ssl::context& tls,
                       const ClientOptions& options, ClientRequest request, Client::Done done)
    : options_(options),
      tls_(tls),
      request_(std::move(request)),
      url_(parse_url(request_.url)),
      text_(text_of(request_, url_)),
      done_(std::move(done)),
      resolver_(context),
      timer_(context),
      stream_(Socket(context)) {}

Error ClientCall::failure(ErrorCode code, std::string_view what) const {
  return {code, fmt::format("The call to {} failed: {}", url_.authority, what)};
}

void ClientCall::end(ClientOutcome outcome) {
  const Client::Done done = std::exchange(done_, nullptr);
  if (!done) return;
  timer_.cancel();
  resolver_.cancel();
  stream_.close();
  try {
    done(std::move(outcome));
  } catch (const std::exception& error) {
    log::error("What followed a call to {} failed: {}", url_.authority, error.what());
  }
}

Awaitable<void> ClientCall::run(std::shared_ptr<ClientCall> call) {
  try {
    call->heed_cancellation();
    if (call->request_.delay.count() > 0) co_await call->wait();
    call->start_timer();
    co_await call->connect();
    if (call->url_.has_tls) co_await call->shake_hands();
    co_await call->write();
    co_await call->read();
    call->end(call->answer());
  } catch (const Error& error) {
    call->end(error);
  }
}

void ClientCall::heed_cancellation() {
  subscription_ = request_.cancellation.on_cancel([weak = weak_from_this()] {
    const auto call = weak.lock();
    if (!call) return;
    asio::post(call->timer_.get_executor(),
               [call] { call->end(call->failure(ErrorCode::Unavailable, "it was cancelled")); });
  });
}

Awaitable<void> ClientCall::wait() {
  ErrorOfIo error;
  timer_.expires_after(request_.delay);
  co_await timer_.async_wait(asio::redirect_error(kAwait, error));
  check({}, ErrorCode::Unavailable, "");
}

void ClientCall::start_timer() {
  timer_.expires_after(request_.timeout);
  timer_.async_wait([self = shared_from_this()](const ErrorOfIo& error) {
    if (error) return;
    const auto patience = self->request_.timeout.count();
    if (self->is_under_way_) {
      self->end(
          self->failure(ErrorCode::Unavailable, fmt::format("no answer within {} ms", patience)));
    } else {
      self->end(self->failure(ErrorCode::CannotConnect,
                              fmt::format("no connection within {} ms", patience)));
    }
  });
}

void ClientCall::check(const ErrorOfIo& error, ErrorCode code, std::string_view what) const {
  if (error) throw failure(code, fmt::format("{}: {}", what, error.message()));
  // The time was over while the operation succeeded.
  if (!done_) throw failure(ErrorCode::Unavailable, "it has ended");
}

/// What is checked is what is connected to: a name that is looked up again may have another answer
/// by then.
std::vector<tcp::endpoint> ClientCall::addresses_in_reach(const Resolver::results_type& found) {
  std::vector<tcp::endpoint> addresses;
  for (const auto& entry : found) {
    const tcp::endpoint address = entry.endpoint();
    if (request_.reach == Reach::PublicOnly && !is_public_address(address.address().to_string()))
      continue;
    addresses.push_back(address);
  }
  if (addresses.empty()) throw failure(ErrorCode::CannotConnect, "its address is not a public one");
  return addresses;
}

Awaitable<void> ClientCall::connect() {
  ErrorOfIo error;
  auto token = asio::redirect_error(kAwait, error);
  const std::string port = fmt::format("{}", url_.port);
  const auto found = co_await resolver_.async_resolve(url_.host, port, token);
  check(error, ErrorCode::CannotConnect, "the host is not known");
  const std::vector<tcp::endpoint> addresses = addresses_in_reach(found);
  co_await asio::async_connect(stream_.socket(), addresses, token);
  check(error, ErrorCode::CannotConnect, "cannot connect");
}

/// The certificate must be for the host that was asked for (RFC 9110 section 4.3.4).
void ClientCall::prepare_tls() {
  stream_ = Stream(std::move(stream_.socket()), tls_);
  SSL* const native = stream_.native_tls();
  ErrorOfIo error;
  asio::ip::make_address(url_.host, error);
  if (!error) {
    X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(native), url_.host.c_str());
    return;
  }
  SSL_set1_host(native, url_.host.c_str());
  std::string name = url_.host;  // What SSL_set_tlsext_host_name does, without its C cast.
  SSL_ctrl(native, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, name.data());
}

Awaitable<void> ClientCall::shake_hands() {
  prepare_tls();
  ErrorOfIo error;
  co_await stream_.handshake_as_client(error);
  check(error, ErrorCode::CannotConnect, "TLS");
}

Awaitable<void> ClientCall::write() {
  is_under_way_ = true;
  ErrorOfIo error;
  const std::array buffers{asio::const_buffer(text_.data(), text_.size())};
  co_await stream_.write(buffers, error);
  check(error, ErrorCode::ConnectionLost, "the request could not be sent");
}

void ClientCall::expect_answer() {
  parser_.emplace();
  parser_->eager(true);
  parser_->header_limit(static_cast<std::uint32_t>(options_.header_bytes_max));
  parser_->body_limit(options_.answer_bytes_max);
  if (request_.method == "HEAD") parser_->skip(true);
}

Awaitable<void> ClientCall::read() {
  ErrorOfIo error;
  std::array<char, kReadBytes> space;
  expect_answer();
  while (!parser_->is_done()) {
    const std::size_t bytes = co_await stream_.read_some(asio::buffer(space), error);
    const bool is_end = error == asio::error::eof;
    if (!is_end) check(error, ErrorCode::ConnectionLost, "the answer broke off");
    unread_.append(space.data(), bytes);
    feed(is_end);
    if (request_.on_body) pass_body_on();
  }
}

void ClientCall::pass_body_on() {
  if (!done_) return;
  start_timer();
  const bool is_success = parser_->is_header_done() && parser_->get().result_int() / 100 == 2;
  if (!is_success || parser_->get().body().empty()) return;
  const std::string piece = std::exchange(parser_->get().body(), {});
  try {
    request_.on_body(piece);
  } catch (const std::exception& error) {
    throw failure(ErrorCode::Internal,
                  fmt::format("what the answer is for failed: {}", error.what()));
  }
}

void ClientCall::feed(bool is_end) {
  ErrorOfIo error;
  while (!unread_.empty() && !parser_->is_done()) {
    const bool is_in_chunks = parser_->is_header_done() && parser_->chunked();
    if (is_in_chunks && unread_.size() < kChunkedRestMin) break;
    const std::size_t used =
        parser_->put(asio::const_buffer(unread_.data(), unread_.size()), error);
    unread_.erase(0, used);
    const bool needs_more = error == beast_http::error::need_more;
    if (error && !needs_more) throw_unreadable(error);
    // Interim answers (RFC 9110 section 15.2) come before the one that counts.
    if (parser_->is_done() && parser_->get().result_int() < 200) {
      expect_answer();
    } else if (needs_more || used == 0) {
      break;
    }
  }
  // Beast has no limit of its own for the line in front of a chunk.
  if (!parser_->is_done() && unread_.size() > options_.header_bytes_max + kReadBytes) {
    throw_unreadable(beast_http::error::header_limit);
  }
  if (!is_end || parser_->is_done()) return;
  if (!parser_->got_some()) throw failure(ErrorCode::ConnectionLost, "there was no answer");
  parser_->put_eof(error = {});
  if (error) throw_unreadable(error);
}

void ClientCall::throw_unreadable(const ErrorOfIo& error) const {
  if (error == beast_http::error::body_limit || error == beast_http::error::header_limit) {
    throw failure(ErrorCode::PayloadTooLarge, "the answer is too large");
  }
  throw failure(ErrorCode::ConnectionLost,
                fmt::format("the answer cannot be read: {}", error.message()));
}

ClientAnswer ClientCall::answer() {
  auto message = parser_->release();
  ClientAnswer answer{.status = static_cast<int>(message.result_int()),
                      .headers = {},
                      .body = std::move(message.body())};
  for (const auto& field : message) {
    answer.headers.emplace_back(std::string(field.name_string()), std::string(field.value()));
  }
  return answer;
}

}  // namespace parley::http
