#include "chat/mailer.h"

#include <fmt/format.h>

#include "base/error.h"
#include "base/ids.h"
#include "base/json.h"
#include "base/log.h"
#include "http/url.h"

namespace parley::chat {
namespace {

std::string_view word_of(Mail::Kind kind) {
  switch (kind) {
    case Mail::Kind::Verification: return "verification";
    case Mail::Kind::PasswordReset: return "password_reset";
    case Mail::Kind::Invitation: return "invitation";
  }
  return {};
}

void log_outcome(const http::ClientOutcome& outcome) {
  if (const auto* error = std::get_if<Error>(&outcome)) {
    log::warning("A mail could not be handed over: {}", error->what());
  } else if (const auto& answer = std::get<http::ClientAnswer>(outcome); !answer.is_success()) {
    log::warning("A mail could not be handed over: its receiver answered {}", answer.status);
  }
}

std::string checked_url(const std::string& url) {
  try {
    http::parse_url(url);
  } catch (const Error& error) {
    throw Error(ErrorCode::InvalidConfiguration,
                fmt::format("chat.mailer.url cannot be used. {}", error.what()), error.hint());
  }
  return url;
}

}  // namespace

Mailer::Mailer(const std::optional<MailerSettings>& settings, const Clock& clock) : clock_(clock) {
  if (!settings) return;
  url_ = checked_url(settings->url);
  key_ = http::WebhookKey::parse(settings->secret);
  client_ = std::make_unique<http::Client>();
}

void Mailer::send(const Mail& mail) {
  if (!client_) return;
  const std::string body = to_text(
      JsonObject{{"kind", word_of(mail.kind)}, {"email", mail.email}, {"token", mail.token}});
  auto headers = key_->headers(make_uuid(), clock_.now(), body);
  headers.emplace_back("Content-Type", "application/json");
  client_->send({.method = "POST", .url = url_, .headers = std::move(headers), .body = body},
                log_outcome);
}

}  // namespace parley::chat
