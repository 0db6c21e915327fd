// Mails handed over to a receiver on this machine.

#include "chat/mailer.h"

#include <gmock/gmock.h>

#include <atomic>

#include "base/error.h"
#include "support/scripted_server.h"

namespace parley::chat {
namespace {

using test::http_reply;
using test::ScriptedRequest;
using test::ScriptedServer;

const std::string kSecret = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5";

class MailerTest : public testing::Test {
 protected:
  SystemClock clock;
  std::atomic<int> refusals{0};  ///< How many mails its receiver does not take.
  ScriptedServer receiver{[this](const ScriptedRequest&) {
    return http_reply(refusals-- > 0 ? 503 : 204, "text/plain", "");
  }};
  Mailer mailer{MailerSettings{.url = receiver.origin() + "/mails", .secret = kSecret}, clock};
};

TEST_F(MailerTest, HandsOverWhatTheMailIsMadeFrom) {
  mailer.send({.kind = Mail::Kind::PasswordReset, .email = "ada@x.example", .token = "secret"});
  ASSERT_EQ(receiver.wait_for_requests(1), 1U);
  const ScriptedRequest request = receiver.requests().at(0);
  EXPECT_EQ(request.method + " " + request.target, "POST /mails");
  EXPECT_EQ(
      request.json(),
      (JsonObject{{"kind", "password_reset"}, {"email", "ada@x.example"}, {"token", "secret"}}));
  EXPECT_THAT(request.header("webhook-signature"), testing::StartsWith("v1,"));
}

TEST_F(MailerTest, TriesAgainWhatWasNotTaken) {
  refusals = 1;
  mailer.send({.kind = Mail::Kind::Verification, .email = "ada@x.example", .token = "secret"});
  ASSERT_EQ(receiver.wait_for_requests(2), 2U);
  const auto requests = receiver.requests();
  EXPECT_EQ(requests[0].header("webhook-id"), requests[1].header("webhook-id"));
  EXPECT_EQ(requests[0].body, requests[1].body);
  // Receivers refuse what was signed long ago.
  EXPECT_LT(requests[0].header("webhook-timestamp"), requests[1].header("webhook-timestamp"));
}

TEST_F(MailerTest, EndsWhileAMailWaits) {
  refusals = 1;
  mailer.send({.kind = Mail::Kind::Verification, .email = "ada@x.example", .token = "secret"});
  EXPECT_EQ(receiver.wait_for_requests(1), 1U);
}

TEST(Mailer, SaysWhichUrlItCannotUse) {
  const SystemClock clock;
  try {
    const Mailer mailer(MailerSettings{.url = "mails", .secret = kSecret}, clock);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::InvalidConfiguration);
    EXPECT_THAT(error.what(), testing::HasSubstr("chat.mailer.url"));
  }
}

TEST(Mailer, IsOffWithoutSettings) {
  const SystemClock clock;
  Mailer mailer(std::nullopt, clock);
  EXPECT_FALSE(mailer.is_on());
  mailer.send({.kind = Mail::Kind::Verification, .email = "ada@x.example", .token = "secret"});
}

}  // namespace
}  // namespace parley::chat
