// POST /messages, GET /messages/{session_id}.

#include <array>

#include "base/ids.h"
#include "http/live_agent_server.h"
#include "live_agent/messages.h"

namespace parley::test {
namespace {

using live_agent::MessageRow;
using live_agent::Role;

const std::string kMessages = "/api/v1/live-agent/messages";

std::vector<std::string> texts_of(const JsonObject& holder) {
  std::vector<std::string> texts;
  for (const Json& message : holder.at("messages").as_array()) {
    texts.emplace_back(message.at("message_text").as_string());
  }
  return texts;
}

class Message : public LiveAgentTest {
 protected:
  std::string ann = server.user_token("ann@x");
  TestAgent bob = server.add_agent("Bob");
  std::string id = server.open_session(ann, "1");

  std::string body(std::string_view side, std::string_view text) const {
    return json_of({{"session_id", id}, {"sender_type", side}, {"message_text", text}});
  }
  /// Sends "2", "3"… one second apart.
  void send_up_to(int last) {
    for (int i = 2; i <= last; ++i) {
      server.clock.advance(std::chrono::seconds(1));
      server.send(ann, id, "user", std::to_string(i));
    }
  }
};

TEST_P(Message, IsAnsweredFlatWithTheTypesOfTheApp) {
  server.clock.advance(std::chrono::seconds(5));
  const JsonObject message = server.ok(201, "POST", kMessages, bob.token,
                                       json_of({{"session_id", id},
                                                {"sender_type", "agent"},
                                                {"message_text", "Hi\n😀"},
                                                {"metadata", {{"a", 1}}}}));
  EXPECT_TRUE(message.at("message_id").is_int64());
  EXPECT_EQ(message.at("session_id"), Json(json::string(id)));
  EXPECT_EQ(message.at("sender_id"), "bob@desk.example");
  EXPECT_EQ(message.at("sender_name"), "Bob");
  EXPECT_EQ(message.at("message_text"), "Hi\n😀");
  EXPECT_EQ(message.at("created_at"), "2025-03-15T10:00:05.000000Z");
  EXPECT_EQ(message.at("delivered_at"), message.at("created_at"));
  EXPECT_TRUE(message.at("read_at").is_null());
  EXPECT_EQ(message.at("read_by_agent"), true);
  EXPECT_EQ(message.at("read_by_user"), false);
  EXPECT_EQ(message.at("metadata"), (Json{{"a", 1}}));
  EXPECT_EQ(message.at("notification_sent"), false);
  EXPECT_EQ(message.size(), 13U);
  EXPECT_EQ(server.session(id).last_message_at, server.clock.now());
  EXPECT_EQ(server.session(id).unread_count_user, 1);
  EXPECT_EQ(server.session(id).unread_count_agent, 1);
}

TEST_P(Message, SenderFitsTheToken) {
  const TestAgent root = server.add_agent("Root", Role::Admin);
  play(server,
       {
           {"user as agent", "POST", kMessages, ann, body("agent", "x"), 403, {}, {}, {}},
           {"agent as user", "POST", kMessages, bob.token, body("user", "x"), 403, {}, {}, {}},
           {"admin as user",
            "POST",
            kMessages,
            root.token,
            body("user", "x"),
            201,
            {R"("sender_id":"root@desk.example")"},
            {},
            {}},
           {"nobody",
            "POST",
            kMessages,
            bob.token,
            body("robot", "x"),
            422,
            {"user, agent"},
            {},
            {}},
       });
  EXPECT_EQ(server.rows<MessageRow>().size(), 2U);
}

TEST_P(Message, OfTheUserReopensAResolvedSession) {
  server.set_status(bob.token, id, "active");
  server.set_status(bob.token, id, "resolved");
  server.send(bob.token, id, "agent", "still resolved");
  EXPECT_EQ(server.session(id).status, "resolved");
  server.send(ann, id, "user", "not yet");
  EXPECT_EQ(server.session(id).status, "active");
}

TEST_P(Message, IsRefusedByAClosedSession) {
  server.set_status(bob.token, id, "closed");
  play(server,
       {
           {"user", "POST", kMessages, ann, body("user", "x"), 409, {"session_closed"}, {}, {}},
           {"agent",
            "POST",
            kMessages,
            bob.token,
            body("agent", "x"),
            409,
            {"session_closed"},
            {},
            {}},
       });
  EXPECT_EQ(server.rows<MessageRow>().size(), 1U);
}

TEST_P(Message, RefusesBadInputAndWritesNothing) {
  const std::string limit(16000, 'x');
  play(server,
       {
           {"blank", "POST", kMessages, ann, body("user", " \t\n"), 422, {"message_text"}, {}, {}},
           {"too long", "POST", kMessages, ann, body("user", limit + "x"), 422, {"16000"}, {}, {}},
           {"number",
            "POST",
            kMessages,
            ann,
            json_of({{"session_id", id}, {"sender_type", "user"}, {"message_text", 5}}),
            422,
            {},
            {},
            {}},
           {"metadata",
            "POST",
            kMessages,
            ann,
            json_of({{"session_id", id},
                     {"sender_type", "user"},
                     {"message_text", "x"},
                     {"metadata", "{}"}}),
            422,
            {"metadata"},
            {},
            {}},
           {"NUL",
            "POST",
            kMessages,
            ann,
            body("user", std::string_view("x\0y", 3)),
            422,
            {},
            {},
            {}},
           {"nothing",
            "POST",
            kMessages,
            ann,
            "{}",
            422,
            {"session_id", "message_text", "sender_type"},
            {},
            {}},
           {"no JSON", "POST", kMessages, ann, "hello", 422, {}, {}, {}},
           {"unknown session",
            "POST",
            kMessages,
            ann,
            json_of({{"session_id", make_uuid()}, {"sender_type", "user"}, {"message_text", "x"}}),
            404,
            {},
            {},
            {}},
           {"no UUID",
            "POST",
            kMessages,
            ann,
            R"({"session_id":"5","sender_type":"user","message_text":"x"})",
            404,
            {},
            {},
            {}},
           {"other tenant",
            "POST",
            kMessages,
            server.user_token("ann@x", "other.example"),
            body("user", "x"),
            403,
            {"tenant mismatch"},
            {},
            {}},
           {"other account",
            "POST",
            kMessages,
            server.user_token("eve@x"),
            body("user", "x"),
            403,
            {},
            {"tenant"},
            {}},
       });
  EXPECT_EQ(server.rows<MessageRow>().size(), 1U);
  EXPECT_EQ(server.session(id).unread_count_agent, 1);
  server.send(ann, id, "user", limit);
}

TEST_P(Message, TimeNeverGoesBackwardsInsideASession) {
  server.clock.advance(std::chrono::seconds(30));
  server.send(ann, id, "user", "later");
  server.clock.advance(std::chrono::seconds(-60));
  EXPECT_EQ(server.send(ann, id, "user", "clock set back").at("created_at"),
            "2025-03-15T10:00:30.000000Z");
}

TEST_P(Message, FirstPageHoldsTheNewestAscending) {
  send_up_to(5);
  const std::string path = kMessages + "/" + id;
  const JsonObject first = server.ok(200, "GET", path + "?per_page=2", ann);
  EXPECT_EQ(texts_of(first), (std::vector<std::string>{"4", "5"}));
  EXPECT_EQ(first.at("total"), 5);
  EXPECT_EQ(first.at("page"), 1);
  EXPECT_EQ(first.at("per_page"), 2);
  EXPECT_EQ(first.at("session"), (Json{{"session_id", id}, {"status", "pending"}}));
  EXPECT_EQ(texts_of(server.ok(200, "GET", path + "?per_page=2&page=2", ann)),
            (std::vector<std::string>{"2", "3"}));
  EXPECT_EQ(texts_of(server.ok(200, "GET", path + "?per_page=2&page=3", ann)),
            (std::vector<std::string>{"1"}));
  EXPECT_EQ(server.ok(200, "GET", path, ann).at("per_page"), 50);
}

TEST_P(Message, ListRefusesWhatIsOutOfRange) {
  const std::string path = kMessages + "/" + id;
  play(server, {
                   {"per_page", "GET", path + "?per_page=201", ann, "", 422, {}, {}, {}},
                   {"page", "GET", path + "?page=0", ann, "", 422, {}, {}, {}},
                   {"flag", "GET", path + "?mark_as_read=maybe", ann, "", 422, {}, {}, {}},
                   {"unknown", "GET", kMessages + "/" + make_uuid(), ann, "", 404, {}, {}, {}},
                   {"no UUID", "GET", kMessages + "/5", ann, "", 404, {}, {}, {}},
                   {"other tenant",
                    "GET",
                    path,
                    server.user_token("ann@x", "other.example"),
                    "",
                    403,
                    {},
                    {},
                    {}},
               });
}

INSTANTIATE_TEST_SUITE_P(Engines, Message, testing::ValuesIn(all_engines()),
                         engine_name<testing::TestParamInfo<TestEngine>>);

TEST_P(Message, EveryMessageOfSomebodyWithoutAnAccountIsRefusedAlike) {
  const std::string session = server.open_session(server.user_token("ann@example.org"));
  std::array<live_agent::Sending, 2> sendings;
  for (live_agent::Sending& each : sendings) {
    each.identity = {.claimed_role = Role::Agent, .account = "gone@desk.example", .user_id = 999};
    each.session_id = session;
    each.message = {.message_text = "hello", .sender = live_agent::Side::Agent, .metadata = {}};
  }
  server.write([&](store::UnitOfWork& unit) {
    live_agent::Sending* const items[] = {&sendings[0], &sendings[1]};
    live_agent::send_messages(unit, items, server.clock.now());
  });
  for (const live_agent::Sending& each : sendings) {
    ASSERT_TRUE(each.error);
    EXPECT_EQ(http::problem_of(each.error).status, 401);
  }
}

}  // namespace
}  // namespace parley::test
