#pragma once

// What the module is told from outside. Values; any thread.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace parley::chat {

/// How often a client may ask in a minute; 0 is as often as it likes.
struct Limits {
  int logins_per_minute = 10;    ///< Per address and e-mail.
  int messages_per_minute = 30;  ///< Per user.
  int embed_per_minute = 30;     ///< Per address.
};

/// Who may make an account without an operator.
struct SignUpSettings {
  bool is_enabled = false;
  bool auto_verify = false;  ///< E-mail addresses count as verified at once.
};

/// Where mails are handed over: a URL that takes signed webhooks and sends them.
struct MailerSettings {
  std::string url;
  std::string secret;  ///< `whsec_…`; see http/webhook_signature.h.
};

/// How answers are worked on.
struct RunSettings {
  int threads = 4;                             ///< Questions answered at once.
  std::chrono::seconds hold{15};               ///< A run of a node that is silent is taken over.
  std::chrono::minutes give_up_after{10};      ///< A question older than that gets an error.
  std::chrono::milliseconds look_every{1000};  ///< For runs that another node left behind.
  std::chrono::milliseconds patience{10'000};  ///< For what is under way when the server stops.
};

struct Settings {
  std::string jwt_secret;                     ///< Signs this module's tokens; not empty.
  std::vector<std::string> accepted_issuers;  ///< Beside the module's own.
  SignUpSettings sign_up;
  std::optional<MailerSettings> mailer;  ///< Absent: no mails.
  RunSettings runs;
  std::int64_t history_messages = 10;  ///< That go to the model before a question; 0: none.
  std::string app_base_url;            ///< Of the web client, for the links of embedded agents.
  bool embed_requires_token = false;
  Limits limits;
};

}  // namespace parley::chat
