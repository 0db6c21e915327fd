#pragma once

// How a route of a module runs: who asks and what is asked are read on the I/O thread; what needs
// the database runs in one transaction on a thread of the store, where it is also found out whether
// that caller exists and may. A write may be repeated with its Idempotency-Key, and is answered
// once it is on disk. Handlers are immutable; any thread.

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "api/exchange.h"
#include "api/idempotent_write.h"
#include "base/check.h"
#include "base/clock.h"
#include "http/router.h"
#include "store/store.h"

namespace parley::api {

/// What the handlers of a module work with. Everything referred to outlives them.
struct Host {
  store::Store& store;
  const Clock& clock;
  KeysUnderWay& keys;
  http::ProblemStyle style;
};

/// Somebody whose token was read.
template <class Caller>
struct Admission {
  std::string owner;  ///< Whose Idempotency-Keys it uses: an account, never a token.

  /// Finds out, in the transaction, who that is. Throws 401 or 403.
  std::function<Caller(database::Connection&)> admit;
};

/// What a request asks for, once it has been read.
template <class Caller>
struct Task {
  enum class Mode { Read, Write } mode;

  /// Runs inside the transaction, perhaps more than once: the store repeats what others' failures
  /// undid. One that reads appends no events.
  std::function<http::Response(store::UnitOfWork&, const Caller&)> serve;

  /// Called after the commit, on a thread of the store, when the task has run, which it does not
  /// for a repeated request. Must not block or throw; may be empty.
  std::function<void()> committed = {};
};

template <class Caller>
Task<Caller> reading(std::function<http::Response(database::Connection&, const Caller&)> serve) {
  return {Task<Caller>::Mode::Read,
          [serve = std::move(serve)](store::UnitOfWork& unit, const Caller& caller) {
            return serve(unit.connection, caller);
          }};
}

template <class Caller>
Task<Caller> writing(std::function<http::Response(store::UnitOfWork&, const Caller&)> serve) {
  return {Task<Caller>::Mode::Write, std::move(serve)};
}

/// Reads who asks. Throws 401, 403 or 429.
template <class Caller>
using Authenticate = std::function<Admission<Caller>(const http::Request&)>;

/// Reads what is asked. Throws the 422, 400 or 404 problem.
template <class Caller>
using Prepare = std::function<Task<Caller>(const http::Request&)>;

/// Runs a task whose request was read.
template <class Caller>
void run_task(const Host& host, const Exchange& exchange, const Admission<Caller>& admission,
              const Task<Caller>& task) {
  const auto answer = std::make_shared<http::Response>();
  const auto serve = [serve = task.serve, admit = admission.admit, &answer = *answer](
                         store::UnitOfWork& unit) { answer = serve(unit, admit(unit.connection)); };
  if (task.mode == Task<Caller>::Mode::Read) {
    return then_read(
        host.store, exchange,
        [serve](database::Connection& connection) {
          std::vector<store::Event> none;
          store::UnitOfWork unit{connection, none};
          serve(unit);
          PARLEY_CHECK(none.empty());
        },
        [exchange, answer] { exchange.answer(std::move(*answer)); });
  }
  const auto done = [exchange, answer, committed = task.committed] {
    const bool is_new = answer->header("Idempotent-Replayed").empty();
    exchange.answer(std::move(*answer));
    if (committed && is_new) committed();
  };
  write_once(host.store, host.keys, host.clock, exchange.request(), admission.owner, answer, serve,
             done_of(exchange, done));
}

/// The handler of a route.
template <class Caller>
http::Handler endpoint(const Host& host, Authenticate<Caller> authenticate,
                       Prepare<Caller> prepare) {
  return [host, authenticate = std::move(authenticate), prepare = std::move(prepare)](
             std::shared_ptr<http::Request> request, http::Responder responder) {
    const Admission<Caller> admission = authenticate(*request);
    const Task<Caller> task = prepare(*request);
    run_task(host, Exchange(std::move(request), std::move(responder), host.style), admission, task);
  };
}

}  // namespace parley::api
