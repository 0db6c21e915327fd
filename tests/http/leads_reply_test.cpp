// What a model is asked and what becomes of its answer; jobs that outlive their requests.

#include <future>

#include "http/leads_server.h"
#include "leads/routing.h"
#include "leads/rows.h"

namespace parley::test {
namespace {

using leads::AgentRow;
using leads::JobRow;
using leads::LeadRow;
using leads::MessageRow;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::vector<std::string> said_to(const JsonObject& request) {
  std::vector<std::string> lines;
  for (const Json& each : request.at("messages").as_array()) {
    const JsonObject& message = each.as_object();
    if (text_at(message, "role") != "system")
      lines.push_back(text_at(message, "role") + ": " + text_at(message, "content"));
  }
  return lines;
}

class LeadsReply : public LeadsModelTest {
 protected:
  AgentRow sarah = server.add_agent("Sarah");
  LeadRow lead = server.add_lead("Maria Lopez");
};

TEST_P(LeadsReply, IsTheAnswerOfTheRequest) {
  model.will(says("About 100."));
  const JsonObject answer = server.route(lead.id, "How much?");
  EXPECT_EQ(answer.at("agent_response_generated"), true);
  EXPECT_EQ(answer.at("message_count"), 2);
  const std::vector<MessageRow> messages = server.messages();
  ASSERT_EQ(messages.size(), 2U);
  EXPECT_EQ(messages[1].content, "About 100.");
  EXPECT_EQ(messages[1].model_used, FakeModelServer::kModel);
  EXPECT_EQ(messages[1].token_usage->at("total_tokens"), 16);
  EXPECT_TRUE(messages[1].response_time_ms.has_value());
  EXPECT_THAT(messages[1].prompt_used.value(), testing::StartsWith("You are Sarah."));
  EXPECT_THAT(messages[1].prompt_used.value(), testing::EndsWith("..."));
  EXPECT_EQ(answer.at("agent_response_id"), messages[1].id);
  EXPECT_THAT(server.rows<JobRow>(), IsEmpty());
  EXPECT_EQ(server.agent(sarah.id).total_interactions, 1);
}

TEST_P(LeadsReply, AsksWithTheAgentsSettings) {
  server.add_agent("Bob", [](AgentRow& agent) {
    agent.id = 0;
    agent.model = "a-model";
    agent.temperature = "0.2";
    agent.max_tokens = 77;
    agent.use_case = "general_sales";
  });
  server.write([&](store::UnitOfWork& unit) {
    store::update(unit.connection, store::equals<&AgentRow::id>(sarah.id),
                  store::set<&AgentRow::is_active>(false));
  });
  server.route(lead.id, "Hello");
  const JsonObject asked = model.asked().at(0);
  EXPECT_EQ(asked.at("model"), "a-model");
  EXPECT_DOUBLE_EQ(asked.at("temperature").to_number<double>(), 0.2);
  EXPECT_EQ(asked.at("max_tokens"), 77);
}

TEST_P(LeadsReply, KnowsTheLatestTenMessagesInTheirOrder) {
  model.respond_with([](const JsonObject& request) { return says("re " + last_message(request)); });
  for (int i = 1; i <= 8; ++i) server.route(lead.id, std::to_string(i));
  const JsonObject asked = model.asked().back();
  EXPECT_THAT(said_to(asked),
              ElementsAre("user: 3", "assistant: re 3", "user: 4", "assistant: re 4", "user: 5",
                          "assistant: re 5", "user: 6", "assistant: re 6", "user: 7",
                          "assistant: re 7", "user: 8"));
  EXPECT_EQ(asked.at("messages").at(0).at("role"), "system");
  EXPECT_THAT(std::string(asked.at("messages").at(0).at("content").as_string()),
              HasSubstr("- Lead: Maria Lopez"));
}

TEST_P(LeadsReply, TakesOwnersForTheAgentAndLeavesSystemMessagesOut) {
  model.will(says("first"));
  server.route(lead.id, "1");
  server.route(lead.id, "owner", {{"sender", "business_owner"}});
  server.write([&](store::UnitOfWork& unit) {
    MessageRow note = server.messages().at(0);
    note.sender_type = "system";
    note.content = "note";
    store::insert(unit.connection, note);
  });
  server.route(lead.id, "2");
  EXPECT_THAT(said_to(model.asked().back()),
              ElementsAre("user: 1", "assistant: first", "assistant: owner", "user: 2"));
}

TEST_P(LeadsReply, StandsInForAModelThatFails) {
  model.will(fails(400, "no such model"));
  const JsonObject answer = server.route(lead.id, "Hello");
  EXPECT_EQ(answer.at("agent_response_generated"), true);
  const MessageRow reply = server.messages().at(1);
  EXPECT_EQ(reply.model_used, "fallback");
  EXPECT_TRUE(reply.message_metadata->at("ai_error").is_string());
}

TEST_P(LeadsReply, IsAskedForAgainWhenTheModelIsBusy) {
  model.will(fails(503, "busy"));
  model.will(fails(429, "busy", "Retry-After: 0\r\n"));
  model.will(says("At last."));
  server.route(lead.id, "Hello");
  EXPECT_EQ(server.messages().at(1).content, "At last.");
}

TEST_P(LeadsReply, ThatComesTooLateIsPolled) {
  model.will(held(says("Late, but here.")));
  auto answer = std::async(std::launch::async, [this] { return server.route(lead.id, "Hello"); });
  model.server().wait_for_requests(1);
  server.clock.advance(std::chrono::seconds(26));
  const JsonObject routed = answer.get();
  EXPECT_EQ(routed.at("agent_response_generated"), false);
  EXPECT_EQ(routed.at("agent_response_skip_reason"), "reply_pending");
  EXPECT_EQ(server.messages().size(), 1U);
  model.server().release();
  EXPECT_TRUE(LeadsServer::becomes([&] { return server.messages().size() == 2; }));
  EXPECT_EQ(server.messages().at(1).content, "Late, but here.");
}

TEST_P(LeadsReply, IsNotSentIntoASessionThatAPersonTook) {
  model.will(held(says("Too late.")));
  auto answer = std::async(std::launch::async, [this] { return server.route(lead.id, "Hello"); });
  model.server().wait_for_requests(1);
  server.ok(200, "POST", "/api/messages/session/1/takeover", "");
  model.server().release();
  EXPECT_EQ(answer.get().at("agent_response_skip_reason"), "session_taken_over");
  EXPECT_EQ(server.messages().size(), 1U);
  EXPECT_THAT(server.rows<JobRow>(), IsEmpty());
}

TEST_P(LeadsReply, OfASessionComeOneAfterTheOther) {
  model.will(held(says("to 1")));
  model.will(says("to 2"));
  auto first = std::async(std::launch::async, [this] { return server.route(lead.id, "1"); });
  model.server().wait_for_requests(1);
  auto second = std::async(std::launch::async, [this] { return server.route(lead.id, "2"); });
  EXPECT_TRUE(LeadsServer::becomes([&] { return server.messages().size() == 2; }));
  EXPECT_EQ(model.count(), 1U);
  model.server().release();
  first.get();
  second.get();
  EXPECT_THAT(server.texts(), ElementsAre("1", "2", "to 1", "to 2"));
}

TEST_P(LeadsReply, OfARepeatedRequestIsGivenAgain) {
  model.will(says("Once."));
  const std::string body = json_of({{"lead_id", lead.id}, {"message", "Hello"}});
  const HttpHeaders key{{"Idempotency-Key", "k"}};
  const HttpAnswer first = server.call("POST", "/api/messages/route", "", body, key);
  const HttpAnswer second = server.call("POST", "/api/messages/route", "", body, key);
  EXPECT_EQ(first.json().at("agent_response_generated"), true);
  EXPECT_EQ(second.body, first.body);
  EXPECT_EQ(server.messages().size(), 2U);
  EXPECT_EQ(model.count(), 1U);
}

TEST_P(LeadsReply, ThatNobodyWorksOnIsTakenUp) {
  // As a process leaves it that was killed after it had stored the message.
  server.write([&](store::UnitOfWork& unit) {
    const leads::LeadRow locked = leads::lock_lead(unit.connection, lead.id).value();
    leads::route_message(unit, locked, {.content = "Hello"}, leads::Responding::ByModel,
                         server.clock.now());
  });
  EXPECT_EQ(server.rows<JobRow>().size(), 1U);
  server.clock.advance(std::chrono::seconds(11));
  EXPECT_TRUE(LeadsServer::becomes([&] { return server.rows<JobRow>().empty(); }));
  EXPECT_THAT(server.texts(), ElementsAre("Hello", "Echo: Hello"));
}

TEST_P(LeadsReply, IsWrittenOnceByTwoNodes) {
  const LeadsServer other(server);
  server.write([&](store::UnitOfWork& unit) {
    for (int i = 0; i < 10; ++i) {
      const LeadRow each{.name = "Lead", .email = "", .status = "new", .source = "website"};
      LeadRow stored = each;
      stored.id = store::insert(unit.connection, each);
      leads::route_message(unit, stored, {.content = "Hello " + std::to_string(i)},
                           leads::Responding::ByModel, server.clock.now());
    }
  });
  server.clock.advance(std::chrono::seconds(11));
  const_cast<LeadsServer&>(other).clock.advance(std::chrono::seconds(11));
  EXPECT_TRUE(LeadsServer::becomes([&] { return server.rows<JobRow>().empty(); }));
  EXPECT_EQ(server.messages().size(), 20U);
}

TEST_P(LeadsReply, GreetsByAJob) {
  server.add_greeter("Gina");
  model.will(says("Welcome, Maria!"));
  const JsonObject answer = server.lead_created("abc");
  EXPECT_EQ(answer.at("session_ids").as_array().size(), 1U);
  EXPECT_TRUE(LeadsServer::becomes([&] { return server.messages().size() == 1; }));
  const MessageRow greeting = server.messages().at(0);
  EXPECT_EQ(greeting.content, "Welcome, Maria!");
  EXPECT_EQ(greeting.message_metadata->at("is_initial_message"), true);
  EXPECT_EQ(greeting.external_conversation_id, "conversation-abc");
  EXPECT_EQ(model.asked().at(0).at("messages").as_array().size(), 2U);
}

INSTANTIATE_TEST_SUITE_P(Engines, LeadsReply, testing::ValuesIn(all_engines()),
                         engine_name<testing::TestParamInfo<TestEngine>>);

class LeadsReplyWithoutFallback : public testing::TestWithParam<TestEngine> {
 protected:
  static leads::Settings settings() {
    leads::Settings settings = LeadsServer::default_settings();
    settings.replies.fallback_on_error = false;
    settings.replies.model = "the-one";
    return settings;
  }
  FakeModelServer model;
  LeadsServer server{GetParam(), settings(), model_at(model)};
};

TEST_P(LeadsReplyWithoutFallback, FailsAndKeepsTheMessage) {
  server.add_agent("Sarah");
  const LeadRow lead = server.add_lead("Maria");
  model.will(fails(400, "no such model"));
  const JsonObject answer = server.route(lead.id, "Hello");
  EXPECT_EQ(answer.at("agent_response_generated"), false);
  EXPECT_TRUE(answer.at("agent_response_error").is_string());
  EXPECT_THAT(server.texts(), ElementsAre("Hello"));
  EXPECT_EQ(server.rows<JobRow>().at(0).state, "failed");
  EXPECT_EQ(model.asked().at(0).at("model"), "the-one");
}

INSTANTIATE_TEST_SUITE_P(Engines, LeadsReplyWithoutFallback, testing::ValuesIn(all_engines()),
                         engine_name<testing::TestParamInfo<TestEngine>>);

}  // namespace
}  // namespace parley::test
