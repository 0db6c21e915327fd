// Nobody makes a token without the secret, and what is signed comes back as it was.

#include "http/jwt.h"
#include "base/json.h"
#include "fuzz.h"

namespace {

using parley::JsonObject;
using parley::fuzz::require;
using parley::http::verify_jwt;

constexpr std::string_view kSecret = "a secret that no input holds";
const parley::Timestamp kNow{std::chrono::seconds(1'700'000'000)};

bool is_refused(std::string_view token) {
  return std::holds_alternative<parley::http::JwtRefusal>(verify_jwt(token, kSecret, kNow));
}

void sign_and_verify(const JsonObject& claims) {
  const std::string token = parley::http::sign_jwt(claims, kSecret);
  const auto verified = verify_jwt(token, kSecret, kNow);
  if (const auto* read = std::get_if<JsonObject>(&verified)) {
    require(parley::json::serialize(*read) == parley::json::serialize(claims), "claims come back");
  } else {
    const auto refusal = std::get<parley::http::JwtRefusal>(verified);
    require(refusal != parley::http::JwtRefusal::Signature, "the signature is right");
  }
  for (const std::size_t position : {token.size() - 1, token.size() / 2, std::size_t{0}}) {
    std::string changed = token;
    changed[position] = changed[position] == 'A' ? 'B' : 'A';
    require(is_refused(changed), "a changed token is refused");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = parley::fuzz::text_of(data, size);
  require(is_refused(text), "a token that was not signed is refused");
  boost::system::error_code error;
  const parley::Json claims = parley::json::parse(text, error);
  if (!error && claims.is_object()) sign_and_verify(claims.get_object());
  return 0;
}
