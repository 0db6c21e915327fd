// Rows as an original backend left them: NULLs, metadata of every kind, upper-case tenants.

#include "http/live_agent_server.h"

namespace parley::test {
namespace {

using live_agent::MessageRow;
using live_agent::SessionRow;

class AdoptedRows : public LiveAgentTest {
 protected:
  std::string ann = server.user_token("ann@x");
  std::string id = "6f1b0e52-8c9e-4b1b-9d55-0a7a4e1f2c33";

  void add_session(std::optional<Json> metadata = {}) {
    store::insert(server.connection(), SessionRow{.id = id,
                                                  .tenant_domain = "shop.example",
                                                  .user_account = "ann@x",
                                                  .created_at = server.clock.now(),
                                                  .updated_at = server.clock.now(),
                                                  .metadata = std::move(metadata)});
  }
  void add_message(std::optional<Json> metadata = {}) {
    store::insert(server.connection(), MessageRow{.session_id = id,
                                                  .sender_type = "user",
                                                  .message_text = "old",
                                                  .created_at = server.clock.now(),
                                                  .message_metadata = std::move(metadata)});
  }
};

TEST_P(AdoptedRows, NullFlagsLeaveAsFalse) {
  add_session();
  add_message();
  const JsonObject list = server.ok(200, "GET", live_agent("/messages/" + id), ann);
  const Json& message = list.at("messages").at(0);
  EXPECT_EQ(message.at("read_by_user"), false);
  EXPECT_EQ(message.at("read_by_agent"), false);
  EXPECT_TRUE(message.at("sender_id").is_null());
  EXPECT_TRUE(message.at("delivered_at").is_null());
  EXPECT_TRUE(message.at("metadata").is_null());
  EXPECT_EQ(list.at("session").at("status"), "pending");
}

TEST_P(AdoptedRows, MetadataOfAnyKindLeavesAsAnObject) {
  add_session(json::array{1, 2});
  add_message(Json("plain"));
  add_message(Json(R"({"a":1})"));
  EXPECT_EQ(server.ok(200, "GET", live_agent("/sessions/" + id), ann).at("metadata"),
            (Json{{"value", {1, 2}}}));
  const JsonObject list = server.ok(200, "GET", live_agent("/messages/" + id), ann);
  EXPECT_EQ(list.at("messages").at(0).at("metadata"), (Json{{"value", "plain"}}));
  EXPECT_EQ(list.at("messages").at(1).at("metadata"), (Json{{"a", 1}}));
}

TEST_P(AdoptedRows, NullFlagsAndCountersCountAsUnread) {
  const TestAgent bob = server.add_agent("Bob");
  add_session();
  add_message();
  server.send(ann, id, "user", "new");
  EXPECT_EQ(server.session(id).unread_count_agent, 1);
  const JsonObject answer = server.ok(200, "PUT", live_agent("/sessions/" + id + "/messages/read"),
                                      bob.token, R"({"read_by":"agent"})");
  EXPECT_EQ(answer.at("data").at("messages_updated"), 2);
  EXPECT_EQ(server.session(id).unread_count_agent, 0);
}

TEST_P(AdoptedRows, SessionWithoutAStatusCanBeTaken) {
  const TestAgent bob = server.add_agent("Bob");
  add_session();
  server.set_status(bob.token, id, "active");
  EXPECT_EQ(server.session(id).assigned_agent_id, bob.id);
}

TEST_P(AdoptedRows, IdInUpperCaseIsFound) {
  add_session();
  server.ok(200, "GET", live_agent("/sessions/6F1B0E52-8C9E-4B1B-9D55-0A7A4E1F2C33"), ann);
}

INSTANTIATE_TEST_SUITE_P(Engines, AdoptedRows, testing::ValuesIn(all_engines()),
                         engine_name<testing::TestParamInfo<TestEngine>>);

}  // namespace
}  // namespace parley::test
