#pragma once

// One request whose answer is made in several steps on several threads: the I/O thread, threads of
// the store, threads for slow work. Each step is started by the one before; what a step throws is
// the answer.

#include <exception>
#include <functional>
#include <memory>

#include "http/router.h"
#include "http/worker.h"
#include "store/store.h"

namespace parley::api {

/// A value; any thread. It is answered once: by `answer`, or by the first `fail`.
class Exchange {
 public:
  /// Problems are answered in `style`.
  Exchange(std::shared_ptr<http::Request> request, http::Responder responder,
           http::ProblemStyle style)
      : request_(std::move(request)), responder_(std::move(responder)), style_(std::move(style)) {}

  const http::Request& request() const { return *request_; }
  void answer(http::Response response) const { responder_(std::move(response)); }
  void fail(std::exception_ptr error) const;

  /// Runs a step; what it throws is the answer.
  template <class Step>
  void attempt(Step&& step) const {
    try {
      step();
    } catch (...) {
      fail(std::current_exception());
    }
  }

 private:
  std::shared_ptr<http::Request> request_;
  http::Responder responder_;
  http::ProblemStyle style_;
};

/// What a store calls in the end: `next`, or the answer with what went wrong.
store::Done done_of(const Exchange& exchange, std::function<void()> next);

/// Runs `work` in a read or write transaction and then `next`, or answers with what went wrong.
void then_read(store::Store& store, const Exchange& exchange, store::ReadWork work,
               std::function<void()> next);
void then_write(store::Store& store, const Exchange& exchange, store::Work work,
                std::function<void()> next);

/// Runs `work` on a thread for slow work, such as hashing a password. Throws Error{Unavailable}
/// when too much waits already.
void then_work(http::WorkerThreads& workers, const Exchange& exchange, std::function<void()> work);

}  // namespace parley::api
