#include "leads/access.h"

#include <algorithm>

#include "base/crypto.h"
#include "base/text.h"
#include "store/connection.h"

namespace parley::leads {
namespace {

constexpr std::string_view kBearer = "bearer ";
constexpr std::string_view kSignature = "X-Webhook-Signature";

/// The key that a request brings; empty when it brings none.
std::string_view key_of(const http::Request& request) {
  const std::string_view key = request.header("X-API-Key");
  if (!key.empty()) return key;
  const std::string_view authorization = request.header("Authorization");
  const bool is_bearer = equals_ignoring_case(authorization.substr(0, kBearer.size()), kBearer);
  return is_bearer ? trim(authorization.substr(kBearer.size())) : std::string_view();
}

/// Compares with all of them, so that the time tells nothing.
bool is_among(std::string_view key, const std::vector<std::string>& keys) {
  bool is_found = false;
  for (const std::string& each : keys) is_found |= equal_constant_time(key, each);
  return is_found;
}

std::string name_of(std::string_view key) { return "key " + to_hex(sha256(key)).substr(0, 16); }

Caller identify(const http::Request& request, const Settings& settings) {
  if (settings.api_keys.empty() && settings.is_open) return {.name = request.peer};
  const std::string_view key = key_of(request);
  if (key.empty()) throw http::unauthenticated("An API key is needed");
  if (!is_among(key, settings.api_keys)) throw http::unauthenticated("The API key is not valid");
  return {.name = name_of(key)};
}

api::Admission<Caller> admission_of(const Caller& caller) {
  return {.owner = caller.name, .admit = [caller](store::Connection&) { return caller; }};
}

}  // namespace

bool is_signed_with(const http::Request& request, const std::string& secret) {
  const std::string expected = "sha256=" + to_hex(hmac_sha256(secret, request.body));
  return equal_constant_time(lower(request.header(kSignature)), expected);
}

Gate::Gate(const Settings& settings, const Clock& clock)
    : settings_(settings), requests_(settings.requests_per_minute, clock) {}

Caller Gate::admit(const http::Request& request) {
  Caller caller = identify(request, settings_);
  requests_.count(caller.name);
  return caller;
}

Caller Gate::admit_webhook(const http::Request& request) {
  Caller caller = admit(request);
  const WebhookSettings& webhooks = settings_.webhooks;
  if (webhooks.secret.empty()) return caller;
  if (request.header(kSignature).empty()) {
    if (webhooks.require_signature) throw http::unauthenticated("The webhook is not signed");
  } else if (!is_signed_with(request, webhooks.secret)) {
    throw http::unauthenticated("The signature of the webhook is wrong");
  }
  return caller;
}

Caller Gate::admit_listener(const http::Request& request) {
  http::Request asking = request;
  const auto token = request.query.find("token");
  if (token != request.query.end() && key_of(request).empty())
    asking.headers.emplace_back("X-API-Key", token->second);
  if (settings_.api_keys.empty() && !key_of(asking).empty())
    throw http::unauthenticated("The API key is not valid");
  return admit(asking);
}

bool Gate::knows(const std::string& name) const {
  if (settings_.api_keys.empty()) return settings_.is_open;
  return std::ranges::any_of(settings_.api_keys,
                             [&](const std::string& key) { return name_of(key) == name; });
}

api::Admission<Caller> Gate::admission(const http::Request& request) {
  return admission_of(admit(request));
}

api::Admission<Caller> Gate::webhook_admission(const http::Request& request) {
  return admission_of(admit_webhook(request));
}

}  // namespace parley::leads
