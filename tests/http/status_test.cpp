// PUT /sessions/{id}/status: the life cycle over HTTP. The table itself is in life_cycle_test.cpp.

#include <gmock/gmock.h>

#include "base/ids.h"
#include "http/live_agent_server.h"

namespace parley::test {
namespace {

using live_agent::Role;
using live_agent::SessionRow;
using live_agent::UserRow;

class Status : public LiveAgentTest {
 protected:
  std::string ann = server.user_token("ann@x");
  TestAgent bob = server.add_agent("Bob");
  TestAgent eve = server.add_agent("Eve");
  TestAgent sue = server.add_agent("Sue", Role::Supervisor);
  std::string id = server.open_session(ann);
  std::string path = live_agent("/sessions/" + id + "/status");

  static std::string take(const Json& agent_id) {
    return json_of({{"status", "active"}, {"assigned_agent_id", agent_id}});
  }
};

TEST_P(Status, TakingAnswersWithTheAssignee) {
  server.clock.advance(std::chrono::seconds(3));
  const JsonObject answer = server.ok(200, "PUT", path, bob.token, take(""));
  EXPECT_EQ(answer.at("session_id"), Json(json::string(id)));
  EXPECT_EQ(answer.at("status"), "active");
  EXPECT_EQ(answer.at("assigned_agent_id"), bob.id);
  EXPECT_EQ(answer.at("assigned_agent_name"), "Bob");
  EXPECT_EQ(answer.at("updated_at"), "2025-03-15T10:00:03.000000Z");
  EXPECT_EQ(answer.size(), 5U);
  EXPECT_EQ(server.session(id).updated_at, server.clock.now());
  EXPECT_EQ(server.session(id).assigned_agent_id, bob.id);
}

TEST_P(Status, AssigneeIsStoredAsANumberInWhateverFormItCame) {
  server.ok(200, "PUT", path, bob.token, take(json::string(std::to_string(eve.id))));
  EXPECT_EQ(server.session(id).assigned_agent_id, eve.id);
  EXPECT_EQ(server.session(id).assigned_agent_name, "Eve");
}

TEST_P(Status, GivenNameIsTaken) {
  server.ok(200, "PUT", path, bob.token,
            json_of({{"status", "active"}, {"assigned_agent_name", "Bobby"}}));
  EXPECT_EQ(server.session(id).assigned_agent_name, "Bobby");
}

TEST_P(Status, TakenSessionIsAConflictThatNamesTheAssignee) {
  server.set_status(bob.token, id, "active");
  play(
      server,
      {
          {"without an id",
           "PUT",
           path,
           eve.token,
           R"({"status":"active"})",
           409,
           {"already_taken", "already assigned to Bob"},
           {},
           {}},
          {"for oneself", "PUT", path, eve.token, take(""), 409, {"already_taken"}, {}, {}},
          {"with the own id", "PUT", path, eve.token, take(eve.id), 409, {"already_taken"}, {}, {}},
          {"for a third", "PUT", path, eve.token, take(sue.id), 403, {}, {}, {}},
          {"closing", "PUT", path, eve.token, R"({"status":"closed"})", 403, {}, {}, {}},
          {"releasing", "PUT", path, eve.token, R"({"status":"pending"})", 403, {}, {}, {}},
          {"the assignee again", "PUT", path, bob.token, take(""), 200, {}, {}, {}},
      });
  EXPECT_EQ(server.session(id).assigned_agent_id, bob.id);
}

TEST_P(Status, SupervisorReassigns) {
  server.set_status(bob.token, id, "active");
  server.ok(200, "PUT", path, sue.token, R"({"status":"active"})");
  EXPECT_EQ(server.session(id).assigned_agent_id, bob.id);
  server.ok(200, "PUT", path, sue.token, take(eve.id));
  EXPECT_EQ(server.session(id).assigned_agent_name, "Eve");
}

TEST_P(Status, GoesThroughTheLifeCycle) {
  for (const std::string_view status : {"active", "resolved", "active", "pending"}) {
    EXPECT_EQ(server.set_status(bob.token, id, status).at("status"), Json(json::string(status)));
  }
  EXPECT_EQ(server.session(id).assigned_agent_id, std::nullopt);
  EXPECT_EQ(server.session(id).assigned_agent_name, std::nullopt);
  server.set_status(bob.token, id, "closed");
  for (const std::string_view status : {"pending", "active", "resolved"}) {
    play(server, {{std::string(status),
                   "PUT",
                   path,
                   bob.token,
                   json_of({{"status", status}}),
                   409,
                   {"session_closed"},
                   {},
                   {}}});
  }
}

TEST_P(Status, SameStatusAgainChangesNothing) {
  server.clock.advance(std::chrono::seconds(9));
  server.set_status(bob.token, id, "active");
  server.clock.advance(std::chrono::seconds(9));
  EXPECT_EQ(server.set_status(bob.token, id, "active").at("updated_at"),
            "2025-03-15T10:00:09.000000Z");
  EXPECT_EQ(server.session(id).updated_at, server.clock.now() - std::chrono::seconds(9));
}

TEST_P(Status, EndingNeedsTheRight) {
  store::update(server.connection(), store::equals<&UserRow::id>(bob.id),
                store::set<&UserRow::agent_rights>(Json{{"can_close_sessions", false}}));
  play(server, {
                   {"close", "PUT", path, bob.token, R"({"status":"closed"})", 403, {}, {}, {}},
                   {"resolve", "PUT", path, bob.token, R"({"status":"resolved"})", 403, {}, {}, {}},
                   {"take", "PUT", path, bob.token, R"({"status":"active"})", 200, {}, {}, {}},
               });
}

TEST_P(Status, RefusesBadRequestsAndLeavesTheRow) {
  store::update(server.connection(), store::equals<&UserRow::id>(eve.id),
                store::set<&UserRow::is_active>(false));
  play(server, {
                   {"unknown word",
                    "PUT",
                    path,
                    bob.token,
                    R"({"status":"done"})",
                    422,
                    {"pending, active, resolved, closed"},
                    {},
                    {}},
                   {"no status", "PUT", path, bob.token, "{}", 422, {}, {}, {}},
                   {"inactive agent",
                    "PUT",
                    path,
                    bob.token,
                    take(eve.id),
                    422,
                    {"assigned_agent_id"},
                    {},
                    {}},
                   {"no such agent", "PUT", path, bob.token, take(987654), 422, {}, {}, {}},
                   {"id is no number", "PUT", path, bob.token, take("bob"), 422, {}, {}, {}},
                   {"long name",
                    "PUT",
                    path,
                    bob.token,
                    json_of({{"status", "active"}, {"assigned_agent_name", std::string(256, 'x')}}),
                    422,
                    {},
                    {},
                    {}},
                   {"user", "PUT", path, ann, R"({"status":"closed"})", 403, {}, {}, {}},
                   {"unknown session",
                    "PUT",
                    live_agent("/sessions/" + make_uuid() + "/status"),
                    bob.token,
                    R"({"status":"active"})",
                    404,
                    {},
                    {},
                    {}},
                   {"no UUID",
                    "PUT",
                    live_agent("/sessions/5/status"),
                    bob.token,
                    R"({"status":"active"})",
                    404,
                    {},
                    {},
                    {}},
               });
  EXPECT_EQ(server.session(id).status, "pending");
  EXPECT_EQ(server.session(id).assigned_agent_id, std::nullopt);
}

INSTANTIATE_TEST_SUITE_P(Engines, Status, testing::ValuesIn(all_engines()),
                         engine_name<testing::TestParamInfo<TestEngine>>);

TEST_P(Status, IfMatchChangesOnlyWhatTheAgentHasSeen) {
  const HttpAnswer seen = server.call("GET", live_agent("/sessions/" + id), bob.token);
  const HttpHeaders condition{{"If-Match", seen.header("ETag")}};
  EXPECT_FALSE(seen.header("ETag").empty());
  server.ok(200, "PUT", path, eve.token, take(""));
  const HttpAnswer late =
      server.call("PUT", path, sue.token, json_of({{"status", "closed"}}), condition);
  EXPECT_EQ(late.status, 412);
  EXPECT_THAT(late.body, testing::HasSubstr("assigned to Eve"));
  EXPECT_EQ(server.session(id).status, "active");
  const HttpAnswer now = server.call("GET", live_agent("/sessions/" + id), sue.token);
  EXPECT_EQ(server
                .call("PUT", path, sue.token, json_of({{"status", "closed"}}),
                      {{"If-Match", now.header("ETag")}})
                .status,
            200);
}

}  // namespace
}  // namespace parley::test
