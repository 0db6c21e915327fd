#include "chat/login.h"

#include <memory>
#include <optional>

#include "base/text.h"
#include "chat/members.h"
#include "http/password.h"

namespace parley::chat {
namespace {

using http::Request;
using http::Response;

http::Problem bad_pair() {
  http::Problem problem = http::unauthenticated("Invalid credentials");
  problem.code = "invalid_credentials";
  return problem;
}

/// What stands in for the hash of an account that does not exist, so that both take the same time.
const std::string& hash_of_nobody() {
  static const std::string hash = http::hash_password("no account has this hash");
  return hash;
}

/// One login on its way; each step is started by the one before.
class LoginSteps : public std::enable_shared_from_this<LoginSteps> {
 public:
  LoginSteps(const Context& context, api::Exchange exchange, LoginRequest login)
      : context_(context), exchange_(std::move(exchange)), login_(std::move(login)) {}

  void start() {
    api::then_read(
        context_.host.store, exchange_,
        [self = shared_from_this()](database::Connection& connection) {
          self->user_ = find_user_by_email(connection, self->login_.email);
        },
        [self = shared_from_this()] {
          api::then_work(self->context_.passwords, self->exchange_, [self] { self->verify(); });
        });
  }

 private:
  void verify() {
    const bool has_password = user_ && user_->password_hash;
    const std::string& stored = has_password ? *user_->password_hash : hash_of_nobody();
    if (!http::verify_password(login_.password, stored) || !has_password) throw bad_pair();
    api::then_write(
        context_.host.store, exchange_,
        [self = shared_from_this()](store::UnitOfWork& unit) {
          self->pair_ = sign_in(unit.connection, self->context_.settings, *self->user_,
                                self->origin(), self->context_.now());
        },
        [self = shared_from_this()] { self->exchange_.answer(token_answer(self->pair_)); });
  }

  LoginOrigin origin() const {
    const Request& request = exchange_.request();
    return {.user_agent = std::string(request.header("User-Agent")), .address = request.peer};
  }

  const Context context_;
  const api::Exchange exchange_;
  const LoginRequest login_;
  std::optional<UserRow> user_;
  TokenPair pair_;
};

/// Hashes a new password and writes with the hash.
class HashSteps : public std::enable_shared_from_this<HashSteps> {
 public:
  using Write = std::function<Response(store::UnitOfWork&, const std::string& hash)>;

  /// `committed` is called once what was written is on disk; it may be empty.
  HashSteps(const Context& context, api::Exchange exchange, std::string password, Write write,
            std::function<void()> committed = {})
      : context_(context),
        exchange_(std::move(exchange)),
        password_(std::move(password)),
        write_(std::move(write)),
        committed_(std::move(committed)) {}

  void start() {
    api::then_work(context_.passwords, exchange_, [self = shared_from_this()] { self->hash(); });
  }

 private:
  void hash() {
    hash_ = http::hash_password(password_);
    api::then_write(
        context_.host.store, exchange_,
        [self = shared_from_this()](store::UnitOfWork& unit) {
          self->answer_ = self->write_(unit, self->hash_);
        },
        [self = shared_from_this()] {
          if (self->committed_) self->committed_();
          self->exchange_.answer(std::move(self->answer_));
        });
  }

  const Context context_;
  const api::Exchange exchange_;
  const std::string password_;
  const Write write_;
  const std::function<void()> committed_;
  std::string hash_;
  Response answer_;
};

/// The current password is right before the new one is hashed.
class ChangeSteps : public std::enable_shared_from_this<ChangeSteps> {
 public:
  ChangeSteps(const Context& context, api::Exchange exchange, api::Admission<Caller> admission)
      : context_(context),
        exchange_(std::move(exchange)),
        admission_(std::move(admission)),
        change_(later(read_password_change, exchange_.request())) {}

  void start() {
    api::then_read(
        context_.host.store, exchange_,
        [self = shared_from_this()](database::Connection& connection) {
          self->user_ = self->admission_.admit(connection).user;
        },
        [self = shared_from_this()] {
          api::then_work(self->context_.passwords, self->exchange_, [self] { self->verify(); });
        });
  }

