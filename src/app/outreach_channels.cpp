#include "app/outreach_channels.h"

#include <fmt/format.h>

#include "base/error.h"

namespace parley::app {
namespace {

using outreach::Channel;
using outreach::ChannelKind;
using outreach::ChannelSettings;
using outreach::Mailbox;
using outreach::Quota;
using outreach::QuotaType;

constexpr const char* kChannels = "outreach.channels.";
constexpr const char* kWebhooks = "outreach.webhooks.";
constexpr std::int64_t kQuotaMax = 1'000'000'000;
constexpr const char* kTrialSender = "Parley <parley@localhost>";

[[noreturn]] void refuse(const std::string& setting, const std::string& why,
                         const std::string& hint) {
  throw Error(ErrorCode::InvalidConfiguration, fmt::format("{} {}", setting, why), hint);
}

/// The settings of one channel.
class ChannelReader {
 public:
  ChannelReader(const Configuration& configuration, const std::string& name)
      : configuration_(configuration), prefix_(kChannels + name + ".") {}

  std::string name(std::string_view field) const { return prefix_ + std::string(field); }
  std::string text(std::string_view field) const { return configuration_.text(name(field)); }
  std::string required(std::string_view field) const {
    std::string value = text(field);
    if (value.empty())
      refuse(name(field), "is not set",
             fmt::format("A channel of kind {} needs it.", text("kind")));
    return value;
  }
  std::int64_t number(std::string_view field, std::int64_t min, std::int64_t max) const {
    return configuration_.number(name(field), min, max);
  }

  Mailbox sender(const std::string& otherwise) const {
    const std::string value = text("from").empty() ? otherwise : text("from");
    const auto mailbox = outreach::parse_mailbox(value);
    if (!mailbox) {
      refuse(name("from"), fmt::format("is '{}', which is no sender", value),
             "Write Shop <news@shop.example>.");
    }
    return *mailbox;
  }

