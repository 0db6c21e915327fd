// Accounts and their members: who may do what to whom, and the walls between accounts.

#include <thread>

#include "base/ids.h"
#include "http/chat_server.h"

namespace parley::test {
namespace {

using chat::MembershipRow;
using chat::Role;

class ChatAccount : public ChatTest {
 protected:
  std::string account = "/accounts/" + owner.account_id;
  Member admin = add("Adam", Role::Admin);
  Member viewer = add("Vera", Role::Viewer);

  /// A second after the one before, so that the order of the list is known.
  Member add(const std::string& name, Role role) {
    server.clock.advance(std::chrono::seconds(1));
    return server.add_member(owner, name, role);
  }

  std::string member(const Member& who) const { return account + "/members/" + who.user_id; }
};

TEST_P(ChatAccount, IsNamedByItsOwner) {
  play(server, {{"seen by all", "GET", account, viewer.token, "", 200, {"Olga Ltd"}, {}, {}},
                {"not by an admin",
                 "PATCH",
                 account,
                 admin.token,
                 R"({"name":"X"})",
                 403,
                 {"Insufficient role"},
                 {},
                 {}},
                {"by the owner",
                 "PATCH",
                 account,
                 owner.token,
                 R"({"name":"Acme"})",
                 200,
                 {R"("ok":true)", "Acme"},
                 {},
                 {}},
                {"without a name", "PATCH", account, owner.token, "{}", 422, {}, {}, {}}});
}

TEST_P(ChatAccount, HasWallsAroundIt) {
  const Member stranger = server.add_owner("Sven");
  play(server,
       {{"account",
         "GET",
         account,
         stranger.token,
         "",
         403,
         {"Not a member of this account"},
         {},
         {}},
        {"team", "GET", account + "/team_members", stranger.token, "", 403, {}, {}, {}},
        {"agents", "GET", agents(), stranger.token, "", 403, {}, {}, {}},
        {"chats", "GET", chats(), stranger.token, "", 403, {}, {}, {}},
        {"an agent through his own account",
         "GET",
         "/agents/" + stranger.account_id + "/" + agent,
         stranger.token,
         "",
         404,
         {"Agent not found"},
         {},
         {}},
        {"no such account", "GET", "/accounts/" + make_uuid(), owner.token, "", 403, {}, {}, {}}});
}

TEST_P(ChatAccount, ListsMembersAndWhoIsInvited) {
  server.ok(200, "POST", account + "/invite", owner.token,
            R"({"email":"new@acme.example","role":"viewer"})");
  const HttpAnswer team = server.call("GET", account + "/team_members", admin.token);
  ASSERT_EQ(team.status, 200);
  const Json list = team.json();
  ASSERT_EQ(list.as_array().size(), 4U);
  EXPECT_EQ(list.at(0).at("role"), "owner");
  EXPECT_EQ(list.at(0).at("status"), "active");
  EXPECT_EQ(list.at(0).at("schema_access"), Json(json::array()));
  EXPECT_TRUE(list.at(3).at("user_id").is_null());
  EXPECT_EQ(list.at(3).at("status"), "pending");
  server.clock.advance(std::chrono::days(8));
  const HttpAnswer later = server.call(
      "GET", account + "/team_members",
      server.token_with({{"iss", "parley/chat"}, {"sub", owner.user_id}, {"exp", 2e9}}));
  EXPECT_EQ(later.json().at(3).at("status"), "expired");
  EXPECT_EQ(server.call("GET", account + "/team_members", viewer.token).status, 401);
}

TEST_P(ChatAccount, InvitesOnlyWhoIsNew) {
  const std::string path = account + "/invite";
  const auto body = [](const std::string& email, const Json& agents = nullptr) {
    return json_of({{"email", email}, {"role", "MEMBER"}, {"manage_agent_ids", agents}});
  };
  play(server,
       {{"by an admin", "POST", path, admin.token, body("a@x.example"), 403, {}, {}, {}},
        {"a member", "POST", path, owner.token, body("adam@acme.example"), 400, {}, {}, {}},
        {"new", "POST", path, owner.token, body("a@x.example"), 200, {"invite_token"}, {}, {}},
        {"pending", "POST", path, owner.token, body("a@x.example"), 400, {}, {}, {}},
        {"a foreign agent",
         "POST",
         path,
         owner.token,
         body("b@x.example", {make_uuid()}),
         400,
         {},
         {},
         {}},
        {"no id", "POST", path, owner.token, body("b@x.example", {"x"}), 422, {}, {}, {}},
        {"an owner",
         "POST",
         path,
         owner.token,
         R"({"email":"b@x.example","role":"OWNER"})",
         403,
         {},
         {},
         {}},
        {"no role", "POST", path, owner.token, R"({"email":"b@x.example"})", 422, {}, {}, {}},
        {"an unknown role",
         "POST",
         path,
         owner.token,
         R"({"email":"b@x.example","role":"GOD"})",
         422,
         {},
         {},
         {}}});
}

TEST_P(ChatAccount, KeepsAnOwner) {
  play(server,
       {{"the last owner stays", "DELETE", member(owner), owner.token, "", 400, {}, {}, {}},
        {"the last owner keeps the role",
         "PUT",
         member(owner),
         owner.token,
         R"({"role":"admin"})",
         400,
         {},
         {},
         {}},
        {"nobody becomes one",
         "PUT",
         member(viewer),
         owner.token,
         R"({"role":"OWNER"})",
         403,
         {},
         {},
         {}},
        {"an admin does not touch one",
         "PUT",
         member(owner),
         admin.token,
         R"({"manage_agent_ids":[]})",
         403,
         {},
         {},
         {}},
        {"a viewer manages nobody",
         "PUT",
         member(admin),
         viewer.token,
         R"({"role":"viewer"})",
         403,
         {"Insufficient role"},
         {},
         {}},
        {"nobody", "PUT", account + "/members/" + make_uuid(), owner.token, "{}", 404, {}, {}, {}},
        {"no id",
         "PUT",
         account + "/members/x",
         owner.token,
         "{}",
         422,
         {R"("loc":["path","user_id"])"},
         {},
         {}}});
}

TEST_P(ChatAccount, RestrictsAMemberToAgents) {
  const std::string other = server.add_agent(owner, "Other");
  server.ok(200, "PUT", member(viewer), admin.token,
            json_of({{"role", "member"}, {"manage_agent_ids", {other}}}));
  play(server, {{"theirs", "GET", agents() + "/" + other, viewer.token, "", 200, {}, {}, {}},
                {"another",
                 "GET",
                 agents() + "/" + agent,
                 viewer.token,
                 "",
                 403,
                 {"You do not have access to this agent"},
                 {},
                 {}},
                {"the list",
                 "GET",
                 agents(),
                 viewer.token,
                 "",
                 200,
                 {R"("total":1)", "Other"},
                 {"Sales"},
                 {}}});
  server.ok(200, "PUT", member(viewer), admin.token, R"({"manage_agent_ids":null})");
  EXPECT_EQ(server.call("GET", agents() + "/" + agent, viewer.token).status, 200);
}

TEST_P(ChatAccount, WhoWasLetGoIsOutAtOnce) {
  server.ok(200, "DELETE", member(viewer), admin.token);
  play(server, {{"out", "GET", account, viewer.token, "", 403, {"Not a member"}, {}, {}},
                {"gone already", "DELETE", member(viewer), admin.token, "", 404, {}, {}, {}}});
  EXPECT_EQ(server.rows<MembershipRow>().size(), 2U);
}

TEST_P(ChatAccount, KeepsOneOfTwoOwnersWhoRemoveEachOther) {
  const ChatServer other(server);
  for (int round = 0; round < 5; ++round) {
    const std::string number = std::to_string(round);
    const Member one = server.add_owner("One" + number);
    const Member two = server.add_member(one, "Two" + number, Role::Owner);
    const std::string members = "/accounts/" + one.account_id + "/members/";
    std::thread first([&] { server.call("DELETE", members + two.user_id, one.token); });
    std::thread second([&] { other.call("DELETE", members + one.user_id, two.token); });
    first.join();
    second.join();
    const Member& left =
        server.call("GET", "/accounts/" + one.account_id, one.token).status == 200 ? one : two;
    const HttpAnswer team =
        server.call("GET", "/accounts/" + one.account_id + "/team_members", left.token);
    ASSERT_EQ(team.status, 200) << "nobody is left";
    EXPECT_EQ(team.json().as_array().size(), 1U);
  }
}

INSTANTIATE_TEST_SUITE_P(Engines, ChatAccount, testing::ValuesIn(all_engines()),
                         engine_name<testing::TestParamInfo<TestEngine>>);

}  // namespace
}  // namespace parley::test
