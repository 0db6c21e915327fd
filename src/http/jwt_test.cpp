#include "http/jwt.h"

#include <gtest/gtest.h>

#include "base/crypto.h"

namespace parley::http {
namespace {

constexpr std::string_view kSecret = "a secret of this module only";
constexpr Timestamp kNow{std::chrono::seconds(1'700'000'000)};
constexpr std::int64_t kNowSeconds = 1'700'000'000;

std::string token_of(std::string_view header, std::string_view claims,
                     std::string_view secret = kSecret) {
  const std::string text = base64url(header) + '.' + base64url(claims);
  return text + '.' + base64url(hmac_sha256(secret, text));
}

/// Nothing when the token is accepted.
std::optional<JwtRefusal> refusal_of(std::string_view token, Timestamp now = kNow) {
  const auto verdict = verify_jwt(token, kSecret, now);
  const auto* refusal = std::get_if<JwtRefusal>(&verdict);
  return refusal ? std::optional(*refusal) : std::nullopt;
}

TEST(Jwt, GivesBackTheClaimsItSigned) {
  const JsonObject claims{{"sub", "a@b.c"}, {"role", "agent"}, {"exp", kNowSeconds + 1}};
  const auto verdict = verify_jwt(sign_jwt(claims, kSecret), kSecret, kNow);
  ASSERT_TRUE(std::holds_alternative<JsonObject>(verdict));
  EXPECT_EQ(std::get<JsonObject>(verdict), claims);
}

/// RFC 7515, appendix A.1.
TEST(Jwt, AcceptsTheExampleOfTheStandard) {
  const auto key = decode_base64url(
      "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow");
  ASSERT_TRUE(key);
  const auto verdict = verify_jwt(
      "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9."
      "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVl"
      "fQ."
      "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
      *key, Timestamp(std::chrono::seconds(1300819379)));
  ASSERT_TRUE(std::holds_alternative<JsonObject>(verdict));
  EXPECT_EQ(std::get<JsonObject>(verdict).at("iss"), "joe");
}

TEST(Jwt, RefusesEveryOtherAlgorithm) {
  for (const std::string_view header :
       {R"({"alg":"none"})", R"({"alg":"None"})", R"({"alg":"hs256"})", R"({"alg":"HS512"})",
        R"({"alg":"RS256"})", R"({"alg":"HS256 "})", R"({"alg":["HS256"]})", R"({"alg":null})",
        R"({})"}) {
    EXPECT_EQ(refusal_of(token_of(header, R"({"sub":"x"})")), JwtRefusal::Algorithm) << header;
  }
}

TEST(Jwt, RefusesAnUnsignedToken) {
  const std::string unsigned_text =
      base64url(R"({"alg":"none"})") + '.' + base64url(R"({"sub":"x"})") + '.';
  EXPECT_EQ(refusal_of(unsigned_text), JwtRefusal::Algorithm);
  const std::string emptied =
      base64url(R"({"alg":"HS256"})") + '.' + base64url(R"({"sub":"x"})") + '.';
  EXPECT_EQ(refusal_of(emptied), JwtRefusal::Signature);
}

TEST(Jwt, RefusesATokenOfAnotherSecret) {
  EXPECT_EQ(refusal_of(sign_jwt({{"sub", "x"}}, "another secret")), JwtRefusal::Signature);
}

TEST(Jwt, RefusesATokenWithAnyCharacterChanged) {
  const std::string token = sign_jwt({{"sub", "x"}}, kSecret);
  for (std::size_t i = 0; i < token.size(); ++i) {
    std::string changed = token;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    EXPECT_TRUE(refusal_of(changed)) << i;
  }
}

TEST(Jwt, RefusesASecondSpellingOfTheSignature) {
  const std::string token = sign_jwt({{"sub", "x"}}, kSecret);
  EXPECT_EQ(refusal_of(token + "="), JwtRefusal::Signature);
  EXPECT_EQ(refusal_of(token + "A"), JwtRefusal::Signature);
  EXPECT_EQ(refusal_of(token + ".A"), JwtRefusal::Signature);
}

TEST(Jwt, RefusesWhatIsNoToken) {
  for (const std::string_view text : {"", ".", "..", "a", "a.b", "a.b.c", "!.!.!"}) {
    EXPECT_EQ(refusal_of(text), JwtRefusal::Malformed) << text;
  }
  EXPECT_EQ(refusal_of(token_of("[]", "{}")), JwtRefusal::Malformed);
  EXPECT_EQ(refusal_of(token_of(R"({"alg":"HS256"})", "[]")), JwtRefusal::Malformed);
  EXPECT_EQ(refusal_of(token_of(R"({"alg":"HS256"})", "{")), JwtRefusal::Malformed);
  EXPECT_EQ(refusal_of(token_of(R"({"alg":"HS256"})", "{\"a\":\"\xff\"}")), JwtRefusal::Malformed);
}

TEST(Jwt, RefusesCriticalExtensions) {
  EXPECT_EQ(refusal_of(token_of(R"({"alg":"HS256","crit":["b64"],"b64":false})", "{}")),
            JwtRefusal::Malformed);
}

TEST(Jwt, ExpiresAtExp) {
  const std::string token = sign_jwt({{"exp", kNowSeconds}}, kSecret);
  EXPECT_EQ(refusal_of(token, kNow - std::chrono::microseconds(1)), std::nullopt);
  EXPECT_EQ(refusal_of(token, kNow), JwtRefusal::Expired);
  EXPECT_EQ(refusal_of(sign_jwt({{"exp", kNowSeconds + 0.5}}, kSecret), kNow), std::nullopt);
}

TEST(Jwt, BeginsAtNbf) {
  const std::string token = sign_jwt({{"nbf", kNowSeconds}}, kSecret);
  EXPECT_EQ(refusal_of(token, kNow - std::chrono::microseconds(1)), JwtRefusal::NotYetValid);
  EXPECT_EQ(refusal_of(token, kNow), std::nullopt);
}

TEST(Jwt, RefusesTimesThatAreNoNumbers) {
  EXPECT_EQ(refusal_of(sign_jwt({{"exp", "never"}}, kSecret)), JwtRefusal::Malformed);
  EXPECT_EQ(refusal_of(sign_jwt({{"exp", nullptr}}, kSecret)), JwtRefusal::Malformed);
  EXPECT_EQ(refusal_of(sign_jwt({{"nbf", JsonObject{}}}, kSecret)), JwtRefusal::Malformed);
}

}  // namespace
}  // namespace parley::http
