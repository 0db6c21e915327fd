#pragma once

// How channels are configured (`outreach.channels.<name>`). Values; any thread.

#include <chrono>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "base/clock.h"
#include "base/json.h"
#include "outreach/channels/carrier.h"
#include "outreach/channels/mime.h"
#include "outreach/vocabulary.h"

namespace parley::outreach {

enum class SmtpSecurity { Starttls, Tls, None };

struct SmtpSettings {
  std::string host;
  std::uint16_t port = 587;
  SmtpSecurity security = SmtpSecurity::Starttls;
  std::string user;  ///< Empty: no login.
  std::string password;
  std::string authorities_file;  ///< PEM; empty: the system's.
  Mailbox from;
};

struct WhatsappCloudSettings {
  std::string base_url;
  std::string phone_number_id;
  std::string token;
};

/// Any gateway that takes JSON by POST.
struct HttpGatewaySettings {
  std::string url;
  std::string token;  ///< Empty: none is sent.
  Json body;          ///< Its texts may have names in braces.
  std::string id_pointer;
  std::string idempotency_header;  ///< Empty: the gateway knows no repetitions.
};

struct FileSettings {
  std::string directory;
  Mailbox from;
};

using ChannelKind =
    std::variant<FileSettings, SmtpSettings, WhatsappCloudSettings, HttpGatewaySettings>;

struct ChannelSettings {
  std::string name;
  Channel carries = Channel::Email;
  int workers = 2;
  int max_retries = 3;
  std::chrono::milliseconds timeout{60'000};
  std::chrono::seconds lease{300};  ///< After so long a worker is given up; above the time-out.
  ChannelKind kind;
};

/// Makes what sends through it. `clock` outlives it. Throws Error{InvalidConfiguration} for
/// settings that cannot work.
std::unique_ptr<Carrier> open_carrier(const ChannelSettings& settings, const Clock& clock);

}  // namespace parley::outreach
