#pragma once

// Calls to other servers: HTTP/1.1 with TLS or without, one connection per call, on a thread of its
// own, so that nobody waits who has better things to do. Certificates are verified. What the other
// side may cost is bounded: time, bytes, and calls at once. Redirects are answers like any other.
// Boost and OpenSSL stay in client.cpp and client_call.

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/cancellation.h"
#include "base/error.h"

namespace parley::http {

/// A piece of an answer's body, in order, on the client's thread; must not block.
using OnBody = std::function<void(std::string_view)>;

/// Which addresses a call may connect to, once the name has been looked up.
enum class Reach {
  Everywhere,
  PublicOnly  ///< See `is_public_address`; the address that was checked is the one called.
};

struct ClientRequest {
  std::string method = "GET";  ///< Upper case.
  std::string url;             ///< See `parse_url`.
  /// Beside Host, Content-Length and Connection, which the client writes, and User-Agent, which it
  /// writes when there is none.
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  /// For all of it, from the look-up of the name on. With `on_body` the time starts anew with each
  /// piece: what must not last is silence.
  std::chrono::milliseconds timeout{10'000};
  std::chrono::milliseconds delay{0};  ///< Begins that much later; counts as a call from now on.
  /// Gets the body as it comes when the status is one of success; the answer's own is empty then.
  OnBody on_body = nullptr;
  Cancellation cancellation = {};  ///< Ends the call with Unavailable.
  Reach reach = Reach::Everywhere;
};

struct ClientAnswer {
  int status = 0;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;

  /// The value of a header, any letter case; empty when absent.
  std::string_view header(std::string_view name) const;
  bool is_success() const { return status >= 200 && status < 300; }
};

/// An answer of any status; or an Error: CannotConnect (no such name, refused, no connection in
/// time, certificate not trusted, no address that may be reached: the other side has seen nothing of
/// the request), ConnectionLost (ended early, or what came is no HTTP), Unavailable (no answer in
/// time, too many calls at once, the client has stopped), PayloadTooLarge. Messages name the host,
/// never the path.
using ClientOutcome = std::variant<ClientAnswer, Error>;

struct ClientOptions {
  std::string authorities_file;  ///< PEM; empty: the certificates that OpenSSL trusts by itself.
  std::size_t answer_bytes_max = 1 << 20;
  std::size_t header_bytes_max = 16 << 10;
  std::size_t calls_max = 256;  ///< More at once fail.
};

class Client {
 public:
  /// Called once, on the client's thread; must not block. What it throws is logged and dropped.
  using Done = std::function<void(ClientOutcome)>;

  /// Throws Error{InvalidConfiguration} when the file of authorities cannot be used.
  explicit Client(ClientOptions options = {});

  /// Stops, and ends the thread. Not to be called from a `Done`.
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  /// Begins a call. Throws Error{InvalidArgument} for a URL, method or header that cannot be sent;
  /// everything else goes to `done`. Any thread.
  void send(ClientRequest request, Done done);

  /// Ends all calls, and those to come, with Unavailable. Any thread.
  void stop();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Makes a call and waits for its outcome, for threads that may wait; not for callbacks of the
/// client. Throws as `Client::send`.
ClientOutcome send_and_wait(Client& client, ClientRequest request);

}  // namespace parley::http
