#pragma once

// One call of the client, from the look-up of the name to the last byte of the answer. On the
// client's thread.

#include <boost/asio/ip/basic_resolver.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http/client.h"
#include "http/io_types.h"
#include "http/stream.h"
#include "http/url.h"

namespace parley::http {

class ClientCall : public std::enable_shared_from_this<ClientCall> {
 public:
  /// Throws Error{InvalidArgument} for what cannot be sent. `done` is called once.
  ClientCall(asio::io_context& context, asio::ssl::context& tls, const ClientOptions& options,
             ClientRequest request, Client::Done done);

  bool has_tls() const { return url_.has_tls; }

  /// Waits as long as it is to, connects, sends, reads, and ends the call.
  static Awaitable<void> run(std::shared_ptr<ClientCall> call);

  /// Ends the call, when it has not ended yet.
  void end(ClientOutcome outcome);

  Error failure(ErrorCode code, std::string_view what) const;

 private:
  using Resolver = asio::ip::basic_resolver<tcp, Executor>;
  using Parser = boost::beast::http::response_parser<boost::beast::http::string_body>;

  void heed_cancellation();
  Awaitable<void> wait();
  void start_timer();
  void expect_answer();
  std::vector<tcp::endpoint> addresses_in_reach(const Resolver::results_type& found);
  Awaitable<void> connect();
  Awaitable<void> shake_hands();
  Awaitable<void> write();
  Awaitable<void> read();
  void prepare_tls();
  void feed(bool is_end);
  void pass_body_on();
  void check(const ErrorOfIo& error, ErrorCode code, std::string_view what) const;
  [[noreturn]] void throw_unreadable(const ErrorOfIo& error) const;
  ClientAnswer answer();

  const ClientOptions& options_;
  asio::ssl::context& tls_;
  const ClientRequest request_;
  const Url url_;
  const std::string text_;
  Client::Done done_;          ///< Empty once called.
  bool is_under_way_ = false;  ///< The other side may have seen something of it.
  Cancellation::Subscription subscription_;
  Resolver resolver_;
  Timer timer_;
  Stream stream_;
  std::optional<Parser> parser_;
  std::string unread_;
};

}  // namespace parley::http