 private:
  const Configuration& configuration_;
  const std::string prefix_;
};

outreach::SmtpSecurity security_of(const ChannelReader& channel) {
  const std::string security = channel.text("security");
  if (security == "starttls") return outreach::SmtpSecurity::Starttls;
  if (security == "tls") return outreach::SmtpSecurity::Tls;
  if (security == "none") return outreach::SmtpSecurity::None;
  refuse(channel.name("security"), fmt::format("is '{}'", security),
         "It is starttls, tls or none.");
}

std::uint16_t port_of(const ChannelReader& channel, outreach::SmtpSecurity security) {
  const auto port = static_cast<std::uint16_t>(channel.number("port", 0, 65535));
  if (port != 0) return port;
  switch (security) {
    case outreach::SmtpSecurity::Starttls: return 587;
    case outreach::SmtpSecurity::Tls: return 465;
    case outreach::SmtpSecurity::None: break;
  }
  return 25;
}

ChannelKind smtp(const ChannelReader& channel) {
  channel.required("from");
  const auto security = security_of(channel);
  return outreach::SmtpSettings{.host = channel.required("host"),
                                .port = port_of(channel, security),
                                .security = security,
                                .user = channel.text("user"),
                                .password = channel.text("password"),
                                .authorities_file = channel.text("authorities"),
                                .from = channel.sender("")};
}

ChannelKind whatsapp_cloud(const ChannelReader& channel) {
  return outreach::WhatsappCloudSettings{.base_url = channel.required("base_url"),
                                         .phone_number_id = channel.required("phone_number_id"),
                                         .token = channel.required("token")};
}

ChannelKind http_gateway(const ChannelReader& channel) {
  Json body;
  try {
    body = parse_json(channel.required("template"));
  } catch (const Error& error) {
    refuse(channel.name("template"), fmt::format("is no JSON: {}", error.what()),
           R"(Write {"to": "{to}", "text": "{content}"}.)");
  }
  return outreach::HttpGatewaySettings{.url = channel.required("url"),
                                       .token = channel.text("token"),
                                       .body = std::move(body),
                                       .id_pointer = channel.text("id_pointer"),
                                       .idempotency_header = channel.text("idempotency_header")};
}

std::string outbox(const Configuration& configuration, const std::string& name) {
  return (configuration.data_directory() / "outbox" / name).string();
}

ChannelKind kind_of(const Configuration& configuration, const ChannelReader& channel,
                    const std::string& name) {
  const std::string kind = channel.text("kind");
  if (kind == "smtp") return smtp(channel);
  if (kind == "whatsapp_cloud") return whatsapp_cloud(channel);
  if (kind == "http") return http_gateway(channel);
  if (kind != "file") {
    refuse(channel.name("kind"), fmt::format("is '{}', which is no kind of channel", kind),
           "It is smtp, whatsapp_cloud, http or file.");
  }
  const std::string directory = channel.text("directory");
  return outreach::FileSettings{
      .directory = directory.empty() ? outbox(configuration, name) : directory,
      .from = channel.sender(kTrialSender)};
}

Channel carried_by(const ChannelReader& channel, const std::string& name) {
  const std::string carries = channel.text("carries");
  const auto word = parse_word<Channel>(carries.empty() ? name : carries);
  if (!word) {
    refuse(channel.name("carries"),
           carries.empty() ? "is not set" : fmt::format("is '{}'", carries),
           "It is email or whatsapp, and needed when the channel is called otherwise.");
  }
  return *word;
}

ChannelSettings channel_settings(const Configuration& configuration, const std::string& name) {
  const ChannelReader channel(configuration, name);
  const Channel carries = carried_by(channel, name);
  ChannelKind kind = kind_of(configuration, channel, name);
  if (carries == Channel::Whatsapp && std::holds_alternative<outreach::SmtpSettings>(kind))
    refuse(channel.name("kind"), "is smtp, which carries e-mail only", "Set carries to email.");
  const std::int64_t timeout = channel.number("timeout_seconds", 1, 120);
  return {.name = name,
          .carries = carries,
          .workers = static_cast<int>(channel.number("workers", 1, 64)),
          .max_retries = static_cast<int>(channel.number("max_retries", 0, 100)),
          .timeout = std::chrono::seconds(timeout),
          .lease = std::chrono::seconds(channel.number("lease_seconds", timeout + 1, 86400)),
          .kind = std::move(kind)};
}

/// Files for a kind of message that nothing else carries.
void add_trial_channel(const Configuration& configuration, Channel carries,
                       std::vector<ChannelSettings>& channels) {
  for (const ChannelSettings& channel : channels) {
    if (channel.carries == carries) return;
  }
  const std::string name = word(carries);
  channels.push_back(
      {.name = name,
       .carries = carries,
       .workers = 1,
       .kind = outreach::FileSettings{.directory = outbox(configuration, name),
                                      .from = *outreach::parse_mailbox(kTrialSender)}});
}

/// The quotas with their configured limits; those without a limit are left out.
outreach::QuotaSettings quota_settings(const Configuration& configuration) {
  outreach::QuotaSettings quotas = outreach::default_quotas();
  const auto number = [&](std::string_view setting) {
    return configuration.number(setting, 0, kQuotaMax);
  };
  for (Quota& quota : quotas.whatsapp) {
    const std::string name = quota.type == QuotaType::MessagesPerMinute
                                 ? "outreach.quotas.per_minute"
                             : quota.type == QuotaType::MessagesPerHour ? "outreach.quotas.per_hour"
                                                                        : "outreach.quotas.per_day";
    quota.limit = number(name);
    quota.burst = number(name + "_burst");
  }
  quotas.email.front().limit = number("outreach.quotas.email_per_day");
  std::erase_if(quotas.whatsapp, [](const Quota& quota) { return quota.limit == 0; });
  std::erase_if(quotas.email, [](const Quota& quota) { return quota.limit == 0; });
  quotas.time_zone = configuration.text("outreach.quotas.time_zone");
  return quotas;
}

}  // namespace

outreach::SendingSettings sending_settings(const Configuration& configuration) {
  outreach::SendingSettings settings{.channels = {}, .quotas = quota_settings(configuration)};
  for (const std::string& name : configuration.members(kChannels))
    settings.channels.push_back(channel_settings(configuration, name));
  for (const Channel carries : {Channel::Email, Channel::Whatsapp})
    add_trial_channel(configuration, carries, settings.channels);
  for (const std::string& name : configuration.members(kWebhooks)) {
    settings.callbacks[name] = {
        .secret = configuration.text(kWebhooks + name + ".secret"),
        .verify_token = configuration.text(kWebhooks + name + ".verify_token")};
  }
  return settings;
}

}  // namespace parley::app
