#pragma once

// Hands mails over to whoever sends them: a signed POST (Standard Webhooks) to the configured URL,
// or nobody. A mail that cannot be handed over is logged and lost; its receiver asks for another.
// Any thread.

#include <memory>
#include <optional>
#include <string>

#include "base/clock.h"
#include "chat/settings.h"
#include "http/client.h"
#include "http/webhook_signature.h"

namespace parley::chat {

struct Mail {
  enum class Kind { Verification, PasswordReset, Invitation } kind = Kind::Verification;
  std::string email;
  std::string token;  ///< The secret that the link in the mail carries.
};

class Mailer {
 public:
  /// `clock` outlives the mailer. Throws Error{InvalidConfiguration} for a secret or URL that
  /// cannot be used.
  Mailer(const std::optional<MailerSettings>& settings, const Clock& clock);

  bool is_on() const { return client_ != nullptr; }

  /// Begins to hand the mail over; nothing when nobody sends mails.
  void send(const Mail& mail);

 private:
  const Clock& clock_;
  std::string url_;
  std::optional<http::WebhookKey> key_;
  std::unique_ptr<http::Client> client_;
};

}  // namespace parley::chat
