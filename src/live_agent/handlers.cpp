#include "live_agent/handlers.h"

#include "base/error.h"
#include "http/password.h"
#include "live_agent/problems.h"

namespace parley::live_agent {
namespace {

void require_writer(const Identity& identity) {
  if (identity.is_open_access) {
    throw http::forbidden("Access without a token is for reading only");
  }
}

/// Refuses what token and method alone already show to be impossible.
Identity identity_for(const Context& context, const http::Request& request, Level level) {
  Identity identity = authenticate(request, context.settings, context.clock.now());
  const bool is_user = identity.claimed_role == Role::User && !identity.is_open_access;
  if (is_user && level != Level::User) throw http::forbidden("Access denied: agents only");
  if (request.method != "GET" && request.method != "HEAD") require_writer(identity);
  return identity;
}

/// What happens between reading the request and sending the answer, for one that brings a password.
class PasswordSteps : public std::enable_shared_from_this<PasswordSteps> {
 public:
  PasswordSteps(const Context& context, Exchange exchange, Identity identity, Level level,
                PasswordTask task)
      : context_(context),
        exchange_(std::move(exchange)),
        identity_(std::move(identity)),
        level_(level),
        task_(std::move(task)) {}

  void start() {
    if (!task_.password) return write();
    then_read(
        context_, exchange_,
        [self = shared_from_this()](auto& connection) {
          admit(connection, self->identity_, self->level_);
        },
        [self = shared_from_this()] {
          then_work(self->context_, self->exchange_, [self] { self->hash(); });
        });
  }

 private:
  void hash() {
    password_hash_ = http::hash_password(*task_.password);
    write();
  }

  void write() {
    then_write(
        context_, exchange_,
        [self = shared_from_this()](auto& connection) {
          const Caller caller = admit(connection, self->identity_, self->level_);
          self->response_ = self->task_.serve(connection, caller, self->password_hash_);
        },
        [self = shared_from_this()] { self->exchange_.answer(std::move(self->response_)); });
  }

  Context context_;
  Exchange exchange_;
  Identity identity_;
  Level level_;
  PasswordTask task_;
  std::optional<std::string> password_hash_;
  http::Response response_;
};

store::Done done_of(const Exchange& exchange, std::function<void()> next) {
  return [exchange, next = std::move(next)](std::exception_ptr error) {
    if (error) return exchange.fail(error);
    exchange.attempt(next);
  };
}

}  // namespace

void Exchange::fail(std::exception_ptr error) const {
  responder_(problem_answer(http::logged_problem_of(error, *request_), *request_));
}

void then_read(const Context& context, const Exchange& exchange, store::Work work,
               std::function<void()> next) {
  context.store.read(std::move(work), done_of(exchange, std::move(next)));
}

void then_write(const Context& context, const Exchange& exchange, store::Work work,
                std::function<void()> next) {
  context.store.write(std::move(work), done_of(exchange, std::move(next)));
}

void then_work(const Context& context, const Exchange& exchange, std::function<void()> work) {
  const bool is_accepted =
      context.workers.submit([exchange, work = std::move(work)] { exchange.attempt(work); });
  if (!is_accepted) {
    throw Error(ErrorCode::Unavailable, "too many passwords wait to be hashed", "Try again later.");
  }
}

http::Handler authenticated(const Context& context, Level level, Prepare prepare) {
  return [context, level, prepare = std::move(prepare)](std::shared_ptr<http::Request> request,
                                                        const http::Responder& responder) {
    const Identity identity = identity_for(context, *request, level);
    const Task task = prepare(*request);
    const bool is_write = task.mode == Task::Mode::Write;
    if (is_write) require_writer(identity);
    const auto submit = [&](auto work, auto done) {
      auto& store = context.store;
      is_write ? store.write(std::move(work), std::move(done))
               : store.read(std::move(work), std::move(done));
    };
    const auto function = [identity, level, serve = task.serve](const http::Request&,
                                                                database::Connection& connection) {
      return serve(connection, admit(connection, identity, level));
    };
    http::deferred(submit, function, problem_answer)(std::move(request), responder);
  };
}

http::Handler authenticated_with_password(const Context& context, Level level,
                                          PreparePassword prepare) {
  return [context, level, prepare = std::move(prepare)](std::shared_ptr<http::Request> request,
                                                        http::Responder responder) {
    Identity identity = identity_for(context, *request, level);
    PasswordTask task = prepare(*request);
    std::make_shared<PasswordSteps>(context, Exchange(std::move(request), std::move(responder)),
                                    std::move(identity), level, std::move(task))
        ->start();
  };
}

}  // namespace parley::live_agent
