#include "live_agent/handlers.h"

#include "base/check.h"
#include "http/password.h"
#include "live_agent/problems.h"

namespace parley::live_agent {
namespace {

using api::done_of;
using api::Exchange;

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
    api::then_read(
        context_.store, exchange_,
        [self = shared_from_this()](database::Connection& connection) {
          admit(connection, self->identity_, self->level_);
        },
        [self = shared_from_this()] {
          api::then_work(self->context_.workers, self->exchange_, [self] { self->hash(); });
        });
  }

 private:
  void hash() {
    password_hash_ = http::hash_password(*task_.password);
    write();
  }

  void write() {
    auto answer = std::make_shared<http::Response>();
    const auto work = [self = shared_from_this(), &answer = *answer](store::UnitOfWork& unit) {
      const Caller caller = admit(unit.connection, self->identity_, self->level_);
      answer = self->task_.serve(unit, caller, self->password_hash_);
    };
    const auto next = [self = shared_from_this(), answer] {
      self->exchange_.answer(std::move(*answer));
    };
    api::write_once(context_.store, context_.keys, context_.clock, exchange_.request(),
                    owner_of(identity_), answer, work, done_of(exchange_, next));
  }

  Context context_;
  Exchange exchange_;
  Identity identity_;
  Level level_;
  PasswordTask task_;
  std::optional<std::string> password_hash_;
};

http::Response serve_reading(const Serve& serve, database::Connection& connection,
                             const Caller& caller) {
  std::vector<store::Event> none;
  store::UnitOfWork unit{connection, none};
  http::Response response = serve(unit, caller);
  PARLEY_CHECK(none.empty());
  return response;
}

api::Scope needed_scope(const http::Request& request, Level level) {
  if (level == Level::ManageAgents || level == Level::Admin) return api::Scope::Admin;
  const bool is_reading = request.method == "GET" || request.method == "HEAD";
  return is_reading ? api::Scope::Read : api::Scope::Write;
}

}  // namespace

void require_writer(const Identity& identity) {
  if (identity.is_open_access) {
    throw http::forbidden("Access without a token is for reading only");
  }
}

Identity identity_for(const Context& context, const http::Request& request, Level level,
                      Counted counted) {
  Identity identity = authenticate(request, context.settings, context.tokens, context.clock.now(),
                                   &context.api_keys);
  identity.needed = needed_scope(request, level);
  counted == Counted::AsSession ? context.limits.count_session(owner_of(identity))
                                : context.limits.count_request(identity.rate_key);
  const bool is_user = identity.claimed_role == Role::User && !identity.is_open_access;
  if (is_user && level != Level::User) throw http::forbidden("Access denied: agents only");
  if (request.method != "GET" && request.method != "HEAD") require_writer(identity);
  return identity;
}

std::string owner_of(const Identity& identity) { return identity.tenant + '\n' + identity.account; }

api::Exchange exchange_of(std::shared_ptr<http::Request> request, http::Responder responder) {
  return {std::move(request), std::move(responder), problem_answer};
}

http::Handler authenticated(const Context& context, Level level, Prepare prepare, Counted counted) {
  return [context, level, counted, prepare = std::move(prepare)](
             std::shared_ptr<http::Request> request, const http::Responder& responder) {
    Identity identity = identity_for(context, *request, level, counted);
    const Task task = prepare(*request);
    const Exchange exchange = exchange_of(std::move(request), responder);
    const auto answer = std::make_shared<http::Response>();
    const auto done =
        done_of(exchange, [exchange, answer] { exchange.answer(std::move(*answer)); });
    if (task.mode == Task::Mode::Read) {
      const auto work = [identity, level, serve = task.serve,
                         &answer = *answer](database::Connection& connection) {
        answer = serve_reading(serve, connection, admit(connection, identity, level));
      };
      return context.store.read(work, done);
    }
    require_writer(identity);
    // Some that read also write, such as a list that is marked as read.
    if (identity.needed == api::Scope::Read) identity.needed = api::Scope::Write;
    const auto pushes = std::make_shared<Notifier::Deliveries>();
    const auto work = [identity, level, serve = task.serve,
                       &answer = *answer](store::UnitOfWork& unit) {
      answer = serve(unit, admit(unit.connection, identity, level));
    };
    const auto done_and_told = done_of(exchange, [exchange, answer, pushes, context] {
      const bool is_new = answer->header("Idempotent-Replayed").empty();
      exchange.answer(std::move(*answer));
      if (context.notifier != nullptr && is_new) context.notifier->deliver(*pushes);
    });
    api::write_once(context.store, context.keys, context.clock, exchange.request(),
                    owner_of(identity), answer, noting_pushes(context.notifier, pushes, work),
                    done_and_told);
  };
}

http::Handler authenticated_with_password(const Context& context, Level level,
                                          PreparePassword prepare) {
  return [context, level, prepare = std::move(prepare)](std::shared_ptr<http::Request> request,
                                                        http::Responder responder) {
    Identity identity = identity_for(context, *request, level);
    identity.needed = api::Scope::Admin;
    PasswordTask task = prepare(*request);
    std::make_shared<PasswordSteps>(context, exchange_of(std::move(request), std::move(responder)),
                                    std::move(identity), level, std::move(task))
        ->start();
  };
}

}  // namespace parley::live_agent
