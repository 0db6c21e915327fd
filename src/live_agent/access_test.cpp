#include "live_agent/access.h"

#include <gtest/gtest.h>

namespace parley::live_agent {
namespace {

SessionRow session(std::optional<std::int64_t> assignee = {}) {
  return {.id = "s",
          .tenant_domain = "Shop.example",
          .user_account = "ann@x",
          .assigned_agent_id = assignee};
}

Caller user(std::string account, std::string tenant) {
  return {.account = std::move(account), .name = "Ann", .tenant = std::move(tenant)};
}

Caller agent(std::int64_t id, Rights rights = {}) {
  return {.role = Role::Agent, .account = "bob@x", .agent_id = id, .rights = rights};
}

TEST(AccessToSession, UserReachesOwnSessionOfOwnTenant) {
  EXPECT_EQ(access_to(session(), user("ann@x", "shop.example")), Access::Granted);
}

TEST(AccessToSession, OtherTenantIsToldBeforeOtherAccount) {
  EXPECT_EQ(access_to(session(), user("ann@x", "other.example")), Access::OtherTenant);
  EXPECT_EQ(access_to(session(), user("eve@x", "other.example")), Access::OtherTenant);
  EXPECT_EQ(access_to(session(), user("eve@x", "shop.example")), Access::Denied);
}

TEST(AccessToSession, AgentReachesOwnAndUnassigned) {
  EXPECT_EQ(access_to(session(), agent(7)), Access::Granted);
  EXPECT_EQ(access_to(session(7), agent(7)), Access::Granted);
  EXPECT_EQ(access_to(session(8), agent(7)), Access::Denied);
}

TEST(AccessToSession, ViewAllReachesEverySession) {
  EXPECT_EQ(access_to(session(8), agent(7, {.can_view_all_sessions = true})), Access::Granted);
}

TEST(RightsOfAccount, FallBackToTheRole) {
  EXPECT_EQ(rights_of(Role::Agent, std::nullopt), (Rights{.can_close_sessions = true}));
  EXPECT_FALSE(rights_of(Role::Supervisor, std::nullopt).can_manage_agents);
  EXPECT_TRUE(rights_of(Role::Supervisor, std::nullopt).can_reassign_sessions);
  EXPECT_TRUE(rights_of(Role::Admin, std::nullopt).can_manage_agents);
  EXPECT_EQ(rights_of(Role::User, std::nullopt), Rights{});
}

TEST(RightsOfAccount, PresentKeyDecidesEitherWay) {
  const Json given = {{"can_close_sessions", false}, {"can_view_all_sessions", true}};
  EXPECT_EQ(rights_of(Role::Agent, given), (Rights{.can_view_all_sessions = true}));
}

TEST(RightsOfAccount, AnythingButABooleanIsAbsent) {
  EXPECT_TRUE(rights_of(Role::Agent, Json{{"can_close_sessions", "no"}}).can_close_sessions);
  EXPECT_EQ(rights_of(Role::Agent, Json("text")), (Rights{.can_close_sessions = true}));
}

TEST(RightsOfAccount, UserGetsNoneFromKeys) {
  EXPECT_EQ(rights_of(Role::User, Json{{"can_manage_agents", true}}), Rights{});
}

TEST(TenantOfRequest, TakesTheFirstSourceThatSaysSomething) {
  EXPECT_EQ(tenant_of({"Claim.X", "header.x", "host.x", "http://origin.x"}), "claim.x");
  EXPECT_EQ(tenant_of({std::nullopt, "  Header.X ", "host.x", "http://origin.x"}), "header.x");
  EXPECT_EQ(tenant_of({" ", "", "Host.X:8000", "http://origin.x"}), "host.x");
  EXPECT_EQ(tenant_of({std::nullopt, "", "", "https://Origin.X:8443/path"}), "origin.x");
  EXPECT_EQ(tenant_of({std::nullopt, "", "", ""}), "unknown");
}

TEST(TenantOfRequest, KeepsAnAddressOfVersionSix) {
  EXPECT_EQ(tenant_of({std::nullopt, "", "[::1]:8000", ""}), "[::1]");
}

TEST(TenantOfRequest, OriginNullSaysNothing) {
  EXPECT_EQ(tenant_of({std::nullopt, "", "", "null"}), "unknown");
}

}  // namespace
}  // namespace parley::live_agent
