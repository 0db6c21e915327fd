#include "api/exchange.h"

#include "base/error.h"

namespace parley::api {

void Exchange::fail(std::exception_ptr error) const {
  responder_(style_(http::logged_problem_of(error, *request_), *request_));
}

store::Done done_of(const Exchange& exchange, std::function<void()> next) {
  return [exchange, next = std::move(next)](std::exception_ptr error) {
    if (error) return exchange.fail(error);
    exchange.attempt(next);
  };
}

void then_read(store::Store& store, const Exchange& exchange, store::ReadWork work,
               std::function<void()> next) {
  store.read(std::move(work), done_of(exchange, std::move(next)));
}

void then_write(store::Store& store, const Exchange& exchange, store::Work work,
                std::function<void()> next) {
  store.write(std::move(work), done_of(exchange, std::move(next)));
}

void then_work(http::WorkerThreads& workers, const Exchange& exchange, std::function<void()> work) {
  const bool is_accepted =
      workers.submit([exchange, work = std::move(work)] { exchange.attempt(work); });
  if (!is_accepted) {
    throw Error(ErrorCode::Unavailable, "too much slow work waits already", "Try again later.");
  }
}

}  // namespace parley::api
