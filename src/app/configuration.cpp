#include "app/configuration.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <set>

#include "app/configuration_file.h"
#include "base/check.h"
#include "base/error.h"
#include "base/text.h"

extern char** environ;

namespace parley::app {
namespace {

constexpr auto kSettings = std::to_array<Setting>({
    {"data", "parley-data", "Directory for SQLite files, secrets and the default parley.toml"},
    {"listen", "127.0.0.1:8000", "Address and port to serve on; port 0 picks a free one"},
    {"tls.certificate", "", "PEM file: the certificate with its chain; then only HTTPS is served"},
    {"tls.key", "", "PEM file: the certificate's private key"},
    {"cors.origins", "", "Origins whose pages may call: https://app.example.org, or several, or *"},
    {"metrics.token", "", "Shown as a bearer token to read /metrics; empty: this machine only"},
    {"limits.body_bytes", "1048576", "The largest request body"},
    {"limits.header_bytes", "16384", "The largest request line and header together"},
    {"limits.connections", "10000", "The most connections at once"},
    {"limits.connections_per_address", "0", "The most of one address; 0: no limit"},
    {"limits.idle_seconds", "75", "How long a connection may wait between requests"},
    {"limits.request_seconds", "30", "How long one request may take to arrive"},
    {"log.level", "info", "debug, info, warning or error"},
    {"log.format", "text", "text, or json for an object per line"},
    {"log.access", "false", "A line for every request, at level info"},
    {"database.url", "",
     "Server for all modules, a namespace each; empty: SQLite files in the data directory"},
    {"database.live_agent", "",
     "A database of its own for live_agent: how an existing one is adopted"},
    {"database.chat", "", "The same for chat"},
    {"database.outreach", "", "The same for outreach"},
    {"database.leads", "", "The same for leads"},
    {"ai.base_url", "",
     "Server of the OpenAI chat-completions protocol: https://api.openai.com/v1; empty: offline"},
    {"ai.api_key", "", "The key for it"},
    {"ai.model", "", "The model to ask where nothing else names one"},
    {"ai.key_required", "true", "Refuse questions while there is no key"},
    {"ai.fallback_on_error", "true", "Answer with the offline text when the model fails"},
    {"ai.timeout_seconds", "60",
     "How long the model may take for an answer, or between its pieces"},
    {"ai.retries", "2", "How often a model that is busy (429, 5xx) is asked again"},
    {"chat.jwt.secret", "",
     "Signs and verifies tokens; empty: generated once, kept in the data directory"},
    {"chat.jwt.accepted_issuers", "",
     "Issuers accepted beside parley/chat: locimapper-api keeps clients of the original signed in"},
    {"chat.signup.enabled", "false", "Let people make accounts of their own"},
    {"chat.signup.auto_verify", "false", "Take their e-mail addresses as verified"},
    {"chat.mailer.kind", "none", "Who sends mails: none, or webhook"},
    {"chat.mailer.url", "", "Where the webhook is"},
    {"chat.mailer.secret", "", "Signs the webhook: whsec_ and 24 to 64 bytes in base64"},
    {"chat.history_messages", "10", "Messages before a question that the model gets; 0: none"},
    {"chat.app_base_url", "", "Where the web client is, for the links of embedded agents"},
    {"chat.embed.require_token", "false", "Visitors ask embedded agents with a token only"},
    {"chat.limits.logins_per_minute", "10", "Per address and e-mail; 0: no limit"},
    {"chat.limits.messages_per_minute", "30", "Questions per user; 0: no limit"},
    {"chat.limits.embed_per_minute", "30", "Requests of visitors per address; 0: no limit"},
    {"chat.runs.threads", "4", "Questions answered at once"},
    {"chat.runs.hold_seconds", "15",
     "How long a node that is silent keeps others from its questions"},
    {"chat.runs.give_up_after_minutes", "10", "A question older than that gets an error"},
    {"chat.sqlite_dirs", "", "Directories whose SQLite files agents may ask, separated by commas"},
    {"chat.data_source_allow", "",
     "The only database hosts that agents may ask, separated by commas; empty: all but link-local"},
    {"powerbi.authority_url", "https://login.microsoftonline.com",
     "Where agents get their tokens for Power BI"},
    {"powerbi.api_url", "https://api.powerbi.com", "Where Power BI is asked"},
    {"powerbi.resource", "https://analysis.windows.net/powerbi/api",
     "What the tokens are for; /.default is added"},
    {"live_agent.jwt.secret", "",
     "Signs and verifies tokens; empty: generated once, kept in the data directory"},
    {"live_agent.jwt.allow_missing_issuer", "true",
     "Accept tokens without `iss`, as portals make them"},
    {"live_agent.dev_open", "false",
     "Serve loopback requests without a token as a read-only supervisor"},
    {"live_agent.limits.logins_per_minute", "10", "Per address and e-mail; 0: no limit"},
    {"live_agent.limits.sessions_per_minute", "30", "Sessions opened per account; 0: no limit"},
    {"live_agent.limits.requests_per_minute", "600", "All other requests per token; 0: no limit"},
    {"leads.api_keys", "", "Who may call leads: keys of 16 characters at least, with commas"},
    {"leads.webhooks.secret", "", "Checks the platform's X-Webhook-Signature; empty: not checked"},
    {"leads.webhooks.require_signature", "false", "Refuse webhooks without a signature"},
    {"leads.webhooks.dedupe_identical", "false",
     "Answer a message that comes again word for word as the first time, and store it once"},
    {"leads.limits.requests_per_minute", "600", "Per key or address; 0: no limit"},
    {"leads.reply_wait_seconds", "25", "How long a message waits for the model's reply"},
    {"events.keep_days", "7", "How long clients may be away and still get what they missed"},
    {"webhooks.allow_private", "false", "Let webhooks call addresses of private networks"},
    {"live_agent.seed_admin.email", "",
     "With the password: lets POST /api/v1/auth/seed-admin create this admin"},
    {"live_agent.seed_admin.password", "", "See live_agent.seed_admin.email"},
    {"outreach.limits.requests_per_minute", "1200", "Requests per key; 0: no limit"},
    {"outreach.limits.heavy_per_minute", "6", "Of retention, repair and backup; 0: no limit"},
    {"outreach.open_on_loopback", "true",
     "Serve requests of this machine without a key, as long as there is none"},
    {"outreach.system_log_days", "90", "How long lines of the system log are kept"},
    {"outreach.legacy_timezone", "",
     "Zone of the times that a program before this one wrote without one; empty: this machine's"},
    {"outreach.backup_directory", "", "Where backups go; empty: backups in the data directory"},
    {"live_agent.notifier.kind", "none", "Who is told of news for pushes: none, or webhook"},
    {"live_agent.notifier.url", "", "Where the webhook is: https://push.example.org/parley"},
    {"live_agent.notifier.secret", "", "Signs the webhook: whsec_ and 24 to 64 bytes in base64"},
    {"outreach.channels.*.kind", "file", "smtp, whatsapp_cloud, http or file"},
    {"outreach.channels.*.carries", "", "email or whatsapp; empty: what the channel is called"},
    {"outreach.channels.*.workers", "2", "How many messages it sends at once"},
    {"outreach.channels.*.max_retries", "3", "How often a transient failure is tried again"},
    {"outreach.channels.*.timeout_seconds", "60", "How long one attempt may take"},
    {"outreach.channels.*.lease_seconds", "300",
     "After how long a worker that is not heard of is given up; more than timeout_seconds"},
    {"outreach.channels.*.host", "", "smtp: the server"},
    {"outreach.channels.*.port", "0", "smtp: its port; 0: 587, with tls 465, with none 25"},
    {"outreach.channels.*.security", "starttls", "smtp: starttls, tls or none"},
    {"outreach.channels.*.user", "", "smtp: who logs in; empty: nobody does"},
    {"outreach.channels.*.password", "", "smtp: the password"},
    {"outreach.channels.*.authorities", "",
     "smtp: PEM file of the authorities to trust; empty: the system's"},
    {"outreach.channels.*.from", "", "smtp, file: the sender: Shop <news@shop.example>"},
    {"outreach.channels.*.base_url", "https://graph.facebook.com/v19.0",
     "whatsapp_cloud: where the API is"},
    {"outreach.channels.*.phone_number_id", "", "whatsapp_cloud: the number that sends"},
    {"outreach.channels.*.token", "", "whatsapp_cloud, http: the bearer token"},
    {"outreach.channels.*.url", "", "http: where messages are posted to"},
    {"outreach.channels.*.template", "", "http: the JSON body, with {to}, {content}…"},
    {"outreach.channels.*.id_pointer", "/id", "http: where the answer has the message's id"},
    {"outreach.channels.*.idempotency_header", "",
     "http: the header by which the gateway knows a repetition"},
    {"outreach.channels.*.directory", "",
     "file: where messages go; empty: outbox/<name> in the data directory"},
    {"outreach.quotas.per_minute", "20", "WhatsApp messages of a user in any minute; 0: no limit"},
    {"outreach.quotas.per_minute_burst", "5", "How many more may be taken as a burst"},
    {"outreach.quotas.per_hour", "1000", "The same in any hour"},
    {"outreach.quotas.per_hour_burst", "100", "How many more may be taken as a burst"},
    {"outreach.quotas.per_day", "10000", "The same on a day"},
    {"outreach.quotas.per_day_burst", "500", "How many more may be taken as a burst"},
    {"outreach.quotas.email_per_day", "100", "E-mails of a user on a day; 0: no limit"},
    {"outreach.quotas.time_zone", "UTC", "Where the day of the quotas begins at midnight"},
    {"outreach.webhooks.*.secret", "", "Signs the callbacks of this provider (HMAC-SHA256)"},
    {"outreach.webhooks.*.verify_token", "", "What its subscription check must show"},
});

// Read by programs around the server, and by the database commands; not settings of the file.
constexpr auto kOtherVariables = std::to_array<std::string_view>({"PARLEY_DATABASE"});

const Setting* find_setting(std::string_view name) {
  const auto found = std::ranges::find_if(
      kSettings, [&](const Setting& setting) { return declares(setting.name, name); });
  return found == kSettings.end() ? nullptr : &*found;
}

[[noreturn]] void throw_unknown(const std::string& what, std::string_view name,
                                const std::vector<std::string>& known) {
  const std::string near = nearest(name, known);
  throw Error(ErrorCode::InvalidConfiguration, what,
              near.empty() ? "docs/guide/configuration.md lists all settings."
                           : fmt::format("Did you mean {}?", near));
}

/// What a name that is no setting may have been meant to be.
std::vector<std::string> names_like(std::string_view name) {
  std::vector<std::string> names;
  for (const Setting& setting : kSettings) names.push_back(likened(setting.name, name, '.'));
  return names;
}
std::vector<std::string> variables_like(std::string_view variable) {
  std::vector<std::string> names;
  for (const Setting& setting : kSettings)
    names.push_back(likened(environment_name(setting.name), variable, '_'));
  return names;
}

/// The setting of a variable; nothing when there is none. Of the families that it may be in, the
/// one that leaves least to the member's name.
std::optional<std::string> setting_of(const std::string& variable) {
  std::optional<std::string> found;
  std::size_t fixed = 0;
  for (const Setting& setting : kSettings) {
    if (environment_name(setting.name) == variable) return std::string(setting.name);
    auto member = member_of_variable(setting.name, variable);
    if (!member || setting.name.size() <= fixed) continue;
    fixed = setting.name.size();
    found = std::move(member);
  }
  return found;
}

std::map<std::string, std::string> from_environment() {
  std::map<std::string, std::string> values;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    const std::string name(text.substr(0, text.find('=')));
    const bool is_ours = name.starts_with("PARLEY_") && !name.starts_with("PARLEY_TEST_") &&
                         std::ranges::find(kOtherVariables, name) == kOtherVariables.end();
    if (!is_ours) continue;
    const auto setting = setting_of(name);
    if (!setting) {
      throw_unknown(fmt::format("The environment has {}, which is no setting", name), name,
                    variables_like(name));
    }
    values[*setting] = std::string(text.substr(std::min(text.size(), name.size() + 1)));
  }
  return values;
}

}  // namespace

