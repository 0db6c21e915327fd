#include "chat/login.h"
#include "chat/operations.h"
#include "chat/problems.h"
#include "chat/routes.h"
#include "chat/sign_in.h"
#include "chat/wire.h"

namespace parley::chat {
namespace {

using http::Request;
using http::Response;

constexpr std::string_view kMailUnderWay =
    "If the address is known here, a mail with a link is under way";

Task show_me(const Request&) {
  return reading([](database::Connection& connection, const Caller& caller) {
    return Response::json(200,
                          profile_json(caller.user, memberships_of(connection, caller.user.id)));
  });
}

Task rename_me(const Request& request) {
  return writing(
      [change = later(read_name_change, request)](store::UnitOfWork& unit, const Caller& caller) {
        const NameChange& wanted = change.value();
        if (!wanted.first_name && !wanted.last_name) {
          throw http::bad_request("Give first_name, last_name or both");
        }
        change_name(unit.connection, caller.user.id, wanted);
        return ok_message("Name changed");
      });
}

/// A write of somebody without an access token.
using Change = std::function<Response(store::UnitOfWork&)>;
http::Handler anonymous(const Context& context, std::function<Change(const Request&)> prepare) {
  return [context, prepare = std::move(prepare)](std::shared_ptr<Request> request,
                                                 http::Responder responder) {
    const Change change = prepare(*request);
    const api::Exchange exchange(std::move(request), std::move(responder), context.host.style);
    const auto answer = std::make_shared<Response>();
    api::then_write(
        context.host.store, exchange,
        [change, answer](store::UnitOfWork& unit) { *answer = change(unit); },
        [exchange, answer] { exchange.answer(std::move(*answer)); });
  };
}

http::Handler refresh_handler(const Context& context) {
  return anonymous(context, [context](const Request& request) -> Change {
    return [context, token = read_refresh_token_text(request)](store::UnitOfWork& unit) {
      const TokenPair pair = refresh(unit.connection, context.settings, token, context.now());
      return token_answer(pair);
    };
  });
}

http::Handler logout_handler(const Context& context) {
  return anonymous(context, [context](const Request& request) -> Change {
    return [context, token = read_refresh_token_text(request)](store::UnitOfWork& unit) {
      sign_out(unit.connection, context.settings, token, context.now());
      return ok();
    };
  });
}

http::Handler verify_handler(const Context& context) {
  return anonymous(context, [context](const Request& request) -> Change {
    return [context, token = read_token_query(request)](store::UnitOfWork& unit) {
      verify_email(unit.connection, token, context.now());
      return Response::json(
          200, JsonObject{{"verified", true}, {"message", "The e-mail address is verified"}});
    };
  });
}

/// Makes a secret for an e-mail address; nothing when there is nobody to make it for.
using Begin = std::optional<std::string> (*)(database::Connection&, const std::string&, Timestamp);

/// Answers the same whether or not somebody has the address.
http::Handler mail_handler(const Context& context, Mail::Kind kind, std::string_view purpose,
                           Begin begin) {
  return
      [context, kind, purpose, begin](std::shared_ptr<Request> request, http::Responder responder) {
        const std::string email = read_email(*request);
        context.limits.count_mail(purpose, email);
        const api::Exchange exchange(std::move(request), std::move(responder), context.host.style);
        const auto secret = std::make_shared<std::optional<std::string>>();
        api::then_write(
            context.host.store, exchange,
            [context, begin, email, secret](store::UnitOfWork& unit) {
              *secret = begin(unit.connection, email, context.now());
            },
            [context, kind, email, secret, exchange] {
              if (*secret) context.mailer.send({.kind = kind, .email = email, .token = **secret});
              exchange.answer(ok_message(kMailUnderWay));
            });
      };
}

}  // namespace

std::vector<http::Route> auth_routes(const Context& context) {
  const auto resend = mail_handler(context, Mail::Kind::Verification, "verify", begin_verification);
  const auto forgot = mail_handler(context, Mail::Kind::PasswordReset, "reset", begin_reset);
  return {
      {"POST", "/auth/login", login_handler(context), operation::log_in()},
      {"POST", "/auth/refresh", refresh_handler(context), operation::refresh()},
      {"POST", "/auth/logout", logout_handler(context), operation::log_out()},
      {"GET", "/auth/me", for_users(context, show_me), operation::show_me()},
      {"POST", "/auth/signup", sign_up_handler(context), operation::sign_up()},
      {"GET", "/auth/verify", verify_handler(context), operation::verify()},
      {"POST", "/auth/verify/resend", resend, operation::resend_verification()},
      {"POST", "/auth/password/forgot", forgot, operation::forgot_password()},
      {"POST", "/auth/password/reset", reset_handler(context), operation::reset_password()},
      {"POST", "/auth/change-password", change_password_handler(context),
       operation::change_password()},
      {"POST", "/auth/change-name", for_users(context, rename_me), operation::change_name()},
  };
}

}  // namespace parley::chat
