// The signature of outgoing webhooks, checked by the library that receivers use.

#include "http/webhook_signature.h"

#include <gtest/gtest.h>

#include "base/json.h"
#include "support/process.h"

namespace parley::http {
namespace {

constexpr std::string_view kSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
constexpr std::string_view kBody = R"({"type":"message.created","text":"Grüße"})";

class WebhookSignature : public testing::Test {
 protected:
  std::string verdict(std::string_view secret, Timestamp signed_at, std::string_view body) {
    JsonObject headers;
    for (const auto& [name, value] : WebhookKey::parse(kSecret).headers("msg_1", signed_at, kBody))
      headers[name] = value;
    receiver_.say(to_text(JsonObject{{"secret", secret}, {"headers", headers}, {"body", body}}));
    return receiver_.hear();
  }

  SystemClock clock_;  // The library looks at the time itself.
  test::NodeScript receiver_{"verify_webhook.js"};
};

TEST_F(WebhookSignature, IsAcceptedByTheLibraryOfReceivers) {
  EXPECT_EQ(verdict(kSecret, clock_.now(), kBody), "accepted");
}

TEST_F(WebhookSignature, IsRefusedForAnotherBodyAnotherSecretOrAnotherTime) {
  EXPECT_EQ(verdict(kSecret, clock_.now(), "{}"), "No matching signature found");
  EXPECT_EQ(verdict("whsec_dGhpcyBpcyBhbm90aGVyIHNlY3JldCBrZXk=", clock_.now(), kBody),
            "No matching signature found");
  EXPECT_EQ(verdict(kSecret, clock_.now() - std::chrono::minutes(6), kBody),
            "Message timestamp too old");
}

}  // namespace
}  // namespace parley::http
