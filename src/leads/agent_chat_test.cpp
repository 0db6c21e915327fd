#include "leads/agent_chat.h"

#include <gmock/gmock.h>

namespace parley::leads {
namespace {

using testing::ElementsAre;

TEST(AgentChat, AsksWithPromptHistoryAndMessage) {
  AgentRow agent{.name = "Sarah", .prompt_template = "You are {{agent_name}}. {{first_name}}"};
  agent.model = "big";
  agent.temperature = "0.3";
  agent.max_tokens = 50;
  const ChatRequest chat{.message = "hello",
                         .history = {{ai::Role::User, "hi"}, {ai::Role::Assistant, "ho"}},
                         .model = {},
                         .temperature = {},
                         .max_tokens = {}};
  const ai::Request question = chat_question(agent, chat, "");
  EXPECT_EQ(question.model, "big");
  EXPECT_EQ(question.temperature, 0.3);
  EXPECT_EQ(question.max_tokens, 50);
  EXPECT_THAT(question.messages,
              ElementsAre(ai::Message{ai::Role::System, "You are Sarah. {{first_name}}"},
                          ai::Message{ai::Role::User, "hi"}, ai::Message{ai::Role::Assistant, "ho"},
                          ai::Message{ai::Role::User, "hello"}));
  EXPECT_EQ(chat_question(agent, chat, "configured").model, "configured");
}

TEST(AgentChat, RequestWinsOverTheAgent) {
  AgentRow agent;
  agent.model = "big";
  const ChatRequest chat{
      .message = "x", .history = {}, .model = "small", .temperature = 1.5, .max_tokens = 7};
  const ai::Request question = chat_question(agent, chat, "configured");
  EXPECT_EQ(question.model, "small");
  EXPECT_EQ(question.temperature, 1.5);
  EXPECT_EQ(question.max_tokens, 7);
}

TEST(AgentChat, FindsTheObjectInWordsAndFences) {
  EXPECT_EQ(object_said(R"(Sure: ```json {"a":{"b":1}} ```)"),
            (JsonObject{{"a", JsonObject{{"b", 1}}}}));
  EXPECT_EQ(object_said("{\"a\":"), std::nullopt);
  EXPECT_EQ(object_said("} {"), std::nullopt);
  EXPECT_EQ(object_said("nothing"), std::nullopt);
}

TEST(AgentChat, OutcomesBecomeAnswers) {
  const ai::Completion said{.content = "hello",
                            .model = "m",
                            .finish_reason = "stop",
                            .usage = ai::Usage{1, 2, 3},
                            .response_time = std::chrono::milliseconds(1500)};
  EXPECT_EQ(chat_json(said).at("response"), "hello");
  EXPECT_EQ(chat_json(said).at("usage").at("total_tokens"), 3);
  EXPECT_EQ(trial_json(said).at("processing_time"), 1.5);
  EXPECT_EQ(chat_json(no_model()).at("success"), false);
  EXPECT_EQ(chat_json(no_model()).at("error"), json::string(kNoModel));
  EXPECT_EQ(chat_json(no_model()).at("usage"), JsonObject{});
  EXPECT_EQ(scenario_json(said, "d").at("success"), false);
}

}  // namespace
}  // namespace parley::leads
