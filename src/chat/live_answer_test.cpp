#include "chat/live_answer.h"

#include <gtest/gtest.h>

namespace parley::chat {
namespace {

struct Heard {
  std::string text;
  int ends = 0;
  bool is_problem = false;

  AnswerListener listener() {
    return {.on_piece = [this](std::string_view piece) { text += piece; },
            .on_end =
                [this](const AnswerEnd& end) {
                  ++ends;
                  is_problem = std::holds_alternative<http::Problem>(end);
                }};
  }
};

TEST(LiveAnswer, WhoJoinsLateHearsItFromTheFirstPiece) {
  LiveAnswers answers;
  Heard first;
  Heard second;
  answers.of("a")->join(first.listener());
  answers.of("a")->add("one ");
  answers.of("a")->join(second.listener());
  answers.of("a")->add("two");
  answers.end("a", JsonObject{});
  EXPECT_EQ(first.text, "one two");
  EXPECT_EQ(second.text, "one two");
  EXPECT_EQ(first.ends, 1);
  EXPECT_EQ(second.ends, 1);
}

TEST(LiveAnswer, WhoHoldsItHearsTheEndLater) {
  LiveAnswers answers;
  Heard heard;
  const auto held = answers.of("a");
  held->add("all");
  answers.end("a", http::not_found("gone"));
  held->join(heard.listener());
  EXPECT_EQ(heard.text, "all");
  EXPECT_EQ(heard.ends, 1);
  EXPECT_TRUE(heard.is_problem);
}

TEST(LiveAnswer, OnlyTheFirstEndCounts) {
  LiveAnswer answer;
  Heard heard;
  answer.join(heard.listener());
  answer.end(JsonObject{});
  answer.end(http::not_found("gone"));
  answer.add("late");
  EXPECT_EQ(heard.ends, 1);
  EXPECT_FALSE(heard.is_problem);
  EXPECT_EQ(heard.text, "");
}

TEST(LiveAnswers, ListsThoseWhoseRunsAreStored) {
  LiveAnswers answers;
  answers.of("a");
  answers.of("b")->mark_stored();
  EXPECT_EQ(answers.stored(), std::vector<std::string>{"b"});
  answers.end("b", JsonObject{});
  EXPECT_TRUE(answers.stored().empty());
}

}  // namespace
}  // namespace parley::chat