 private:
  void verify() {
    const PasswordChange& change = change_.value();
    if (change.next != change.confirmed) {
      throw http::bad_request("The new passwords do not match");
    }
    if (!http::verify_password(change.current, user_.password_hash.value_or(""))) {
      throw http::bad_request("The current password is wrong");
    }
    hash_ = http::hash_password(change.next);
    api::then_write(
        context_.host.store, exchange_,
        [self = shared_from_this()](store::UnitOfWork& unit) {
          set_password(unit.connection, self->user_.id, self->hash_, self->context_.now());
        },
        [self = shared_from_this()] {
          self->exchange_.answer(ok_message("Password changed; sign in again"));
        });
  }

  const Context context_;
  const api::Exchange exchange_;
  const api::Admission<Caller> admission_;
  const Later<PasswordChange> change_;
  UserRow user_;
  std::string hash_;
};

std::string_view sign_up_message(const Context& context, const SignedUp& made) {
  if (!made.verification) return "The account is ready; sign in";
  return context.mailer.is_on()
             ? "The account is made; a mail with a link to verify it is under way"
             : "The account is made; an operator will verify it";
}

/// The sign-up, whose mail is left in `mail` for when it is on disk.
Response answer_sign_up(const Context& context, store::UnitOfWork& unit, NewUser user,
                        const std::string& hash, std::optional<Mail>& mail) {
  user.password_hash = hash;
  const SignedUp made = sign_up(unit, user, context.settings.sign_up, context.now());
  mail.reset();
  if (made.verification) {
    mail = {.kind = Mail::Kind::Verification, .email = user.email, .token = *made.verification};
  }
  return Response::json(201, JsonObject{{"ok", true}, {"message", sign_up_message(context, made)}});
}

}  // namespace

Response token_answer(const TokenPair& pair) {
  return Response::json(200, JsonObject{{"access_token", pair.access_token},
                                        {"refresh_token", pair.refresh_token},
                                        {"token_type", "bearer"}});
}

http::Handler login_handler(const Context& context) {
  return [context](std::shared_ptr<Request> request, http::Responder responder) {
    LoginRequest login = read_login(*request);
    context.limits.count_login(request->peer, lower(trim(login.email)));
    std::make_shared<LoginSteps>(
        context, api::Exchange(std::move(request), std::move(responder), context.host.style),
        std::move(login))
        ->start();
  };
}

http::Handler sign_up_handler(const Context& context) {
  return [context](std::shared_ptr<Request> request, http::Responder responder) {
    if (!context.settings.sign_up.is_enabled) throw http::forbidden("Signing up is switched off");
    const SignUpRequest wanted = read_sign_up(*request);
    context.limits.count_login(request->peer, wanted.user.email);
    const auto mail = std::make_shared<std::optional<Mail>>();
    const auto write = [context, mail, user = wanted.user](store::UnitOfWork& unit,
                                                           const std::string& hash) {
      return answer_sign_up(context, unit, user, hash, *mail);
    };
    const auto committed = [context, mail] {
      if (*mail) context.mailer.send(**mail);
    };
    std::make_shared<HashSteps>(
        context, api::Exchange(std::move(request), std::move(responder), context.host.style),
        wanted.password, write, committed)
        ->start();
  };
}

http::Handler reset_handler(const Context& context) {
  return [context](std::shared_ptr<Request> request, http::Responder responder) {
    const ResetRequest wanted = read_reset(*request);
    context.limits.count_login(request->peer, "reset");
    const auto write = [context, token = wanted.token](store::UnitOfWork& unit,
                                                       const std::string& hash) {
      reset_password(unit.connection, token, hash, context.now());
      return ok_message("Password changed; sign in");
    };
    std::make_shared<HashSteps>(
        context, api::Exchange(std::move(request), std::move(responder), context.host.style),
        wanted.new_password, write)
        ->start();
  };
}

http::Handler change_password_handler(const Context& context) {
  return [context](std::shared_ptr<Request> request, http::Responder responder) {
    api::Admission<Caller> admission = user_admission_of(context, *request);
    context.limits.count_login(request->peer, admission.owner);
    std::make_shared<ChangeSteps>(
        context, api::Exchange(std::move(request), std::move(responder), context.host.style),
        std::move(admission))
        ->start();
  };
}

}  // namespace parley::chat
