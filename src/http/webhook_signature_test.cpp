#include "http/webhook_signature.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/crypto.h"
#include "base/error.h"

namespace parley::http {
namespace {

using testing::ElementsAre;
using testing::Pair;

constexpr std::string_view kSecret = "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const Timestamp kNow{std::chrono::seconds(1614265330)};

// The example that the libraries of the standard are tested with.
TEST(WebhookSignature, IsThatOfTheStandard) {
  const WebhookKey key = WebhookKey::parse("whsec_" + std::string(kSecret));
  EXPECT_THAT(
      key.headers("msg_p5jXN8AQM9LWM0D4loKWxJek", kNow, R"({"test": 2432232314})"),
      ElementsAre(Pair("webhook-id", "msg_p5jXN8AQM9LWM0D4loKWxJek"),
                  Pair("webhook-timestamp", "1614265330"),
                  Pair("webhook-signature", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")));
}

TEST(WebhookSignature, TakesASecretWithoutPrefixAndWithPadding) {
  const std::string bytes = "\xff\xfe\xfd the bytes of the key, 32";
  ASSERT_GE(bytes.size(), 24U);
  const auto headers = WebhookKey::parse(base64(bytes)).headers("a", kNow, "b");
  EXPECT_EQ(headers.at(2).second, "v1," + base64(hmac_sha256(bytes, "a.1614265330.b")));
}

TEST(WebhookSignature, RefusesASecretThatIsNone) {
  for (const std::string& secret :
       {std::string(), std::string("whsec_"), std::string("whsec_c2hvcnQ="),
        "whsec_" + base64(std::string(65, 'x')), "whsec_" + std::string(32, '!')}) {
    EXPECT_THROW(WebhookKey::parse(secret), Error) << secret;
  }
}

}  // namespace
}  // namespace parley::http
