#include "ai/context_window.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace parley::ai {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<Message> history_of(int count) {
  std::vector<Message> history;
  for (int i = 1; i <= count; ++i) {
    history.push_back({i % 2 == 1 ? Role::User : Role::Assistant, std::to_string(i)});
  }
  return history;
}

std::vector<std::string> texts_of(const std::vector<Message>& messages) {
  std::vector<std::string> texts;
  for (const Message& message : messages) texts.push_back(message.content);
  return texts;
}

TEST(ContextWindow, IsTheLatestMessagesOldestFirst) {
  EXPECT_THAT(texts_of(latest(history_of(12), {.messages_max = 3})), ElementsAre("10", "11", "12"));
}

TEST(ContextWindow, KeepsTheRoles) {
  EXPECT_THAT(latest(history_of(2), {}),
              ElementsAre(Message{Role::User, "1"}, Message{Role::Assistant, "2"}));
}

TEST(ContextWindow, MayHoldLessThanItMay) {
  EXPECT_THAT(texts_of(latest(history_of(2), {})), ElementsAre("1", "2"));
  EXPECT_THAT(latest({}, {}), IsEmpty());
  EXPECT_THAT(latest(history_of(2), {.messages_max = 0}), IsEmpty());
}

TEST(ContextWindow, EndsAtTheFirstMessageThatDoesNotFit) {
  std::vector<Message> history = history_of(4);  // Five tokens each.
  EXPECT_THAT(texts_of(latest(history, {.tokens_max = 10})), ElementsAre("3", "4"));
  EXPECT_THAT(texts_of(latest(history, {.tokens_max = 14})), ElementsAre("3", "4"));
  history[2].content = std::string(1000, 'x');
  EXPECT_THAT(texts_of(latest(history, {.tokens_max = 20})), ElementsAre("4"));
  EXPECT_THAT(latest(history, {.tokens_max = 4}), IsEmpty());
}

TEST(ContextWindow, EstimatesTokens) {
  EXPECT_EQ(estimated_tokens(""), 0U);
  EXPECT_EQ(estimated_tokens("abcd"), 1U);
  EXPECT_EQ(estimated_tokens("abcde"), 2U);
  EXPECT_EQ(estimated_tokens("質問です"), 4U);
  EXPECT_EQ(estimated_tokens("Größe"), 3U);
  EXPECT_EQ(estimated_tokens(Message{Role::User, "abcd"}), 5U);
}

}  // namespace
}  // namespace parley::ai
