#pragma once

// A provider's HTTP API for tests of sending: takes what is posted to it, and answers as it is
// told.

#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "http/server.h"

namespace parley::test {

class FakeProvider {
 public:
  using Answer = std::function<http::Response(const http::Request&)>;

  FakeProvider();
  ~FakeProvider();
  FakeProvider(const FakeProvider&) = delete;
  FakeProvider& operator=(const FakeProvider&) = delete;

  /// `http://127.0.0.1:PORT`; every path below it takes a POST of up to three segments.
  std::string url() const;

  /// Answers from now on like this; at first with 200 and `{"id": "gw-N"}`, N counting from 1.
  void answer(Answer answer);
  void answer(int status, const Json& body);

  /// The requests so far.
  std::vector<http::Request> requests() const;
  std::size_t count() const;

  /// Waits until there were so many; false when half a minute was not enough.
  bool wait_for(std::size_t count);

 private:
  http::Router& filled();
  http::Response take(const http::Request& request);

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<http::Request> requests_;
  Answer answer_;
  http::Router router_;
  http::Server server_;
};

}  // namespace parley::test
