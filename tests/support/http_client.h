#pragma once

// A plain blocking HTTP/1.1 client for tests, on bare sockets so that a test can also send what no
// proper client would. One connection per object; one thread. Waits at most ten seconds for
// anything, then throws.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json.h"

namespace parley::test {

using HttpHeaders = std::vector<std::pair<std::string, std::string>>;

struct HttpAnswer {
  int status = 0;
  HttpHeaders headers;
  std::string body;

  /// The value of a header, any letter case; empty when absent.
  std::string header(std::string_view name) const;

  /// The body as JSON. Throws Error when it is none.
  Json json() const;
};

class HttpClient {
 public:
  /// Connects to 127.0.0.1. Throws std::runtime_error when nobody listens.
  explicit HttpClient(std::uint16_t port);
  ~HttpClient();
  HttpClient(HttpClient&& other) noexcept;
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  void send(std::string_view bytes);

  /// Reads one answer with its body (none when it answers a HEAD). Throws when the connection ends
  /// or time runs out first.
  HttpAnswer read(std::string_view method = "GET");

  /// Sends a request with Host and Content-Length and reads its answer.
  HttpAnswer call(std::string_view method, std::string_view path, const HttpHeaders& headers = {},
                  std::string_view body = {});

  /// The next line without its end, or this many bytes: for protocols that are no answers. Throw
  /// when the connection ends or time runs out first.
  std::string take_line(std::string_view end = "\r\n");
  std::string take(std::size_t bytes);

  /// True when the server ends the connection without another byte; waits for it.
  bool is_closed_by_server();

  /// True when something can be read, or the end, before `patience` is over.
  bool has_news_within(std::chrono::milliseconds patience);

  /// No more bytes will be sent; answers can still be read.
  void finish_sending();

  /// Ends the connection now.
  void close();

 private:
  bool receive();
  std::string take_chunks();

  int socket_ = -1;
  std::string unread_;
};

/// One call on a connection of its own.
HttpAnswer http_call(std::uint16_t port, std::string_view method, std::string_view path,
                     const HttpHeaders& headers = {}, std::string_view body = {});

}  // namespace parley::test
