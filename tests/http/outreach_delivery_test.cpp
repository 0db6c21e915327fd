// Deliveries: followed by the id of the provider, tried again, and counted.

#include "base/crypto.h"
#include "http/sending_server.h"

namespace parley::test {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

constexpr const char* kSecret = "callback secret";

outreach::Settings with_source() {
  outreach::Settings settings = SendingServer::with_channels({});
  settings.sending.callbacks["meta"] = {.secret = kSecret, .verify_token = ""};
  return settings;
}

class DeliveryTest : public testing::TestWithParam<TestEngine> {
 protected:
  SendingServer server{GetParam(), with_source()};

  JsonObject report(const std::string& id, const std::string& user = "ann") {
    const HttpAnswer answer =
        server.call_as(user, "POST", outreach_path("/deliveries"),
                       json_of({{"message_id", id}, {"phone_number", "+4930123"}}));
    EXPECT_EQ(answer.status, 201) << answer.body;
    return answer.json().as_object();
  }
  void tell(const std::string& id, const std::string& status, int time, json::array errors = {}) {
    const std::string body = json_of(
        {{"statuses",
          {{{"id", id}, {"status", status}, {"timestamp", time}, {"errors", std::move(errors)}}}}});
    const HttpAnswer answer =
        server.call("POST", outreach_path("/webhooks/status/meta"), "", body,
                    {{"X-Hub-Signature-256", to_hex(hmac_sha256(kSecret, body))}});
    EXPECT_EQ(answer.status, 200) << answer.body;
  }
  JsonObject delivery(const std::string& id) {
    return server.ok(200, "GET", outreach_path("/deliveries/" + id));
  }
  int retry(const std::string& id) {
    return server.call_as("ann", "POST", outreach_path("/deliveries/" + id + "/retry")).status;
  }
};
INSTANTIATE_TEST_SUITE_P(Engines, DeliveryTest, testing::ValuesIn(all_engines()),
                         engine_name<testing::TestParamInfo<TestEngine>>);

TEST_P(DeliveryTest, IsFollowedFromItsReport) {
  EXPECT_EQ(report("w1").at("status"), "queued");
  tell("w1", "sent", 1742032800);
  tell("w1", "delivered", 1742032805);
  const JsonObject row = delivery("w1");
  EXPECT_EQ(row.at("status"), "delivered");
  EXPECT_EQ(row.at("sent_at"), "2025-03-15T10:00:00.000000Z");
  EXPECT_EQ(row.at("delivered_at"), "2025-03-15T10:00:05.000000Z");
  EXPECT_EQ(row.at("retry_count"), 0);
  EXPECT_EQ(row.at("max_retries"), 3);
  EXPECT_EQ(server
                .call_as("ann", "POST", outreach_path("/deliveries"),
                         json_of({{"message_id", "w1"}, {"phone_number", "1"}}))
                .status,
            409);
}

TEST_P(DeliveryTest, LearnsWhatCameBeforeItsReport) {
  tell("w1", "delivered", 1742032805);
  EXPECT_EQ(report("w1").at("status"), "delivered");
}

TEST_P(DeliveryTest, IsSeenByItsUserOnly) {
  report("w1");
  EXPECT_EQ(server.call_as("eve", "GET", outreach_path("/deliveries/w1")).status, 404);
  EXPECT_EQ(server.call_as("eve", "POST", outreach_path("/deliveries/w1/retry")).status, 404);
  tell("w1", "failed", 1742032800);
  EXPECT_THAT(server.call_as("eve", "GET", outreach_path("/deliveries/failed"))
                  .json()
                  .at("data")
                  .as_array(),
              IsEmpty());
}

TEST_P(DeliveryTest, MayBeTriedAgainThreeTimes) {
  report("w1");
  EXPECT_EQ(retry("w1"), 409);
  for (int i = 1; i <= 3; ++i) {
    tell("w1", "failed", 1742032800 + i);
    EXPECT_EQ(retry("w1"), 200);
    EXPECT_EQ(delivery("w1").at("status"), "queued");
    EXPECT_EQ(delivery("w1").at("retry_count"), i);
    EXPECT_TRUE(delivery("w1").at("failed_at").is_null());
  }
  tell("w1", "failed", 1742032900);
  EXPECT_EQ(retry("w1"), 409);
  EXPECT_EQ(retry("w2"), 404);
}

TEST_P(DeliveryTest, ListsWhatFailedLast) {
  for (int i = 1; i <= 3; ++i) {
    report(fmt::format("w{}", i));
    tell(fmt::format("w{}", i), "failed", 1742032800 + i);
  }
  report("w4");
  const JsonObject failed = server.ok(200, "GET", outreach_path("/deliveries/failed?limit=2"));
  std::vector<std::string> ids;
  for (const Json& row : failed.at("data").as_array())
    ids.emplace_back(row.at("message_id").as_string());
  EXPECT_THAT(ids, ElementsAre("w3", "w2"));
}

TEST_P(DeliveryTest, IsCounted) {
  for (int i = 1; i <= 4; ++i) report(fmt::format("w{}", i));
  tell("w1", "sent", 1742032800);
  tell("w1", "delivered", 1742032804);
  tell("w1", "read", 1742032824);
  tell("w2", "sent", 1742032800);
  tell("w2", "delivered", 1742032802);
  tell("w3", "sent", 1742032800);
  tell("w4", "failed", 1742032800, {{{"code", 131026}}});
  const JsonObject figures = server.ok(200, "GET", outreach_path("/deliveries/analytics?days=7"));
  EXPECT_EQ(figures.at("total_messages"), 4);
  EXPECT_EQ(figures.at("sent_messages"), 3);
  EXPECT_EQ(figures.at("delivered_messages"), 2);
  EXPECT_EQ(figures.at("read_messages"), 1);
  EXPECT_EQ(figures.at("failed_messages"), 1);
  EXPECT_EQ(figures.at("delivery_rate").to_number<double>(), 66.67);
  EXPECT_EQ(figures.at("read_rate").to_number<double>(), 50);
  EXPECT_EQ(figures.at("failure_rate").to_number<double>(), 25);
  EXPECT_EQ(figures.at("avg_delivery_time").to_number<double>(), 3);
  EXPECT_EQ(figures.at("avg_read_time").to_number<double>(), 20);
  EXPECT_EQ(figures.at("error_breakdown"), Json(JsonObject{{"131026", 1}}));
  server.clock.advance(std::chrono::days(8));
  EXPECT_EQ(
      server.ok(200, "GET", outreach_path("/deliveries/analytics?days=7")).at("total_messages"), 0);
}

}  // namespace
}  // namespace parley::test
