#include "ai/offline_model.h"

#include <gtest/gtest.h>

namespace parley::ai {
namespace {

OfflineModel echo() {
  return OfflineModel([](const Request& request) {
    if (request.messages.empty()) throw Error(ErrorCode::InvalidArgument, "nothing was asked");
    return "You said: " + request.messages.back().content;
  });
}

TEST(OfflineModel, AnswersAtOnceAndAlwaysTheSame) {
  OfflineModel model = echo();
  std::string pieces;
  for (int i = 0; i < 2; ++i) {
    pieces.clear();
    const Outcome outcome = ask_and_wait(model, {.messages = {{Role::User, "hello"}}},
                                         [&](std::string_view piece) { pieces += piece; });
    const auto& completion = std::get<Completion>(outcome);
    EXPECT_EQ(completion.content, "You said: hello");
    EXPECT_EQ(completion.content, pieces);
    EXPECT_EQ(completion.model, "fallback");
    EXPECT_EQ(completion.usage, Usage{});
    EXPECT_EQ(completion.response_time.count(), 0);
  }
}

TEST(OfflineModel, HandsOnWhyThereIsNoAnswer) {
  OfflineModel model = echo();
  EXPECT_EQ(std::get<Error>(ask_and_wait(model, {})).code(), ErrorCode::InvalidArgument);
  const Cancellation cancelled;
  cancelled.cancel();
  EXPECT_EQ(std::get<Error>(ask_and_wait(model, {}, nullptr, cancelled)).code(),
            ErrorCode::Unavailable);
}

}  // namespace
}  // namespace parley::ai
