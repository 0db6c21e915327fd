#include "live_agent/auth.h"

#include <gtest/gtest.h>

#include "http/jwt.h"

namespace parley::live_agent {
namespace {

using std::chrono::hours;

const Timestamp kNow{std::chrono::sys_days(std::chrono::January / 31 / 2025)};

Settings settings() { return {.jwt_secret = "secret of this module", .seed_admin = {}}; }

http::Request request_with(const std::string& authorization) {
  http::Request request;
  request.headers = {{"Host", "shop.example:8000"}};
  if (!authorization.empty()) request.headers.emplace_back("authorization", authorization);
  return request;
}

http::Request with_claims(const JsonObject& claims) {
  return request_with("Bearer " + http::sign_jwt(claims, settings().jwt_secret));
}

Identity authenticate(const http::Request& request, const Settings& settings, Timestamp now) {
  http::TokenVerifier tokens(settings.jwt_secret);
  return live_agent::authenticate(request, settings, tokens, now);
}

int status_of_refusal(const http::Request& request, const Settings& with = settings(),
                      Timestamp now = kNow) {
  try {
    authenticate(request, with, now);
  } catch (const http::Problem& problem) {
    return problem.status;
  }
  return 0;
}

TEST(Token, MadeHereIsAcceptedForADay) {
  const std::string token = make_token(
      settings(), {.email = "bob@x", .name = "Bob", .role = Role::Supervisor, .user_id = 7}, kNow);
  const auto request = request_with("Bearer " + token);
  const Identity identity = authenticate(request, settings(), kNow + hours(24) - hours(1));
  EXPECT_EQ(identity.account, "bob@x");
  EXPECT_EQ(identity.name, "Bob");
  EXPECT_EQ(identity.claimed_role, Role::Supervisor);
  EXPECT_EQ(identity.user_id, 7);
  EXPECT_EQ(identity.tenant, "shop.example");
  EXPECT_EQ(status_of_refusal(request, settings(), kNow + hours(24)), 401);
}

TEST(Token, NamesItsIssuer) {
  const std::string token =
      make_token(settings(), {.email = "a@x", .name = "", .user_id = {}}, kNow);
  const auto claims = http::verify_jwt(token, settings().jwt_secret, kNow);
  EXPECT_EQ(std::get<JsonObject>(claims).at("iss"), "parley/live_agent");
  EXPECT_FALSE(std::get<JsonObject>(claims).contains("uid"));
}

TEST(Token, OfAPortalNeedsNoIssuerUnlessToldSo) {
  const auto request = with_claims({{"email", "ann@x"}});
  EXPECT_EQ(status_of_refusal(request), 0);
  Settings strict = settings();
  strict.allow_missing_issuer = false;
  EXPECT_EQ(status_of_refusal(request, strict), 401);
}

TEST(Token, OfAnotherIssuerIsRefused) {
  EXPECT_EQ(status_of_refusal(with_claims({{"email", "ann@x"}, {"iss", "parley/chat"}})), 401);
  EXPECT_EQ(status_of_refusal(with_claims({{"email", "ann@x"}, {"iss", nullptr}})), 401);
}

TEST(Token, NeedsSomebodyItIsAbout) {
  EXPECT_EQ(status_of_refusal(with_claims({{"name", "Ann"}})), 401);
  EXPECT_EQ(authenticate(with_claims({{"sub", "ann"}}), settings(), kNow).account, "ann");
  EXPECT_EQ(authenticate(with_claims({{"sub", "1"}, {"email", "ann@x"}}), settings(), kNow).account,
            "ann@x");
}

TEST(Token, AbsentOrForeignIsRefused) {
  EXPECT_EQ(status_of_refusal(request_with("")), 401);
  EXPECT_EQ(status_of_refusal(request_with("Basic YTpi")), 401);
  EXPECT_EQ(status_of_refusal(request_with("Bearer x.y.z")), 401);
  EXPECT_EQ(status_of_refusal(
                request_with("Bearer " + http::sign_jwt({{"email", "ann@x"}}, "another secret"))),
            401);
}

TEST(Token, ClaimsDecideTenantAndDefaultToUser) {
  const Identity identity = authenticate(
      with_claims({{"email", "ann@x"}, {"tenant_domain", "Portal.X"}, {"role", "emperor"}}),
      settings(), kNow);
  EXPECT_EQ(identity.tenant, "portal.x");
  EXPECT_EQ(identity.claimed_role, Role::User);
  EXPECT_EQ(identity.name, "ann@x");
}

TEST(OpenAccess, IsForLoopbackWithoutATokenWhenSwitchedOn) {
  Settings open = settings();
  open.dev_open = true;
  auto request = request_with("");
  EXPECT_EQ(status_of_refusal(request, open), 401);
  request.peer_is_loopback = true;
  EXPECT_TRUE(authenticate(request, open, kNow).is_open_access);
  EXPECT_EQ(status_of_refusal(request), 401);
  auto with_token = request_with("Bearer x.y.z");
  with_token.peer_is_loopback = true;
  EXPECT_EQ(status_of_refusal(with_token, open), 401);
}

}  // namespace
}  // namespace parley::live_agent
