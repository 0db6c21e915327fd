#pragma once

// An HTTP server that says exactly what a test gives it, byte for byte, as no proper server would:
// broken, cut off, or held back until the test lets it go on. Loopback, a thread per connection,
// one request per connection. Any thread.

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "base/json.h"

namespace parley::test {

struct ScriptedRequest {
  std::string method;
  std::string target;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;

  /// The value of a header, any letter case; empty when absent.
  std::string header(std::string_view name) const;
  /// The body as a JSON object. Throws when it is none.
  JsonObject json() const;
};

struct ScriptedReply {
  static constexpr std::size_t kNever = static_cast<std::size_t>(-1);

  std::vector<std::string> pieces;   ///< Sent one by one; then the connection ends.
  std::size_t held_before = kNever;  ///< The piece before which it waits for `release`.
};

/// A whole answer with its head. `headers` are lines that end with CRLF.
ScriptedReply http_reply(int status, std::string_view content_type, std::string_view body,
                         std::string_view headers = {});

class ScriptedServer {
 public:
  using Handler = std::function<ScriptedReply(const ScriptedRequest&)>;

  /// Calls `handler` on the threads of the connections, one call at a time.
  explicit ScriptedServer(Handler handler);
  ~ScriptedServer();
  ScriptedServer(const ScriptedServer&) = delete;
  ScriptedServer& operator=(const ScriptedServer&) = delete;

  std::uint16_t port() const { return port_; }
  std::string origin() const;  ///< `http://127.0.0.1:PORT`

  /// What was asked so far, in the order in which it came.
  std::vector<ScriptedRequest> requests() const;

  /// Waits until that many have come; the number there are after at most ten seconds.
  std::size_t wait_for_requests(std::size_t count) const;

  /// Lets one reply that is held, or will be, go on; replies do in the order in which they began.
  void release();

  /// How many of the replies could not be sent in full because the other side had left. Waits until
  /// there are that many, at most ten seconds.
  std::size_t wait_for_leavers(std::size_t count) const;

 private:
  struct Caller {
    int socket = -1;
    std::thread thread;
  };

  void accept();
  void serve(int socket);
  void send(int socket, const ScriptedReply& reply);
  bool wait_for_release(int socket);

  const Handler handler_;
  int socket_ = -1;
  std::uint16_t port_ = 0;
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  bool is_stopping_ = false;
  std::size_t released_ = 0;
  std::size_t leavers_ = 0;
  std::vector<ScriptedRequest> requests_;
  std::list<Caller> callers_;
  std::thread acceptor_;
};

}  // namespace parley::test
