#include "leads/message_agents.h"

#include <gmock/gmock.h>

namespace parley::leads {
namespace {

AgentRow agent(std::int64_t id, const std::string& use_case, const Json& triggers = json::array{}) {
  return {.id = id, .use_case = use_case, .triggers = triggers, .is_active = true};
}

TEST(MessageAgents, TakeMessagesWithoutTriggersOrWithOneForThem) {
  EXPECT_TRUE(takes_messages(agent(1, "")));
  EXPECT_TRUE(takes_messages(agent(1, "", json::array{"general"})));
  EXPECT_TRUE(takes_messages(agent(1, "", json::array{"x", JsonObject{{"type", "new_lead"}}})));
  EXPECT_FALSE(takes_messages(agent(1, "", json::array{"meeting_scheduled"})));
  EXPECT_FALSE(takes_messages(
      agent(1, "", json::array{JsonObject{{"event", "new_lead"}, {"active", false}}})));
  AgentRow inactive = agent(1, "");
  inactive.is_active = false;
  EXPECT_FALSE(takes_messages(inactive));
}

TEST(MessageAgents, ComeByUseCaseAndThenByAge) {
  EXPECT_EQ(agent_for_message({agent(1, "other"), agent(2, "customer_support"),
                               agent(4, "lead_qualification"), agent(3, "lead_qualification")})
                ->id,
            3);
  EXPECT_EQ(agent_for_message({agent(1, "x"), agent(9, "general_sales")})->id, 9);
  EXPECT_EQ(agent_for_message(std::vector<AgentRow>{}), std::nullopt);
}

TEST(MessageAgents, ReadTheGoalFromWords) {
  const AgentRow any = agent(1, "appointment_booking");
  EXPECT_EQ(goal_of_message(any, "What are the COSTS?"), "provide_pricing");
  EXPECT_EQ(goal_of_message(any, "I recall nothing locally"), "book_appointment");
  EXPECT_EQ(goal_of_message(any, "price or appointment"), "provide_pricing");
  EXPECT_EQ(goal_of_message(any, "tell me"), "provide_information");
  EXPECT_EQ(goal_of_message(agent(1, "unheard of"), "Hello"), "engage_lead");
}

}  // namespace
}  // namespace parley::leads
