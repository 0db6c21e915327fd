#include "ai/openai_model.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>

#include "support/errors.h"
#include "support/fake_model_server.h"

namespace parley::ai {
namespace {

using namespace std::chrono_literals;
using test::breaks_off_after;
using test::fails;
using test::held;
using test::says;
using test::says_in_pieces;
using test::says_raw;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

/// The pieces of an answer, as they come.
class Pieces {
 public:
  OnDelta taker() {
    return [this](std::string_view piece) {
      const std::lock_guard lock(mutex_);
      pieces_.emplace_back(piece);
    };
  }
  std::vector<std::string> all() const {
    const std::lock_guard lock(mutex_);
    return pieces_;
  }

 private:
  mutable std::mutex mutex_;
  std::vector<std::string> pieces_;
};

class OpenAiModelOfServer : public testing::Test {
 protected:
  OpenAiModelOfServer() {
    settings_.base_url = server_.base_url();
    settings_.api_key = "sk-secret";
    settings_.model = "house-model";
    settings_.retry_pause = 1ms;
    settings_.timeout = 5s;
  }

  Outcome ask(Request request = question(), OnDelta on_delta = nullptr,
              Cancellation cancellation = {}) {
    OpenAiModel model(client_, clock_, settings_);
    return ask_and_wait(model, std::move(request), std::move(on_delta), std::move(cancellation));
  }
  Outcome stream(OnDelta on_delta) { return ask(question(), std::move(on_delta)); }

  static Request question() {
    return {.messages = {{Role::System, "Be brief."}, {Role::User, "Why?"}}};
  }
  static Completion completion_of(const Outcome& outcome) {
    if (const auto* completion = std::get_if<Completion>(&outcome)) return *completion;
    ADD_FAILURE() << std::get<Error>(outcome).what();
    return {};
  }
  static Error error_of(const Outcome& outcome) {
    if (const auto* error = std::get_if<Error>(&outcome)) return *error;
    ADD_FAILURE() << "it said " << std::get<Completion>(outcome).content;
    return {ErrorCode::Internal, ""};
  }

