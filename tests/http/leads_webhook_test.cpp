// The platform's webhooks: leads and messages in, messages out.

#include "base/crypto.h"
#include "http/leads_server.h"
#include "leads/stored_json.h"

namespace parley::test {
namespace {

using leads::AgentSessionRow;
using leads::LeadRow;
using leads::MessageRow;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class LeadsWebhook : public LeadsTest {
 protected:
  std::string poll_path(const std::string& id, const std::string& query = {}) const {
    return "/api/webhooks/zapier/get-agent-responses/" + id + query;
  }
  std::vector<std::string> polled(const std::string& id, const std::string& query = {}) const {
    std::vector<std::string> texts;
    const JsonObject answer = server.get(poll_path(id, query));
    for (const Json& each : answer.at("messages").as_array()) {
      texts.emplace_back(each.at("content").as_string());
    }
    return texts;
  }
};

TEST_P(LeadsWebhook, LeadIsStoredWithSessionAndGreeting) {
  const auto sarah = server.add_greeter("Sarah Williams");
  const JsonObject answer = server.lead_created("abc");
  EXPECT_EQ(answer.at("success"), true);
  const LeadRow lead = server.lead(number_at(answer, "lead_id"));
  EXPECT_EQ(lead.name, "Maria Lopez");
  EXPECT_EQ(lead.first_name, "Maria");
  EXPECT_EQ(lead.last_name, "Lopez");
  EXPECT_EQ(lead.email, "abc@messaging.example");
  EXPECT_EQ(lead.phone, "+1 555 0100");
  EXPECT_EQ(lead.external_id, "abc");
  EXPECT_EQ(lead.service_requested, "Kitchen Renovation, Tiling");
  EXPECT_EQ(lead.address, "Location: 94103");
  EXPECT_EQ(lead.status, "new");
  EXPECT_EQ(lead.source, "yelp");
  const json::array notes = leads::list_in(lead.notes);
  ASSERT_EQ(notes.size(), 1U);
  EXPECT_EQ(notes[0].at("id"), 1);
  EXPECT_EQ(notes[0].at("type"), "yelp_creation");
  EXPECT_EQ(notes[0].at("author"), "system");
  EXPECT_EQ(notes[0].at("data").at("additional_info"), "The cabinets are old.");

  const AgentSessionRow session =
      server.session(answer.at("session_ids").as_array().at(0).as_int64());
  EXPECT_EQ(session.agent_id, sarah.id);
  EXPECT_EQ(session.trigger_type, "new_lead");
  EXPECT_EQ(session.session_status, "active");
  EXPECT_EQ(session.session_goal, "close_lead");
  EXPECT_EQ(session.message_count, 1);
  const std::vector<MessageRow> said = server.messages();
  ASSERT_EQ(said.size(), 1U);
  EXPECT_THAT(said[0].content, HasSubstr("Maria"));
  EXPECT_THAT(said[0].content, HasSubstr("Kitchen Renovation, Tiling"));
  EXPECT_THAT(said[0].content, HasSubstr("Sarah Williams"));
  EXPECT_EQ(said[0].sender_name, "Sarah Williams");
  EXPECT_EQ(said[0].external_platform, "yelp");
  EXPECT_EQ(said[0].external_conversation_id, "conversation-abc");
  EXPECT_EQ(said[0].model_used, "fallback");
  EXPECT_EQ(said[0].prompt_used, "fallback_greeting");
  EXPECT_EQ(said[0].response_time_ms, 0);
  EXPECT_EQ(said[0].token_usage, Json(JsonObject{}));
  EXPECT_EQ(said[0].sent_at, said[0].created_at);
  EXPECT_EQ(said[0].delivery_status, std::nullopt);
  EXPECT_EQ(said[0].message_metadata->at("is_initial_message"), true);
  EXPECT_EQ(said[0].message_metadata->at("message_type"), "greeting");
  EXPECT_EQ(server.agent(sarah.id).total_interactions, 1);
  EXPECT_THAT(server.events("lead:" + std::to_string(lead.id)),
              ElementsAre("lead.created", "session.started", "message.created"));
}

TEST_P(LeadsWebhook, LeadIsTakenInOnce) {
  server.add_greeter("Sarah");
  const JsonObject first = server.lead_created("abc");
  const JsonObject second = server.lead_created("abc", "Somebody Else");
  EXPECT_EQ(second.at("lead_id"), first.at("lead_id"));
  EXPECT_EQ(second.at("message"), "Lead abc already exists");
  EXPECT_EQ(second.at("session_ids"), Json(json::array{}));
  EXPECT_EQ(server.rows<LeadRow>().size(), 1U);
  EXPECT_EQ(server.messages().size(), 1U);
}

TEST_P(LeadsWebhook, LeadWithoutAgentIsKept) {
  const JsonObject answer = server.lead_created("abc");
  EXPECT_EQ(answer.at("session_ids"), Json(json::array{}));
  EXPECT_EQ(server.rows<LeadRow>().size(), 1U);
  EXPECT_THAT(server.messages(), IsEmpty());
}

TEST_P(LeadsWebhook, LeadNeedsLittle) {
  JsonObject lead = platform_lead("abc", "Cher");
  lead.erase("temporary_email_address");
  lead.erase("temporary_phone_number");
  lead["project"] = JsonObject{};
  const LeadRow row = server.lead(number_at(server.post(kLeadCreatedPath, lead), "lead_id"));
  EXPECT_EQ(row.name, "Cher");
  EXPECT_EQ(row.first_name, "Cher");
  EXPECT_EQ(row.last_name, std::nullopt);
  EXPECT_EQ(row.email, "");
  EXPECT_EQ(row.phone, "");
  EXPECT_EQ(row.service_requested, std::nullopt);
  EXPECT_EQ(row.address, std::nullopt);
}

TEST_P(LeadsWebhook, BadLeadsAreRefusedWhole) {
  JsonObject no_user = platform_lead("abc");
  no_user["user"] = "Maria";
  JsonObject long_name = platform_lead("abc", std::string(256, 'x'));
  JsonObject number = platform_lead("abc");
  number["id"] = 7;
  play(
      server,
      {
          {"nothing",
           "POST",
           kLeadCreatedPath,
           "",
           "{}",
           422,
           {R"({"loc":["body","conversation_id"],"msg":"conversation_id is required","type":"missing"})",
            R"(["body","project"])"},
           {},
           {}},
          {"no JSON", "POST", kLeadCreatedPath, "", "yes", 422, {"invalid_json"}, {}, {}},
          {"user no object", "POST", kLeadCreatedPath, "", to_text(no_user), 422, {"user"}, {}, {}},
          {"id no text",
           "POST",
           kLeadCreatedPath,
           "",
           to_text(number),
           422,
           {"must be a text"},
           {},
           {}},
          {"name too long",
           "POST",
           kLeadCreatedPath,
           "",
           to_text(long_name),
           422,
           {R"(["body","user","display_name"])"},
           {},
           {}},
      });
  EXPECT_THAT(server.rows<LeadRow>(), IsEmpty());
}

TEST_P(LeadsWebhook, MessageIsStoredOnceAndAnswered) {
  server.add_greeter("Sarah");
  const std::int64_t lead_id = number_at(server.lead_created("abc"), "lead_id");
  server.clock.advance(std::chrono::minutes(1));
  const JsonObject answer = server.message_received("abc", "How much would it cost?");
  EXPECT_EQ(answer.at("lead_id"), lead_id);
  const std::vector<MessageRow> messages = server.messages();
  ASSERT_EQ(messages.size(), 3U);
  EXPECT_EQ(messages[1].content, "How much would it cost?");
  EXPECT_EQ(messages[1].sender_type, "lead");
  EXPECT_EQ(messages[1].sender_name, "Maria Lopez");
  EXPECT_EQ(messages[1].agent_id, std::nullopt);
  EXPECT_EQ(messages[1].external_conversation_id, "conversation-abc");
  EXPECT_EQ(messages[1].external_platform, "yelp");
  EXPECT_EQ(messages[1].message_metadata->at("timestamp"), "2025-03-15T10:00:00+00:00");
  EXPECT_EQ(messages[1].created_at, server.clock.now());
  EXPECT_EQ(messages[2].sender_type, "agent");
  EXPECT_EQ(messages[2].prompt_used, "fallback_response");
  EXPECT_EQ(messages[2].message_metadata->at("is_response_to"), "How much would it cost?");
  EXPECT_EQ(messages[2].message_metadata->at("message_type"), "response");
  EXPECT_EQ(messages[2].external_conversation_id, "conversation-abc");
  EXPECT_GT(messages[2].created_at, messages[1].created_at);
  EXPECT_EQ(answer.at("message"), Json(json::string(messages[2].content)));
  const AgentSessionRow session = server.session(messages[1].agent_session_id);
  EXPECT_EQ(session.message_count, 3);
  EXPECT_EQ(session.last_message_from, "agent");
  EXPECT_EQ(session.last_message_at, messages[2].created_at);
}

TEST_P(LeadsWebhook, MessageOfNobodyIsRefused) {
  play(server, {
                   {"unknown lead",
                    "POST",
                    kMessageReceivedPath,
                    "",
                    to_text(platform_message("nobody", "Hello")),
                    404,
                    {"Lead not found: nobody"},
                    {},
                    {}},
                   {"empty text",
                    "POST",
                    kMessageReceivedPath,
                    "",
                    to_text(platform_message("nobody", "  ")),
                    422,
                    {R"(["body","message_content"])"},
                    {},
                    {}},
                   {"long text",
                    "POST",
                    kMessageReceivedPath,
                    "",
                    to_text(platform_message("nobody", std::string(16'001, 'x'))),
                    422,
                    {"too_long"},
                    {},
                    {}},
                   {"U+0000",
                    "POST",
                    kMessageReceivedPath,
                    "",
                    to_text(platform_message("nobody", std::string("a\0b", 3))),
                    422,
                    {"not_storable"},
                    {},
                    {}},
               });
}

TEST_P(LeadsWebhook, MessageOfTheBusinessIsTheOwners) {
  server.add_greeter("Sarah");
  server.lead_created("abc");
  const JsonObject answer = server.message_received("abc", "I will call you.", "business");
  EXPECT_THAT(text_at(answer, "message"), testing::StartsWith("Message processed for lead"));
  const MessageRow message = server.messages().back();
  EXPECT_EQ(message.sender_type, "business_owner");
  EXPECT_EQ(message.sender_name, "Business Owner");
  EXPECT_EQ(server.session(message.agent_session_id).last_message_from, "business_owner");
}

TEST_P(LeadsWebhook, PollingReturnsWhatIsToBeDelivered) {
  server.add_greeter("Sarah");
  server.lead_created("abc");
  server.clock.advance(std::chrono::seconds(1));
  server.message_received("abc", "Hello");
  server.message_received("abc", "The owner speaks", "business");
  const JsonObject answer = server.get(poll_path("abc"));
  ASSERT_EQ(answer.at("messages").as_array().size(), 3U);
  EXPECT_EQ(answer.at("lead_external_id"), "abc");
  EXPECT_EQ(answer.at("total_messages"), 3);
  const JsonObject& first = answer.at("messages").as_array().at(0).as_object();
  EXPECT_EQ(first.at("agent_name"), "Sarah");
  EXPECT_EQ(first.at("conversation_id"), "conversation-abc");
  EXPECT_EQ(first.at("created_at"), "2025-03-15T10:00:00.000000Z");
  EXPECT_EQ(first.at("metadata").at("message_type"), "greeting");
  EXPECT_EQ(server.get(poll_path("abc")).at("messages"), answer.at("messages"));

  const std::string since = text_at(first, "created_at");
  EXPECT_EQ(polled("abc", "?since_timestamp=" + since).size(), 2U);
  EXPECT_EQ(polled("abc", "?limit=1").size(), 1U);
  EXPECT_THAT(polled("abc", "?since_timestamp=2999-01-01T00:00:00Z"), IsEmpty());
}

TEST_P(LeadsWebhook, PollingGoesOnFromTheLastTimeToTheMicrosecond) {
  server.add_greeter("Sarah");
  server.lead_created("abc");
  server.clock.set(parse_timestamp("2025-03-15T10:00:01.123456Z").value());
  for (const char* text : {"1", "2", "3"}) server.message_received("abc", text);
  std::vector<std::string> seen;
  std::string query = "?limit=1";
  while (true) {
    const JsonObject page = server.get(poll_path("abc", query));
    if (page.at("messages").as_array().empty()) break;
    const JsonObject& message = page.at("messages").as_array().at(0).as_object();
    seen.push_back(text_at(message, "created_at"));
    query = "?limit=1&since_timestamp=" + seen.back();
  }
  EXPECT_THAT(seen, ElementsAre("2025-03-15T10:00:00.000000Z", "2025-03-15T10:00:01.123457Z",
                                "2025-03-15T10:00:01.123459Z", "2025-03-15T10:00:01.123461Z"));
}

TEST_P(LeadsWebhook, PollingTakesTheForeignIdFirstThenTheOwn) {
  const LeadRow first = server.add_lead("First");
  const LeadRow second = server.add_lead("Second", std::to_string(first.id));
  EXPECT_EQ(server.get(poll_path(std::to_string(first.id))).at("lead_id"), second.id);
  EXPECT_EQ(server.get(poll_path(std::to_string(second.id))).at("lead_id"), second.id);
  play(server,
       {
           {"unknown", "GET", poll_path("zzz"), "", "", 404, {"Lead not found: zzz"}, {}, {}},
           {"no time",
            "GET",
            poll_path("1", "?since_timestamp=yesterday"),
            "",
            "",
            400,
            {"Invalid timestamp format"},
            {},
            {}},
           {"limit 0",
            "GET",
            poll_path("1", "?limit=0"),
            "",
            "",
            422,
            {R"(["query","limit"])"},
            {},
            {}},
           {"limit 501", "GET", poll_path("1", "?limit=501"), "", "", 422, {"limit"}, {}, {}},
           {"zone whose plus became a blank",
            "GET",
            poll_path("1", "?since_timestamp=2025-03-15T10:00:00+02:00"),
            "",
            "",
            200,
            {},
            {},
            {}},
       });
}

TEST_P(LeadsWebhook, DeliveryIsNotedAndMayBeRepeated) {
  server.add_greeter("Sarah");
  const std::int64_t lead_id = number_at(server.lead_created("abc"), "lead_id");
  const std::int64_t id = server.messages().front().id;
  const std::string path = "/api/webhooks/zapier/mark-delivered/" + std::to_string(id);
  server.clock.advance(std::chrono::seconds(5));
  const JsonObject answer = server.ok(200, "POST", path + "?external_message_id=q-1", "",
                                      R"({"external_message_id": "b-1"})");
  EXPECT_EQ(answer.at("status"), "delivered");
  EXPECT_EQ(answer.at("external_message_id"), "q-1");
  const MessageRow first = server.messages().front();
  EXPECT_EQ(first.delivery_status, "delivered");
  EXPECT_EQ(first.message_status, "sent");
  EXPECT_EQ(first.delivered_at, server.clock.now());
  EXPECT_THAT(polled("abc"), IsEmpty());
  server.clock.advance(std::chrono::seconds(5));
  server.ok(200, "POST", path + "/", "", R"({"external_message_id": "b-2"})");
  const MessageRow again = server.messages().front();
  EXPECT_EQ(again.external_message_id, "b-2");
  EXPECT_EQ(again.delivered_at, first.delivered_at);
  EXPECT_EQ(server.events("lead:" + std::to_string(lead_id)).back(), "message.delivery");
}

TEST_P(LeadsWebhook, DeliveryOfWhatTheLeadWroteIsAConflict) {
  server.add_greeter("Sarah");
  server.lead_created("abc");
  server.message_received("abc", "Hello");
  const std::int64_t id = server.messages().at(1).id;
  play(server, {
                   {"of the lead",
                    "POST",
                    "/api/webhooks/zapier/mark-delivered/" + std::to_string(id),
                    "",
                    "",
                    409,
                    {"from_lead"},
                    {},
                    {}},
                   {"of nobody",
                    "POST",
                    "/api/webhooks/zapier/mark-delivered/4711",
                    "",
                    "",
                    404,
                    {"Message 4711 not found"},
                    {},
                    {}},
               });
}

TEST_P(LeadsWebhook, SamplesCanBeSentAsTheyAre) {
  server.add_greeter("Sarah");
  const JsonObject samples = server.get("/api/webhooks/test/yelp-sample");
  server.post(kLeadCreatedPath, samples.at("yelp_lead_sample").as_object());
  server.post(kMessageReceivedPath, samples.at("message_sample").as_object());
  EXPECT_EQ(server.messages().size(), 3U);
  const JsonObject outbound = server.get("/api/webhooks/outbound/sample-payload");
  EXPECT_EQ(outbound.at("sample_agent_message_webhook").at("event_type"), "agent_message_sent");
  EXPECT_EQ(outbound.at("sample_lead_created_webhook").at("event_type"), "lead_created");
}

TEST_P(LeadsWebhook, RepeatedWithAKeyIsStoredOnce) {
  server.add_greeter("Sarah");
  server.lead_created("abc");
  const std::string body = to_text(platform_message("abc", "Hello"));
  const HttpHeaders key{{"Idempotency-Key", "k1"}};
  const HttpAnswer first = server.call("POST", kMessageReceivedPath, "", body, key);
  const HttpAnswer second = server.call("POST", kMessageReceivedPath, "", body, key);
  EXPECT_EQ(second.body, first.body);
  EXPECT_EQ(second.header("Idempotent-Replayed"), "true");
  EXPECT_EQ(server.messages().size(), 3U);
  play(server, {{"another body",
                 "POST",
                 kMessageReceivedPath,
                 "",
                 to_text(platform_message("abc", "Bye")),
                 422,
                 {"idempotency_mismatch"},
                 {},
                 key}});
}

INSTANTIATE_TEST_SUITE_P(Engines, LeadsWebhook, testing::ValuesIn(all_engines()),
                         engine_name<testing::TestParamInfo<TestEngine>>);

class LeadsDedupe : public testing::TestWithParam<TestEngine> {
 protected:
  static leads::Settings settings() {
    leads::Settings settings = LeadsServer::default_settings();
    settings.webhooks.dedupe_identical = true;
    return settings;
  }
  LeadsServer server{GetParam(), settings()};
};

TEST_P(LeadsDedupe, IdenticalMessageIsAnsweredAlikeAndStoredOnce) {
  server.add_greeter("Sarah");
  server.lead_created("abc");
  const JsonObject first = server.message_received("abc", "Hello");
  EXPECT_EQ(server.message_received("abc", "Hello"), first);
  EXPECT_EQ(server.messages().size(), 3U);
  server.message_received("abc", "Hello?");
  EXPECT_EQ(server.messages().size(), 5U);
}

INSTANTIATE_TEST_SUITE_P(Engines, LeadsDedupe, testing::ValuesIn(all_engines()),
                         engine_name<testing::TestParamInfo<TestEngine>>);

class LeadsAccess : public testing::Test {
 protected:
  static leads::Settings closed() {
    leads::Settings settings = LeadsServer::default_settings();
    settings.api_keys = {"first key", "second key"};
    return settings;
  }
  static leads::Settings with_secret() {
    leads::Settings settings = LeadsServer::default_settings();
    settings.webhooks.secret = "secret";
    settings.webhooks.require_signature = true;
    return settings;
  }
  static HttpHeaders signed_with(const std::string& secret, const std::string& body) {
    return {{"X-Webhook-Signature", "sha256=" + to_hex(hmac_sha256(secret, body))}};
  }
};

TEST_F(LeadsAccess, NeedsAConfiguredKey) {
  const LeadsServer server(TestEngine::Sqlite, closed());
  const std::string path = "/api/messages/stats";
  play(server, {
                   {"none", "GET", path, "", "", 401, {"An API key is needed"}, {}, {}},
                   {"wrong", "GET", path, "third key", "", 401, {"not valid"}, {}, {}},
                   {"bearer", "GET", path, "first key", "", 200, {}, {}, {}},
                   {"header", "GET", path, "", "", 200, {}, {}, {{"X-API-Key", "second key"}}},
                   {"unknown path", "GET", "/api/messages/nothing", "", "", 404, {}, {}, {}},
               });
}

TEST_F(LeadsAccess, IsClosedWithoutKeysWhereOthersListen) {
  leads::Settings settings = LeadsServer::default_settings();
  settings.is_open = false;
  const LeadsServer server(TestEngine::Sqlite, settings);
  play(server, {{"none", "GET", "/api/messages/stats", "", "", 401, {}, {}, {}}});
}

TEST_F(LeadsAccess, WebhooksAreSigned) {
  const LeadsServer server(TestEngine::Sqlite, with_secret());
  const std::string body = to_text(platform_lead("abc"));
  play(
      server,
      {
          {"unsigned", "POST", kLeadCreatedPath, "", body, 401, {"not signed"}, {}, {}},
          {"wrong", "POST", kLeadCreatedPath, "", body, 401, {"wrong"}, {}, signed_with("x", body)},
          {"right", "POST", kLeadCreatedPath, "", body, 200, {}, {}, signed_with("secret", body)},
          {"other routes are not", "GET", "/api/messages/stats", "", "", 200, {}, {}, {}},
      });
}

TEST_F(LeadsAccess, CountsRequests) {
  leads::Settings settings = LeadsServer::default_settings();
  settings.requests_per_minute = 2;
  const LeadsServer server(TestEngine::Sqlite, settings);
  server.get("/api/messages/stats");
  server.get("/api/messages/stats");
  const HttpAnswer answer = server.call("GET", "/api/messages/stats", "");
  EXPECT_EQ(answer.status, 429);
  EXPECT_FALSE(answer.header("Retry-After").empty());
}

}  // namespace
}  // namespace parley::test
