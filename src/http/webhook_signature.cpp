#include "http/webhook_signature.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/check.h"
#include "base/crypto.h"
#include "base/error.h"

namespace parley::http {
namespace {

constexpr std::string_view kPrefix = "whsec_";
constexpr std::size_t kBytesMin = 24;
constexpr std::size_t kBytesMax = 64;

/// Nothing when `text` is not base64; padding may be absent.
std::optional<std::string> decode_base64(std::string_view text) {
  std::string url_form(text.substr(0, text.find('=')));
  std::ranges::replace(url_form, '+', '-');
  std::ranges::replace(url_form, '/', '_');
  return decode_base64url(url_form);
}

}  // namespace

WebhookKey WebhookKey::parse(std::string_view secret) {
  if (secret.starts_with(kPrefix)) secret.remove_prefix(kPrefix.size());
  std::optional<std::string> bytes = decode_base64(secret);
  if (!bytes || bytes->size() < kBytesMin || bytes->size() > kBytesMax) {
    throw Error(ErrorCode::InvalidConfiguration,
                "The secret of the webhook is not whsec_ and 24 to 64 bytes in base64",
                "Make one: echo \"whsec_$(openssl rand -base64 32)\"");
  }
  return WebhookKey(std::string_view(*bytes));
}

std::vector<std::pair<std::string, std::string>> WebhookKey::headers(std::string_view id,
                                                                     Timestamp now,
                                                                     std::string_view body) const {
  PARLEY_CHECK(id.find('.') == std::string_view::npos);
  const auto seconds = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
  const std::string signature =
      base64(hmac_sha256(bytes_, fmt::format("{}.{}.{}", id, seconds, body)));
  return {{"webhook-id", std::string(id)},
          {"webhook-timestamp", fmt::format("{}", seconds)},
          {"webhook-signature", fmt::format("v1,{}", signature)}};
}

}  // namespace parley::http