  test::FakeModelServer server_;
  ManualClock clock_{*parse_timestamp("2026-01-01 00:00:00")};
  Settings settings_;
  http::Client client_;
};

TEST_F(OpenAiModelOfServer, SendsTheConversation) {
  server_.will(says("Because."));
  EXPECT_EQ(completion_of(ask()).content, "Because.");
  const auto requests = server_.server().requests();
  ASSERT_EQ(requests.size(), 1U);
  EXPECT_EQ(requests[0].target, "/v1/chat/completions");
  EXPECT_EQ(requests[0].header("Authorization"), "Bearer sk-secret");
  EXPECT_EQ(requests[0].header("Content-Type"), "application/json");
  EXPECT_EQ(Json(requests[0].json()), parse_json(R"({"model":"house-model","temperature":0E0,
      "messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"Why?"}]})"));
}

TEST_F(OpenAiModelOfServer, PrefersWhatTheRequestNames) {
  settings_.base_url += "//";
  Request request = question();
  request.model = "other";
  request.api_key = "sk-other";
  request.temperature = 0.5;
  request.max_tokens = 100;
  completion_of(ask(request));
  const auto asked = server_.server().requests().at(0);
  EXPECT_EQ(asked.header("Authorization"), "Bearer sk-other");
  EXPECT_EQ(asked.json().at("model"), "other");
  EXPECT_EQ(asked.json().at("temperature"), 0.5);
  EXPECT_EQ(asked.json().at("max_tokens"), 100);
}

TEST_F(OpenAiModelOfServer, NeedsNoKey) {
  settings_.api_key = "";
  completion_of(ask());
  EXPECT_EQ(server_.server().requests().at(0).header("Authorization"), "");
}

TEST_F(OpenAiModelOfServer, TellsModelUsageAndTime) {
  server_.respond_with([this](const JsonObject&) {
    clock_.advance(250ms);
    return says("Yes.");
  });
  const Completion completion = completion_of(ask());
  EXPECT_EQ(completion.model, test::FakeModelServer::kModel);
  EXPECT_EQ(completion.finish_reason, "stop");
  EXPECT_EQ(completion.usage, (Usage{11, 5, 16}));
  EXPECT_EQ(completion.response_time, 250ms);
}

TEST_F(OpenAiModelOfServer, DoesWithoutUsage) {
  server_.will(test::says_without_usage("Yes."));
  server_.will(test::says_without_usage("Yes."));
  EXPECT_EQ(completion_of(ask()).usage, std::nullopt);
  EXPECT_EQ(completion_of(stream([](std::string_view) {})).usage, std::nullopt);
}

TEST_F(OpenAiModelOfServer, StreamsTheAnswer) {
  server_.will(says_in_pieces({"Be", "cau", "se."}));
  Pieces pieces;
  const Completion completion = completion_of(stream(pieces.taker()));
  EXPECT_THAT(pieces.all(), ElementsAre("Be", "cau", "se."));
  EXPECT_EQ(completion.content, "Because.");
  EXPECT_EQ(completion.usage, (Usage{11, 5, 16}));
  const JsonObject asked = server_.asked().at(0);
  EXPECT_EQ(asked.at("stream"), true);
  EXPECT_EQ(asked.at("stream_options").at("include_usage"), true);
}

TEST_F(OpenAiModelOfServer, HandsAPieceOnBeforeTheNextIsThere) {
  test::ModelReply reply = says_in_pieces({"one", "two"});
  reply.held_before = 1;
  server_.will(reply);
  const auto first = std::make_shared<std::promise<void>>();
  auto outcome = std::async(std::launch::async, [&] {
    return stream([first, is_first = true](std::string_view) mutable {
      if (std::exchange(is_first, false)) first->set_value();
    });
  });
  first->get_future().wait();
  server_.server().release();
  EXPECT_EQ(completion_of(outcome.get()).content, "onetwo");
}

TEST_F(OpenAiModelOfServer, UnderstandsAServerThatDoesNotStream) {
  server_.will(says_raw(R"({"choices":[{"message":{"content":"whole"}}]})"));
  Pieces pieces;
  const Completion completion = completion_of(stream(pieces.taker()));
  EXPECT_EQ(completion.content, "whole");
  EXPECT_EQ(completion.model, "house-model");
  EXPECT_THAT(pieces.all(), ElementsAre("whole"));
}

TEST_F(OpenAiModelOfServer, UnderstandsAStreamWithoutItsLastEvent) {
  server_.will(
      says_raw("data: {\"choices\":[{\"delta\":{\"content\":\"x\"},"
               "\"finish_reason\":\"stop\"}]}\n\n"));
  EXPECT_EQ(completion_of(stream([](std::string_view) {})).content, "x");
}

TEST_F(OpenAiModelOfServer, ComesAgainTwiceWhenTheServerIsBusy) {
  server_.will(fails(429, "slow down"));
  server_.will(fails(503, "overloaded"));
  server_.will(says("Now."));
  EXPECT_EQ(completion_of(ask()).content, "Now.");
  EXPECT_EQ(server_.count(), 3U);
}

TEST_F(OpenAiModelOfServer, StreamsAlsoWhenItHadToComeAgain) {
  server_.will(fails(500, "oops"));
  server_.will(says_in_pieces({"N", "ow."}));
  Pieces pieces;
  EXPECT_EQ(completion_of(stream(pieces.taker())).content, "Now.");
  EXPECT_THAT(pieces.all(), ElementsAre("N", "ow."));
}

TEST_F(OpenAiModelOfServer, GivesUpAfterTheLastTry) {
  for (int i = 0; i < 3; ++i) server_.will(fails(503, "overloaded"));
  const Error error = error_of(ask());
  EXPECT_EQ(error.code(), ErrorCode::Unavailable);
  EXPECT_STREQ(error.what(), "The model's server failed (status 503): overloaded");
  EXPECT_EQ(server_.count(), 3U);
}

TEST_F(OpenAiModelOfServer, WaitsAsLongAsTheServerWants) {
  server_.will(fails(429, "slow down", "Retry-After: 1\r\n"));
  server_.will(says("Now."));
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(completion_of(ask()).content, "Now.");
  EXPECT_GE(std::chrono::steady_clock::now() - start, 1s);
}

TEST_F(OpenAiModelOfServer, DoesNotWaitLongerThanItMay) {
  server_.will(fails(429, "no more today", "Retry-After: 3600\r\n"));
  const Error error = error_of(ask());
  EXPECT_EQ(error.code(), ErrorCode::TooManyRequests);
  EXPECT_THAT(error.what(), HasSubstr("no more today"));
  EXPECT_EQ(server_.count(), 1U);
}

TEST_F(OpenAiModelOfServer, SaysThatTheKeyIsRefused) {
  server_.will(fails(401, "Incorrect API key provided: sk-sec***"));
  const Error error = error_of(ask());
  EXPECT_EQ(error.code(), ErrorCode::PermissionDenied);
  EXPECT_THAT(error.what(), HasSubstr("refuses the key"));
  EXPECT_THAT(error.what(), Not(HasSubstr("sk-")));
  EXPECT_EQ(server_.count(), 1U);
}

TEST_F(OpenAiModelOfServer, SaysWhyTheRequestIsRefused) {
  server_.will(fails(400, "no such model"));
  const Error error = error_of(ask());
  EXPECT_EQ(error.code(), ErrorCode::InvalidArgument);
  EXPECT_THAT(error.what(), HasSubstr("no such model"));
}

TEST_F(OpenAiModelOfServer, SaysThatNobodyIsThere) {
  settings_.base_url = "http://127.0.0.1:1/v1";
  EXPECT_EQ(error_of(ask()).code(), ErrorCode::CannotConnect);
}

TEST_F(OpenAiModelOfServer, SaysThatTheAnswerBrokeOff) {
  server_.will(breaks_off_after({"Be", "cau"}));
  Pieces pieces;
  EXPECT_EQ(error_of(stream(pieces.taker())).code(), ErrorCode::ConnectionLost);
  EXPECT_THAT(pieces.all(), ElementsAre("Be", "cau"));
  server_.will(breaks_off_after({"Because."}));
  EXPECT_EQ(error_of(ask()).code(), ErrorCode::ConnectionLost);
}

TEST_F(OpenAiModelOfServer, SaysThatAStreamEndedWithoutItsEnd) {
  server_.will(says_raw("data: {\"choices\":[{\"delta\":{\"content\":\"x\"}}]}\n\n"));
  const Error error = error_of(stream([](std::string_view) {}));
  EXPECT_EQ(error.code(), ErrorCode::ConnectionLost);
  EXPECT_STREQ(error.what(), "The model's answer broke off");
}

TEST_F(OpenAiModelOfServer, SaysThatAnAnswerMakesNoSense) {
  for (const std::string body :
       {"<html>", "[]", "{}", R"({"choices":[]})", R"({"choices":[{"message":{"content":null}}]})",
        R"({"choices":[{"message":{"content":" \n"}}]})"}) {
    server_.will(says_raw(body));
    EXPECT_EQ(error_of(ask()).code(), ErrorCode::Unavailable) << body;
    server_.will(says_raw(body));
    EXPECT_EQ(error_of(stream([](std::string_view) {})).code(), ErrorCode::Unavailable) << body;
  }
}

TEST_F(OpenAiModelOfServer, SaysWhatAStreamSaysOfAnError) {
  server_.will(says_raw("data: {\"error\":{\"message\":\"out of memory\"}}\n\n"));
  EXPECT_THAT(error_of(stream([](std::string_view) {})).what(), HasSubstr("out of memory"));
  server_.will(says_raw("data: nonsense\n\n"));
  EXPECT_EQ(error_of(stream([](std::string_view) {})).code(), ErrorCode::Unavailable);
}

TEST_F(OpenAiModelOfServer, GivesUpInTime) {
  settings_.timeout = 30ms;
  server_.will(held(says("late")));
  EXPECT_EQ(error_of(ask()).code(), ErrorCode::Unavailable);
  EXPECT_EQ(server_.count(), 1U);
}

TEST_F(OpenAiModelOfServer, StopsWhenItIsCancelled) {
  server_.will(held(says("late")));
  const Cancellation cancellation;
  auto outcome =
      std::async(std::launch::async, [&] { return ask(question(), nullptr, cancellation); });
  ASSERT_EQ(server_.server().wait_for_requests(1), 1U);
  cancellation.cancel();
  EXPECT_THAT(error_of(outcome.get()).what(), HasSubstr("cancelled"));
  EXPECT_EQ(server_.server().wait_for_leavers(1), 1U);
}

TEST_F(OpenAiModelOfServer, StopsWhileItWaitsForTheNextTry) {
  settings_.retry_pause = 1h;
  settings_.retry_pause_max = 2h;
  server_.will(fails(503, "overloaded"));
  const Cancellation cancellation;
  auto outcome =
      std::async(std::launch::async, [&] { return ask(question(), nullptr, cancellation); });
  ASSERT_EQ(server_.server().wait_for_requests(1), 1U);
  cancellation.cancel();
  EXPECT_THAT(error_of(outcome.get()).what(), HasSubstr("cancelled"));
}

TEST_F(OpenAiModelOfServer, RefusesWhatCannotBeAsked) {
  settings_.model = "";
  EXPECT_EQ(error_of(ask()).code(), ErrorCode::InvalidConfiguration);
  settings_.model = "m";
  settings_.api_key = "two\nlines";
  EXPECT_EQ(error_of(ask()).code(), ErrorCode::PermissionDenied);
  settings_.base_url = "model.example.org";
  EXPECT_EQ(test::code_of([&] { ask(); }), ErrorCode::InvalidConfiguration);
  EXPECT_THAT(server_.asked(), IsEmpty());
}

TEST_F(OpenAiModelOfServer, LeavesOutWhatNoDatabaseKeeps) {
  server_.will(says_raw(R"({"choices":[{"message":{"content":"a\u0000b"}}]})"));
  EXPECT_EQ(completion_of(ask()).content, "ab");
}

}  // namespace
}  // namespace parley::ai
