#include "chat/mailer.h"

#include <fmt/format.h>

#include <array>

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

/// Before the second attempt, the third, and so on.
constexpr auto kPauses = std::to_array<std::chrono::seconds>(
    {std::chrono::seconds(1), std::chrono::seconds(10), std::chrono::minutes(1),
     std::chrono::minutes(4), std::chrono::minutes(10)});

/// Why the mail was not taken; empty when it was.
std::string trouble_of(const http::ClientOutcome& outcome) {
  if (const auto* error = std::get_if<Error>(&outcome)) return error->what();
  const auto& answer = std::get<http::ClientAnswer>(outcome);
  return answer.is_success() ? "" : fmt::format("its receiver answered {}", answer.status);
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
  hand_over({.id = make_uuid(),
             .body = to_text(JsonObject{
                 {"kind", word_of(mail.kind)}, {"email", mail.email}, {"token", mail.token}})},
            {});
}

void Mailer::hand_over(const Letter& letter, std::chrono::milliseconds delay) {
  auto headers = key_->headers(letter.id, clock_.now() + delay, letter.body);
  headers.emplace_back("Content-Type", "application/json");
  client_->send(
      {.method = "POST",
       .url = url_,
       .headers = std::move(headers),
       .body = letter.body,
       .delay = delay},
      [this, letter](const http::ClientOutcome& outcome) { note_outcome(letter, outcome); });
}

void Mailer::note_outcome(Letter letter, const http::ClientOutcome& outcome) {
  const std::string trouble = trouble_of(outcome);
  if (trouble.empty()) return;
  if (letter.failures == kPauses.size()) {
    log::error("A mail could not be handed over and is given up: {}", trouble);
    return;
  }
  const std::chrono::seconds pause = kPauses.at(letter.failures++);
  log::warning("A mail could not be handed over and is tried again in {} s: {}", pause.count(),
               trouble);
  hand_over(letter, pause);
}

}  // namespace parley::chat
