#include "leads/triggers.h"

#include <gmock/gmock.h>

namespace parley::leads {
namespace {

using testing::ElementsAre;

AgentRow agent_with(std::string_view triggers, std::int64_t id = 1, std::string_view steps = "[]") {
  AgentRow agent{.id = id, .is_active = true};
  agent.triggers = parse_json(triggers);
  agent.workflow_steps = parse_json(steps);
  return agent;
}

TEST(Triggers, AreTextsOrObjects) {
  for (const char* text :
       {R"(["new_lead"])", R"([{"event":"new_lead"}])", R"([{"type":"new_lead"}])",
        R"([{"event_type":"new_lead"}])", R"([{"event":"new_lead","active":true}])",
        R"(["other", 7, null, {"x":1}, "new_lead"])"}) {
    EXPECT_EQ(fit_of(agent_with(text), {.type = "new_lead", .source = "yelp"}), Fit::Fits) << text;
  }
}

TEST(Triggers, OfUnknownFormAreIgnored) {
  EXPECT_EQ(triggers_of(agent_with(R"([7, null, "", {"x":1}, {"event":3}])")).size(), 0U);
  EXPECT_EQ(fit_of(agent_with(R"([{"x":1}])"), {.type = "new_lead", .source = {}}),
            Fit::NoTriggers);
}

TEST(Triggers, OfAnotherEventOrSwitchedOffDoNotFit) {
  const LeadEvent event{.type = "new_lead", .source = "yelp"};
  EXPECT_EQ(fit_of(agent_with("[]"), event), Fit::NoTriggers);
  EXPECT_EQ(fit_of(agent_with(R"(["website_visit"])"), event), Fit::OtherEvents);
  EXPECT_EQ(fit_of(agent_with(R"([{"event":"new_lead","active":false}])"), event),
            Fit::SwitchedOff);
  AgentRow inactive = agent_with(R"(["new_lead"])");
  inactive.is_active = false;
  EXPECT_EQ(fit_of(inactive, event), Fit::Inactive);
}

TEST(Triggers, MayBeForSomeSourcesOnly) {
  for (const char* text : {R"([{"event":"new_lead","lead_sources":["yelp","web"]}])",
                           R"([{"event":"new_lead","sources":"yelp"}])"}) {
    const AgentRow agent = agent_with(text);
    EXPECT_EQ(fit_of(agent, {.type = "new_lead", .source = "yelp"}), Fit::Fits);
    EXPECT_EQ(fit_of(agent, {.type = "new_lead", .source = "mail"}), Fit::OtherSources);
    EXPECT_EQ(fit_of(agent, {.type = "new_lead", .source = {}}), Fit::Fits);
  }
}

TEST(Triggers, GiveTheLeadToTheAgentWithMostStepsThenTheNewest) {
  std::vector<AgentRow> agents{agent_with(R"(["new_lead"])", 1),
                               agent_with(R"(["new_lead"])", 2, "[{}]"),
                               agent_with(R"(["new_lead"])", 3, "[{},{}]"),
                               agent_with(R"(["new_lead"])", 4), agent_with(R"(["other"])", 5)};
  std::vector<std::int64_t> ids;
  for (const AgentRow& each : agents_for(agents, {.type = "new_lead", .source = {}})) {
    ids.push_back(each.id);
  }
  EXPECT_THAT(ids, ElementsAre(3, 2, 4, 1));
}

TEST(Triggers, GoalComesFromTheUseCaseThenFromTheEvent) {
  AgentRow agent;
  agent.use_case = "general_sales";
  EXPECT_EQ(goal_of_event(agent, "new_lead"), "close_lead");
  agent.use_case = "follow_up";
  EXPECT_EQ(goal_of_event(agent, "new_lead"), "follow_up_lead");
  agent.use_case = "something else";
  EXPECT_EQ(goal_of_event(agent, "new_lead"), "qualify_lead");
  EXPECT_EQ(goal_of_event(agent, "website_visit"), "engage_visitor");
  agent.use_case.reset();
  EXPECT_EQ(goal_of_event(agent, "birthday"), "engage_lead");
}

}  // namespace
}  // namespace parley::leads
