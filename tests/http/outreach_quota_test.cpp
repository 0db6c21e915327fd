// Quotas: never more than the limit, whoever takes at the same time, and not forgotten at the end
// of a process.

#include <thread>

#include "http/sending_server.h"

namespace parley::test {
namespace {

using namespace std::chrono_literals;
using testing::Contains;
using testing::IsEmpty;
using testing::SizeIs;

class QuotaTest : public testing::TestWithParam<TestEngine> {
 protected:
  SendingServer server{GetParam(), std::vector<outreach::ChannelSettings>{}};

  HttpAnswer acquire(const OutreachServer& node, int count = 1, bool burst = false,
                     const std::string& channel = "whatsapp", const std::string& user = "ann") {
    return node.call_as(user, "POST", outreach_path("/quotas/acquire"),
                        json_of({{"channel", channel}, {"count", count}, {"use_burst", burst}}));
  }
  HttpAnswer acquire(int count = 1, bool burst = false, const std::string& channel = "whatsapp",
                     const std::string& user = "ann") {
    return acquire(server, count, burst, channel, user);
  }
  JsonObject minute() {
    return server.ok(200, "GET", outreach_path("/quotas"))
        .at("whatsapp")
        .as_array()
        .at(0)
        .as_object();
  }
};
INSTANTIATE_TEST_SUITE_P(Engines, QuotaTest, testing::ValuesIn(all_engines()),
                         engine_name<testing::TestParamInfo<TestEngine>>);

TEST_P(QuotaTest, TakesFromAllOrNone) {
  const Json first = acquire(15).json();
  EXPECT_EQ(first.at("allowed"), true);
  EXPECT_EQ(first.at("remaining"), 5);
  EXPECT_EQ(first.at("using_burst"), false);
  EXPECT_THAT(first.at("alerts").as_array(), IsEmpty());
  const HttpAnswer denied = acquire(6);
  EXPECT_EQ(denied.status, 429);
  EXPECT_EQ(denied.header("Retry-After"), "60");
  const Json body = denied.json();
  EXPECT_EQ(body.at("allowed"), false);
  EXPECT_EQ(body.at("quota_type"), "messages_per_minute");
  EXPECT_EQ(body.at("current_usage"), 15);
  EXPECT_EQ(body.at("limit"), 20);
  EXPECT_EQ(body.at("next_available"), "2025-03-15T10:01:00.000000Z");
  EXPECT_EQ(body.at("wait_seconds"), 60);
  const JsonObject quotas = server.ok(200, "GET", outreach_path("/quotas"));
  for (const Json& quota : quotas.at("whatsapp").as_array())
    EXPECT_EQ(quota.at("current_usage"), 15) << quota;
}

TEST_P(QuotaTest, TheMinuteSlides) {
  acquire(10);
  server.clock.advance(30s);
  acquire(10);
  EXPECT_EQ(acquire().status, 429);
  server.clock.advance(30s);
  EXPECT_EQ(acquire(10).status, 200);
  EXPECT_EQ(acquire().json().at("wait_seconds"), 30);
}

TEST_P(QuotaTest, ABurstGoesBeyondTheLimit) {
  EXPECT_EQ(acquire(20).status, 200);
  EXPECT_EQ(acquire(1).status, 429);
  const Json burst = acquire(5, true).json();
  EXPECT_EQ(burst.at("using_burst"), true);
  EXPECT_EQ(burst.at("remaining"), 0);
  EXPECT_EQ(acquire(1, true).status, 429);
  EXPECT_EQ(minute().at("burst_used"), 5);
  server.clock.advance(60s);
  EXPECT_EQ(minute().at("burst_used"), 0);
}

TEST_P(QuotaTest, WarnsBeforeItIsFull) {
  const Json warned = acquire(16).json();
  ASSERT_THAT(warned.at("alerts").as_array(), SizeIs(1));
  const Json& alert = warned.at("alerts").at(0);
  EXPECT_EQ(alert.at("quota_type"), "messages_per_minute");
  EXPECT_EQ(alert.at("level"), "warning");
  EXPECT_EQ(alert.at("current_usage"), 16);
  EXPECT_EQ(alert.at("usage_percentage").to_number<double>(), 80);
  EXPECT_EQ(acquire(3).json().at("alerts").at(0).at("level"), "critical");
  acquire(1);
  // Told once for each level, not with each message.
  int told = 0;
  for (const store::EventRow& event : store::select<store::EventRow>().all(server.connection()))
    told += event.kind == "quota.alert" ? 1 : 0;
  EXPECT_EQ(told, 2);
}

TEST_P(QuotaTest, EmailHasADailyLimit) {
  EXPECT_EQ(acquire(100, false, "email").status, 200);
  const HttpAnswer denied = acquire(1, false, "email");
  EXPECT_EQ(denied.json().at("quota_type"), "messages_per_day");
  EXPECT_EQ(denied.json().at("next_available"), "2025-03-16T00:00:00.000000Z");
  EXPECT_EQ(acquire(1).status, 200);
  server.clock.set(parse_timestamp("2025-03-16T00:00:00Z").value());
  EXPECT_EQ(acquire(1, false, "email").status, 200);
}

TEST_P(QuotaTest, EachUserHasTheirOwn) {
  acquire(20);
  EXPECT_EQ(acquire(20, false, "whatsapp", "eve").status, 200);
}

TEST_P(QuotaTest, IsKeptAcrossTheEndOfAProcess) {
  acquire(20);
  const SendingServer second(server);
  EXPECT_EQ(acquire(second, 1).status, 429);
}

TEST_P(QuotaTest, ManyAtOnceNeverGetMoreThanThereIs) {
  const SendingServer second(server);
  std::atomic<int> allowed = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&, i] {
      for (int k = 0; k < 5; ++k) {
        const int status = acquire(i % 2 == 0 ? server : second).status;
        EXPECT_TRUE(status == 200 || status == 429) << status;
        if (status == 200) ++allowed;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(allowed, 20);
  EXPECT_EQ(minute().at("current_usage"), 20);
}

TEST_P(QuotaTest, RefusesWhatCouldNeverBeTaken) {
  const HttpHeaders as_ann{{"X-User-Id", "ann"}};
  const std::string path = outreach_path("/quotas/acquire");
  play(server, {{"too many",
                 "POST",
                 path,
                 "",
                 R"({"channel": "whatsapp", "count": 26})",
                 422,
                 {"/count"},
                 {},
                 as_ann},
                {"none",
                 "POST",
                 path,
                 "",
                 R"({"channel": "whatsapp", "count": 0})",
                 422,
                 {"/count"},
                 {},
                 as_ann},
                {"no such channel",
                 "POST",
                 path,
                 "",
                 R"({"channel": "sms"})",
                 422,
                 {"/channel"},
                 {},
                 as_ann}});
}

TEST(QuotaSettings, WithoutALimitEverythingIsAllowed) {
  outreach::Settings settings = SendingServer::with_channels({});
  settings.sending.quotas = {};
  SendingServer server(TestEngine::Sqlite, settings);
  const JsonObject taken = server.ok(200, "POST", outreach_path("/quotas/acquire"),
                                     json_of({{"channel", "whatsapp"}, {"count", 100000}}));
  EXPECT_TRUE(taken.at("remaining").is_null());
}

}  // namespace
}  // namespace parley::test
