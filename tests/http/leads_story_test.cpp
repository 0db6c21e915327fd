// The story of source 004, end to end: a lead comes from the platform, the agent says the first
// word, both write, what was said is kept and known to the model, and the platform's bridge
// delivers it. The model's questions are asserted to the letter.

#include "http/leads_server.h"

namespace parley::test {
namespace {

using leads::MessageRow;
using testing::ElementsAre;

/// The messages of a question, `role: content`.
std::vector<std::string> asked_with(const JsonObject& request) {
  std::vector<std::string> lines;
  for (const Json& each : request.at("messages").as_array()) {
    lines.push_back(text_at(each.as_object(), "role") + ": " +
                    text_at(each.as_object(), "content"));
  }
  return lines;
}

class LeadsStory : public LeadsModelTest {
 protected:
  void add_sarah() {
    server.add_agent("Sarah Williams", [](leads::AgentRow& agent) {
      agent.prompt_template =
          "You are {{agent_name}} of {{business_name}}. <first_name/> wants <service_requested> in "
          "{{postal_code}}. They said: {{additional_info}} Budget: {{budget_range}} {not_one}";
      agent.tool_configs = JsonObject{{"business_context", JsonObject{{"name", "Fine Kitchens"}}}};
      agent.triggers = json::array{JsonObject{{"type", "new_lead"}, {"lead_sources", "yelp"}}};
    });
  }
  std::string system(int messages) const {
    return "system: You are Sarah Williams of Fine Kitchens. Maria wants Kitchen Renovation, "
           "Tiling in 94103. They said: The cabinets are old. Budget: {{budget_range}} {not_one}"
           "\n\nThis conversation:\n- Lead: Maria Lopez\n- Service: Kitchen Renovation, Tiling\n"
           "- Source: yelp\n- Goal: close_lead\n- Messages so far: " +
           std::to_string(messages) +
           "\nAnswer the lead's last message. Do not repeat what has been said.";
  }
};

TEST_P(LeadsStory, TwoWayMessagingWithAnAgentThatRemembers) {
  add_sarah();

  // 1 and 2: the lead comes, and the agent writes first.
  model.will(says("Hello Maria, what do you have in mind?"));
  const JsonObject created = server.lead_created("abc");
  EXPECT_EQ(created.at("success"), true);
  ASSERT_TRUE(LeadsServer::becomes([&] { return server.messages().size() == 1; }));
  EXPECT_THAT(asked_with(model.asked().at(0)),
              ElementsAre(system(0), "user: Write your first message to Maria."));

  // 3: both write. Every answer knows what was said before, and the new text is there once.
  server.clock.advance(std::chrono::minutes(5));
  model.will(says("White ones cost 9000."));
  EXPECT_EQ(server.message_received("abc", "White cabinets. What would they cost?").at("message"),
            "White ones cost 9000.");
  EXPECT_THAT(asked_with(model.asked().at(1)),
              ElementsAre(system(2), "assistant: Hello Maria, what do you have in mind?",
                          "user: White cabinets. What would they cost?"));
  server.clock.advance(std::chrono::minutes(5));
  model.will(says("Yes, in oak they are 9500."));
  server.message_received("abc", "And in oak?");
  EXPECT_THAT(asked_with(model.asked().at(2)),
              ElementsAre(system(4), "assistant: Hello Maria, what do you have in mind?",
                          "user: White cabinets. What would they cost?",
                          "assistant: White ones cost 9000.", "user: And in oak?"));

  // 4: all of it is kept, in order, with where it came from and what it took.
  const std::vector<MessageRow> messages = server.messages();
  EXPECT_THAT(
      server.texts(),
      ElementsAre("Hello Maria, what do you have in mind?", "White cabinets. What would they cost?",
                  "White ones cost 9000.", "And in oak?", "Yes, in oak they are 9500."));
  for (const MessageRow& each : messages) {
    EXPECT_EQ(each.external_platform, "yelp");
    EXPECT_EQ(each.external_conversation_id, "conversation-abc");
    EXPECT_EQ(each.model_used.has_value(), each.sender_type == "agent");
  }
  const JsonObject list = server.get("/api/messages/conversation/abc");
  EXPECT_EQ(list.at("messages").as_array().size(), 5U);

  // 6: the bridge takes what is to be delivered, delivers it, and says so.
  const std::string poll = "/api/webhooks/zapier/get-agent-responses/abc";
  const JsonObject polled = server.get(poll);
  ASSERT_EQ(polled.at("messages").as_array().size(), 3U);
  for (const Json& each : polled.at("messages").as_array()) {
    server.post(
        "/api/webhooks/zapier/mark-delivered/" + std::to_string(each.at("message_id").as_int64()),
        {{"external_message_id", "y-1"}});
  }
  EXPECT_EQ(server.get(poll).at("total_messages"), 0);
  EXPECT_EQ(server.messages().at(4).delivery_status, "delivered");
  EXPECT_THAT(server.events("lead:" + std::to_string(number_at(created, "lead_id"))),
              ElementsAre("lead.created", "session.started", "message.created", "message.created",
                          "message.created", "message.created", "message.created",
                          "message.delivery", "message.delivery", "message.delivery"));
}

INSTANTIATE_TEST_SUITE_P(Engines, LeadsStory, testing::ValuesIn(all_engines()),
                         engine_name<testing::TestParamInfo<TestEngine>>);

}  // namespace
}  // namespace parley::test
