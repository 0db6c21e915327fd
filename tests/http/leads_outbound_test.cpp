// The URLs that are told of agents' messages and of new leads.

#include "http/leads_server.h"
#include "support/scripted_server.h"

namespace parley::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const std::string kUrls = "/api/webhooks/outbound/urls";

class LeadsOutbound : public LeadsTest {
 protected:
  ScriptedServer receiver{
      [this](const ScriptedRequest&) { return http_reply(status, "application/json", "{}"); }};
  int status = 200;

  std::string url() const { return receiver.origin() + "/told"; }
  std::vector<std::string> urls() const {
    const JsonObject answer = server.get(kUrls);
    std::vector<std::string> urls;
    for (const Json& each : answer.at("urls").as_array()) urls.emplace_back(each.as_string());
    return urls;
  }
  /// Sends what is due, and returns the bodies that arrived.
  std::vector<JsonObject> told() {
    // What became of an attempt is written behind it, and only then the next of its topic is due.
    for (int i = 0; i < 20; ++i) {
      server.webhooks().work();
      server.webhooks().wait_for_attempts();
      server.write([](store::UnitOfWork&) {});
    }
    std::vector<JsonObject> bodies;
    for (const ScriptedRequest& each : receiver.requests()) bodies.push_back(each.json());
    return bodies;
  }
};

TEST_P(LeadsOutbound, UrlsAreKeptOnce) {
  EXPECT_THAT(urls(), IsEmpty());
  server.post(kUrls, {{"url", url()}});
  server.post(kUrls + "/", {{"url", url()}});
  EXPECT_THAT(urls(), ElementsAre(url()));
  server.ok(200, "DELETE", kUrls, "", json_of({{"url", url()}}));
  EXPECT_THAT(urls(), IsEmpty());
  play(server, {
                   {"no URL", "POST", kUrls, "", R"({"url": "ftp://x"})", 422, {"url"}, {}, {}},
                   {"nothing", "POST", kUrls, "", "{}", 422, {"missing"}, {}, {}},
               });
}

TEST_P(LeadsOutbound, AreToldOfEveryMessageOfAnAgent) {
  server.add_greeter("Sarah");
  server.post(kUrls, {{"url", url()}});
  server.lead_created("abc");
  server.message_received("abc", "Hello");
  const std::vector<JsonObject> bodies = told();
  ASSERT_EQ(bodies.size(), 2U);
  EXPECT_EQ(bodies[0].at("event_type"), "agent_message_sent");
  EXPECT_EQ(bodies[0].at("message_type"), "initial_message");
  EXPECT_EQ(bodies[0].at("lead_external_id"), "abc");
  EXPECT_EQ(bodies[0].at("lead_first_name"), "Maria");
  EXPECT_EQ(bodies[0].at("agent_name"), "Sarah");
  EXPECT_EQ(bodies[0].at("session_trigger_type"), "new_lead");
  EXPECT_EQ(bodies[0].size(), 25U);
  EXPECT_EQ(bodies[1].at("message_type"), "response");
  EXPECT_EQ(receiver.requests().at(0).header("User-Agent"), "Parley-Webhook/1");
}

TEST_P(LeadsOutbound, AreToldOfLeadsThatCameByTheApi) {
  server.post(kUrls, {{"url", url()}});
  server.post("/api/leads/",
              {{"email", "m@example.org"}, {"source", "website"}, {"name", "Maria"}});
  server.lead_created("abc");
  const std::vector<JsonObject> bodies = told();
  ASSERT_EQ(bodies.size(), 1U);
  EXPECT_EQ(bodies[0].at("event_type"), "lead_created");
  EXPECT_EQ(bodies[0].at("lead").at("email"), "m@example.org");
}

TEST_P(LeadsOutbound, TrialIsOneAttempt) {
  const JsonObject answer = server.post("/api/webhooks/outbound/test", {{"url", url()}});
  EXPECT_EQ(answer.at("success"), true);
  ASSERT_EQ(receiver.requests().size(), 1U);
  EXPECT_EQ(receiver.requests().at(0).json().at("event_type"), "agent_message_sent");
  status = 500;
  EXPECT_EQ(server.post("/api/webhooks/outbound/test", {{"url", url()}}).at("success"), false);
  EXPECT_EQ(receiver.requests().size(), 2U);
}

INSTANTIATE_TEST_SUITE_P(Engines, LeadsOutbound, testing::ValuesIn(all_engines()),
                         engine_name<testing::TestParamInfo<TestEngine>>);

}  // namespace
}  // namespace parley::test