std::span<const Setting> all_settings() { return kSettings; }

Configuration Configuration::load(const Flags& flags) {
  Configuration configuration;
  const auto environment = from_environment();
  for (const auto& [name, value] : environment) configuration.values_[name] = value;
  for (const auto& [name, value] : flags.settings) configuration.values_[name] = value;

  std::filesystem::path file = flags.config_file;
  if (file.empty()) {
    file = configuration.data_directory() / "parley.toml";
    if (!std::filesystem::exists(file)) return configuration;
  }
  for (const FileSetting& read : read_configuration_file(file)) {
    if (find_setting(read.name) == nullptr) {
      throw_unknown(
          fmt::format("{}:{}: there is no setting {}", file.string(), read.line, read.name),
          read.name, names_like(read.name));
    }
    configuration.values_.emplace(read.name, read.value);  // The environment and flags came first.
  }
  return configuration;
}

std::string Configuration::text(std::string_view setting) const {
  const Setting* known = find_setting(setting);
  PARLEY_CHECK(known != nullptr);
  const auto value = values_.find(setting);
  return value == values_.end() ? std::string(known->default_value) : value->second;
}

std::vector<std::string> Configuration::members(std::string_view family) const {
  PARLEY_CHECK(family.ends_with('.'));
  std::set<std::string> members;
  for (const auto& [name, value] : values_) {
    if (!name.starts_with(family)) continue;
    members.insert(name.substr(family.size(), name.find('.', family.size()) - family.size()));
  }
  return {members.begin(), members.end()};
}

bool Configuration::truth(std::string_view setting) const {
  const std::string value = lower(text(setting));
  if (value == "true" || value == "1" || value == "yes") return true;
  if (value == "false" || value == "0" || value == "no" || value.empty()) return false;
  throw Error(ErrorCode::InvalidConfiguration,
              fmt::format("{} is neither true nor false: '{}'", setting, value));
}

std::int64_t Configuration::number(std::string_view setting, std::int64_t min,
                                   std::int64_t max) const {
  const std::string value = text(setting);
  const char* const end = value.data() + value.size();
  std::int64_t number = 0;
  const auto [rest, problem] = std::from_chars(value.data(), end, number);
  if (problem == std::errc() && rest == end && min <= number && number <= max) return number;
  throw Error(ErrorCode::InvalidConfiguration, fmt::format("{} is '{}'", setting, value),
              fmt::format("It is a whole number from {} to {}.", min, max));
}

}  // namespace parley::app
