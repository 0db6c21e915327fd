#include "http/token_verifier.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "base/crypto.h"

namespace parley::http {
namespace {

using std::chrono::seconds;

constexpr Timestamp kNow{std::chrono::sys_days(std::chrono::year(2026) / 1 / 31)};
constexpr std::string_view kSecret = "a secret";

std::int64_t seconds_of(Timestamp time) {
  return std::chrono::duration_cast<seconds>(time.time_since_epoch()).count();
}

std::string token_of(std::string_view subject, Timestamp expires = kNow + seconds(60)) {
  return sign_jwt({{"sub", subject}, {"exp", seconds_of(expires)}}, kSecret);
}

class Verifier : public testing::Test {
 protected:
  std::string subject(std::string_view token, Timestamp now = kNow) {
    const auto verified = verifier_.verify(token, now);
    const auto* good = std::get_if<VerifiedToken>(&verified);
    return good ? std::string(good->claims->at("sub").as_string()) : "refused";
  }
  JwtRefusal refusal(std::string_view token, Timestamp now = kNow) {
    return std::get<JwtRefusal>(verifier_.verify(token, now));
  }

  TokenVerifier verifier_{std::string(kSecret)};
};

TEST_F(Verifier, SaysTheSameEachTime) {
  const std::string token = token_of("ann");
  for (int i = 0; i < 3; ++i) EXPECT_EQ(subject(token), "ann");
  EXPECT_EQ(subject(token_of("bob")), "bob");
  EXPECT_EQ(verifier_.kept(), 2U);
}

TEST_F(Verifier, NamesATokenByItsDigest) {
  const std::string token = token_of("ann");
  for (int i = 0; i < 2; ++i)
    EXPECT_EQ(std::get<VerifiedToken>(verifier_.verify(token, kNow)).digest, sha256(token));
}

TEST_F(Verifier, AKnownTokenExpiresAllTheSame) {
  const std::string token = token_of("ann", kNow + seconds(10));
  EXPECT_EQ(subject(token, kNow + seconds(9)), "ann");
  EXPECT_EQ(refusal(token, kNow + seconds(10)), JwtRefusal::Expired);
}

TEST_F(Verifier, AKnownTokenIsNotYetValidBeforeItsTime) {
  const std::string token =
      sign_jwt({{"sub", "ann"}, {"nbf", seconds_of(kNow)}}, std::string(kSecret));
  EXPECT_EQ(subject(token), "ann");
  EXPECT_EQ(refusal(token, kNow - seconds(1)), JwtRefusal::NotYetValid);
}

TEST_F(Verifier, RemembersNoTokenThatItRefused) {
  EXPECT_EQ(refusal(sign_jwt({{"sub", "eve"}}, "another secret")), JwtRefusal::Signature);
  EXPECT_EQ(refusal(token_of("ann", kNow)), JwtRefusal::Expired);
  EXPECT_EQ(refusal("eyJ"), JwtRefusal::Malformed);
  EXPECT_EQ(verifier_.kept(), 0U);
}

TEST_F(Verifier, OneLetterMoreIsAnotherToken) {
  const std::string token = token_of("ann");
  EXPECT_EQ(subject(token), "ann");
  EXPECT_EQ(subject(token + "A"), "refused");
  EXPECT_EQ(subject(token.substr(0, token.size() - 1)), "refused");
}

TEST(TokenVerifier, KeepsNoMoreThanItMay) {
  TokenVerifier verifier(std::string(kSecret), 64);
  for (int i = 0; i < 200; ++i) {
    const auto verified = verifier.verify(token_of(std::to_string(i)), kNow);
    EXPECT_TRUE(std::holds_alternative<VerifiedToken>(verified));
    EXPECT_LE(verifier.kept(), 64U);
  }
  EXPECT_GT(verifier.kept(), 16U);
}

TEST(TokenVerifier, ServesManyThreads) {
  TokenVerifier verifier(std::string(kSecret), 64);
  std::vector<std::string> tokens;
  for (int i = 0; i < 50; ++i) tokens.push_back(token_of(std::to_string(i)));
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (std::size_t i = 0; i < 500; ++i) {
        const auto verified = verifier.verify(tokens[i % tokens.size()], kNow);
        EXPECT_EQ(std::get<VerifiedToken>(verified).claims->at("sub").as_string(),
                  std::to_string(i % tokens.size()));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace parley::http
