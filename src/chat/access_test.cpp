#include "chat/access.h"

#include <gtest/gtest.h>

namespace parley::chat {
namespace {

const std::string kAgent = "0195992e-e07b-7000-8000-000000000001";
const std::string kOther = "0195992e-e07b-7000-8000-000000000002";

MembershipRow member(std::string role, std::optional<Json> agents = {}) {
  MembershipRow row;
  row.role = std::move(role);
  row.manage_agent_ids = std::move(agents);
  return row;
}

TEST(ChatAccess, ARestrictedMemberUsesTheListedAgentsOnly) {
  for (const char* role : {"MEMBER", "VIEWER"}) {
    const MembershipRow restricted = member(role, json::array{kAgent});
    EXPECT_TRUE(may_use(restricted, kAgent)) << role;
    EXPECT_FALSE(may_use(restricted, kOther)) << role;
  }
}

TEST(ChatAccess, NoListAndAnEmptyOneMeanAll) {
  EXPECT_TRUE(may_use(member("MEMBER"), kAgent));
  EXPECT_TRUE(may_use(member("MEMBER", json::array{}), kAgent));
  EXPECT_TRUE(may_use(member("VIEWER", Json(nullptr)), kAgent));
}

TEST(ChatAccess, OwnersAndAdminsUseAll) {
  EXPECT_TRUE(may_use(member("OWNER", json::array{kOther}), kAgent));
  EXPECT_TRUE(may_use(member("ADMIN", json::array{kOther}), kAgent));
}

TEST(ChatAccess, ListsOfAdoptedRowsMayHaveCapitals) {
  EXPECT_TRUE(
      may_use(member("MEMBER", json::array{"0195992E-E07B-7000-8000-000000000001"}), kAgent));
}

/// A list that names nothing usable restricts; it must not open everything.
TEST(ChatAccess, AListOfOtherThingsOpensNothing) {
  EXPECT_FALSE(may_use(member("MEMBER", json::array{17}), kAgent));
}

TEST(ChatAccess, AnUnknownRoleMayOnlyLook) {
  EXPECT_EQ(role_of(member("GOD")), Role::Viewer);
  EXPECT_FALSE(kEditors.contains(role_of(member("GOD"))));
}

}  // namespace
}  // namespace parley::chat
