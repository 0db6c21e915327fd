#include "http/jwt.h"

#include <cmath>

#include "base/check.h"
#include "base/crypto.h"

namespace parley::http {
namespace {

constexpr std::string_view kAlgorithm = "HS256";

struct Parts {
  std::string_view header;
  std::string_view claims;
  std::string_view signature;
  std::string_view signed_text;  ///< `header.claims`.
};

std::optional<Parts> split_token(std::string_view token) {
  const auto first = token.find('.');
  if (first == std::string_view::npos) return std::nullopt;
  const auto second = token.find('.', first + 1);
  if (second == std::string_view::npos) return std::nullopt;
  return Parts{token.substr(0, first), token.substr(first + 1, second - first - 1),
               token.substr(second + 1), token.substr(0, second)};
}

std::optional<JsonObject> decode_object(std::string_view part) {
  const auto text = decode_base64url(part);
  if (!text) return std::nullopt;
  boost::system::error_code error;
  Json value = json::parse(*text, error);
  if (error || !value.is_object()) return std::nullopt;
  return std::move(value.as_object());
}

bool names_algorithm(const JsonObject& header) {
  const Json* algorithm = header.if_contains("alg");
  return algorithm && algorithm->is_string() &&
         std::string_view(algorithm->as_string()) == kAlgorithm;
}

/// The comparison is made on the encoded text, so that no second spelling of a signature is
/// accepted.
bool is_signed_with(const Parts& parts, std::string_view secret) {
  return equal_constant_time(base64url(hmac_sha256(secret, parts.signed_text)), parts.signature);
}

/// A NumericDate claim (seconds, fractions allowed). `absent` when there is none; nothing when it
/// is no number.
std::optional<double> seconds_claim(const JsonObject& claims, std::string_view name,
                                    double absent) {
  const Json* value = claims.if_contains(name);
  if (!value) return absent;
  if (!value->is_number()) return std::nullopt;
  return value->to_number<double>();
}

}  // namespace

std::string sign_jwt(const JsonObject& claims, std::string_view secret) {
  PARLEY_CHECK(!secret.empty());
  std::string token = base64url(R"({"alg":"HS256","typ":"JWT"})");
  token += '.';
  token += base64url(json::serialize(claims));
  const std::string signature = base64url(hmac_sha256(secret, token));
  return token + '.' + signature;
}

std::variant<JsonObject, JwtRefusal> verify_jwt(std::string_view token, std::string_view secret,
                                                Timestamp now) {
  PARLEY_CHECK(!secret.empty());
  const auto parts = split_token(token);
  if (!parts) return JwtRefusal::Malformed;
  const auto header = decode_object(parts->header);
  if (!header) return JwtRefusal::Malformed;
  if (!names_algorithm(*header)) return JwtRefusal::Algorithm;
  // RFC 7515 section 4.1.11: extensions that are not understood must be refused; none is understood
  // here.
  if (header->contains("crit")) return JwtRefusal::Malformed;
  if (!is_signed_with(*parts, secret)) return JwtRefusal::Signature;
  auto claims = decode_object(parts->claims);
  if (!claims) return JwtRefusal::Malformed;
  if (const auto refusal = refusal_in_time(*claims, now)) return *refusal;
  return std::move(*claims);
}

std::optional<JwtRefusal> refusal_in_time(const JsonObject& claims, Timestamp now) {
  const double seconds = std::chrono::duration<double>(now.time_since_epoch()).count();
  const auto expires = seconds_claim(claims, "exp", HUGE_VAL);
  const auto begins = seconds_claim(claims, "nbf", -HUGE_VAL);
  if (!expires || !begins) return JwtRefusal::Malformed;
  if (seconds >= *expires) return JwtRefusal::Expired;
  if (seconds < *begins) return JwtRefusal::NotYetValid;
  return std::nullopt;
}

}  // namespace parley::http
