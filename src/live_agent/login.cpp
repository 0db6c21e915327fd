#include "live_agent/login.h"

#include "base/text.h"
#include "http/password.h"
#include "live_agent/accounts.h"
#include "live_agent/requests.h"

namespace parley::live_agent {
namespace {

using api::Exchange;

constexpr std::string_view kSeedAdminName = "Administrator";

http::Problem bad_pair() {
  http::Problem problem = http::unauthenticated("Invalid email or password");
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
  LoginSteps(const Context& context, Exchange exchange, LoginRequest login)
      : context_(context), exchange_(std::move(exchange)), login_(std::move(login)) {}

  void start() {
    api::then_read(
        context_.store, exchange_,
        [self = shared_from_this()](auto& connection) {
          self->user_ = find_user_by_email(connection, self->login_.email);
        },
        [self = shared_from_this()] {
          api::then_work(self->context_.workers, self->exchange_, [self] { self->verify(); });
        });
  }

 private:
  void verify() {
    const std::string& stored = user_ ? user_->password_hash : hash_of_nobody();
    if (!http::verify_password(login_.password, stored) || !user_) throw bad_pair();
    if (!user_->is_active) throw http::forbidden("The account is inactive");
    api::then_write(
        context_.store, exchange_,
        [self = shared_from_this()](auto& connection) {
          record_login(connection, self->user_->id, self->context_.store.now());
        },
        [self = shared_from_this()] { self->answer(); });
  }

  void answer() const {
    const Role role = role_of(*user_);
    const std::string name = display_name(*user_);
    const std::string token =
        make_token(context_.settings,
                   {.email = user_->email, .name = name, .role = role, .user_id = user_->id},
                   context_.clock.now());
    exchange_.answer(http::Response::json(
        200,
        JsonObject{
            {"access_token", token},
            {"token_type", "bearer"},
            {"role", word(role)},
            {"redirect_url", role == Role::Admin ? "/admin/" : "/agent/"},
            {"agent",
             {{"id", user_->id}, {"email", user_->email}, {"name", name}, {"role", word(role)}}}}));
  }

  Context context_;
  Exchange exchange_;
  LoginRequest login_;
  std::optional<UserRow> user_;
};

/// Creating the configured admin, unless it exists.
class SeedSteps : public std::enable_shared_from_this<SeedSteps> {
 public:
  SeedSteps(const Context& context, Exchange exchange)
      : context_(context), exchange_(std::move(exchange)), admin_(*context.settings.seed_admin) {}

  void start() {
    api::then_read(
        context_.store, exchange_,
        [self = shared_from_this()](auto& connection) {
          self->exists_ = find_user_by_email(connection, self->admin_.email).has_value();
        },
        [self = shared_from_this()] {
          if (self->exists_) return self->answer();
          api::then_work(self->context_.workers, self->exchange_, [self] { self->create(); });
        });
  }

 private:
  void create() {
    const NewUser user{.email = admin_.email,
                       .full_name = std::string(kSeedAdminName),
                       .role = Role::Admin,
                       .password_hash = http::hash_password(admin_.password),
                       .agent_rights = {}};
    api::then_write(
        context_.store, exchange_,
        [self = shared_from_this(), user](auto& connection) {
          self->exists_ = find_user_by_email(connection, user.email).has_value();
          if (!self->exists_) add_user(connection, user, self->context_.store.now());
        },
        [self = shared_from_this()] { self->answer(); });
  }

  void answer() const {
    exchange_.answer(
        http::Response::json(200, JsonObject{{"status", exists_ ? "exists" : "created"}}));
  }

  Context context_;
  Exchange exchange_;
  SeedAdmin admin_;
  bool exists_ = false;
};

}  // namespace

http::Handler login_handler(const Context& context) {
  return [context](std::shared_ptr<http::Request> request, http::Responder responder) {
    LoginRequest login = read_login(*request);
    context.limits.count_login(request->peer, login.email);
    std::make_shared<LoginSteps>(context, exchange_of(std::move(request), std::move(responder)),
                                 std::move(login))
        ->start();
  };
}

http::Handler seed_admin_handler(const Context& context) {
  return [context](std::shared_ptr<http::Request> request, http::Responder responder) {
    if (!context.settings.seed_admin) throw http::forbidden("No seed admin is configured");
    std::make_shared<SeedSteps>(context, exchange_of(std::move(request), std::move(responder)))
        ->start();
  };
}

}  // namespace parley::live_agent
