#pragma once

// Hands mails over to whoever sends them: a signed POST (Standard Webhooks) to the configured URL,
// or nobody. One that cannot be handed over is tried again for a quarter of an hour, under the same
// id. It waits in memory only, since the database keeps hashes of secrets and never a secret: what
// still waits when the server ends is lost, and whoever misses it asks for another. Any thread.

#include <chrono>
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

  /// Begins to hand the mail over; does nothing when nobody sends mails.
  void send(const Mail& mail);

 private:
  struct Letter {
    std::string id;
    std::string body;
    std::size_t failures = 0;
  };

  void hand_over(const Letter& letter, std::chrono::milliseconds delay);
  void note_outcome(Letter letter, const http::ClientOutcome& outcome);

  const Clock& clock_;
  std::string url_;
  std::optional<http::WebhookKey> key_;
  std::unique_ptr<http::Client> client_;
};

}  // namespace parley::chat
