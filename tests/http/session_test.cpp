// POST /sessions, GET /sessions/{id}: opening and reading a session.

#include "base/ids.h"
#include "http/live_agent_server.h"

namespace parley::test {
namespace {

using live_agent::MessageRow;
using live_agent::Role;
using live_agent::SessionRow;
using testing::HasSubstr;

const std::string kSessions = "/api/v1/live-agent/sessions";

class Session : public LiveAgentTest {
 protected:
  std::string ann = server.user_token("ann@x");
};

TEST_P(Session, OpensWithItsFirstMessageAndCounters) {
  const JsonObject opened =
      server.ok(201, "POST", kSessions, ann,
                R"({"initial_message":" Hi 😀 ","user_context":{"page":"/cart"}})");
  EXPECT_EQ(opened.at("status"), "pending");
  EXPECT_EQ(opened.at("tenant_domain"), "shop.example");
  EXPECT_EQ(opened.at("user_account"), "ann@x");
  EXPECT_EQ(opened.at("user_name"), "Ann");
  EXPECT_EQ(opened.at("created_at"), "2025-03-15T10:00:00.000000Z");
  EXPECT_TRUE(opened.at("message").is_string());
  EXPECT_TRUE(is_uuid(opened.at("session_id").as_string()));

  const SessionRow stored = server.rows<SessionRow>().at(0);
  EXPECT_EQ(stored.unread_count_agent, 1);
  EXPECT_EQ(stored.unread_count_user, 0);
  EXPECT_EQ(stored.last_message_at, server.clock.now());
  EXPECT_EQ(stored.metadata, (Json{{"page", "/cart"}}));
  const MessageRow message = server.rows<MessageRow>().at(0);
  EXPECT_EQ(message.message_text, " Hi 😀 ");
  EXPECT_EQ(message.sender_type, "user");
  EXPECT_EQ(message.sender_id, "ann@x");
  EXPECT_EQ(message.read_by_user, true);
  EXPECT_EQ(message.read_by_agent, false);
}

TEST_P(Session, IsShownFlatWithTheTypesOfTheApp) {
  const std::string id = server.open_session(ann, "  Where\n is  my order? ");
  const JsonObject session = server.ok(200, "GET", kSessions + "/" + id, ann);
  EXPECT_EQ(session.at("session_id"), Json(json::string(id)));
  EXPECT_EQ(session.at("preview"), "Where is my order?");
  EXPECT_EQ(session.at("metadata"), Json(json::object()));
  EXPECT_EQ(session.at("unread_count_agent"), 1);
  EXPECT_TRUE(session.at("assigned_agent_id").is_null());
  for (const std::string_view field : {"created_at", "updated_at", "last_message_at"}) {
    EXPECT_EQ(session.at(field), "2025-03-15T10:00:00.000000Z") << field;
  }
  EXPECT_EQ(session.size(), 14U);
}

TEST_P(Session, TenantComesFromTheHeaderWhenTheTokenNamesNone) {
  const std::string plain = server.token_with({{"sub", "ann"}});
  const HttpAnswer answer = server.call("POST", kSessions, plain, R"({"initial_message":"Hi"})",
                                        {{"X-Tenant-Domain", " Shop.Example "}});
  EXPECT_EQ(answer.status, 201);
  EXPECT_EQ(answer.json().at("tenant_domain"), "shop.example");
  EXPECT_EQ(answer.json().at("user_name"), "ann");
  server.ok(201, "POST", kSessions, plain, R"({"initial_message":"Hi"})");
  EXPECT_THAT(server.call("GET", kSessions, plain).body,
              HasSubstr("\"tenant_domain\":\"localhost\""));
}

TEST_P(Session, IsReachedByItsUserAndByAgentsOnly) {
  const std::string id = server.open_session(ann);
  const TestAgent bob = server.add_agent("Bob");
  const TestAgent eve = server.add_agent("Eve");
  const TestAgent sue = server.add_agent("Sue", Role::Supervisor);
  const std::string path = kSessions + "/" + id;
  play(server, {
                   {"other tenant",
                    "GET",
                    path,
                    server.user_token("ann@x", "other.example"),
                    "",
                    403,
                    {"Access denied: tenant mismatch"},
                    {},
                    {}},
                   {"other account",
                    "GET",
                    path,
                    server.user_token("eve@x"),
                    "",
                    403,
                    {"\"message\":\"Access denied\""},
                    {},
                    {}},
                   {"any agent while nobody has it", "GET", path, eve.token, "", 200, {}, {}, {}},
               });
  server.set_status(bob.token, id, "active");
  play(server,
       {
           {"the assignee", "GET", path, bob.token, "", 200, {}, {}, {}},
           {"a colleague", "GET", path, eve.token, "", 403, {}, {}, {}},
           {"a supervisor", "GET", path, sue.token, "", 200, {}, {}, {}},
           {"a colleague's list", "GET", kSessions, eve.token, "", 200, {"\"total\":0"}, {id}, {}},
           {"a colleague reads messages",
            "GET",
            live_agent("/messages/" + id),
            eve.token,
            "",
            403,
            {},
            {},
            {}},
           {"a colleague polls", "GET", path + "/messages", eve.token, "", 403, {}, {}, {}},
           {"a colleague writes",
            "POST",
            live_agent("/messages"),
            eve.token,
            json_of({{"session_id", id}, {"message_text", "x"}, {"sender_type", "agent"}}),
            403,
            {},
            {},
            {}},
           {"a colleague marks",
            "PUT",
            path + "/messages/read",
            eve.token,
            R"({"read_by":"agent"})",
            403,
            {},
            {},
            {}},
           {"unknown",
            "GET",
            kSessions + "/" + make_uuid(),
            ann,
            "",
            404,
            {"Session not found"},
            {},
            {}},
           {"no UUID", "GET", kSessions + "/17", ann, "", 404, {}, {}, {}},
       });
}

TEST_P(Session, RefusesWhatCannotBeStoredAndWritesNothing) {
  const std::string long_name(256, 'n');
  play(server,
       {
           {"blank",
            "POST",
            kSessions,
            ann,
            R"({"initial_message":" \n\u00a0"})",
            422,
            {"initial_message"},
            {},
            {}},
           {"absent", "POST", kSessions, ann, "{}", 422, {"required"}, {}, {}},
           {"context is no object",
            "POST",
            kSessions,
            ann,
            R"({"initial_message":"x","user_context":[1]})",
            422,
            {"user_context"},
            {},
            {}},
           {"NUL", "POST", kSessions, ann, R"({"initial_message":"x\u0000"})", 422, {}, {}, {}},
           {"NUL in the context",
            "POST",
            kSessions,
            ann,
            R"({"initial_message":"x","user_context":{"a":"\u0000"}})",
            422,
            {},
            {},
            {}},
           {"broken UTF-8",
            "POST",
            kSessions,
            ann,
            "{\"initial_message\":\"\xc3\x28\"}",
            422,
            {},
            {},
            {}},
           {"long text",
            "POST",
            kSessions,
            ann,
            json_of({{"initial_message", std::string(16001, 'x')}}),
            422,
            {"16000"},
            {},
            {}},
           {"long name",
            "POST",
            kSessions,
            server.token_with({{"sub", "ann"}, {"name", long_name}}),
            R"({"initial_message":"x"})",
            422,
            {"user_name"},
            {},
            {}},
           {"long tenant",
            "POST",
            kSessions,
            server.token_with({{"sub", "ann"}}),
            R"({"initial_message":"x"})",
            422,
            {"tenant_domain"},
            {},
            {{"X-Tenant-Domain", long_name}}},
           {"no token", "POST", kSessions, "", R"({"initial_message":"x"})", 401, {}, {}, {}},
       });
  EXPECT_TRUE(server.rows<SessionRow>().empty());
  EXPECT_TRUE(server.rows<MessageRow>().empty());
}

TEST_P(Session, NeedsNoContentType) {
  EXPECT_EQ(server
                .call("POST", kSessions, ann, R"({"initial_message":"x","unknown":1})",
                      {{"Content-Type", "text/plain"}})
                .status,
            201);
}

INSTANTIATE_TEST_SUITE_P(Engines, Session, testing::ValuesIn(all_engines()),
                         engine_name<testing::TestParamInfo<TestEngine>>);

}  // namespace
}  // namespace parley::test
