// Callbacks of providers: believed by their signature, kept, and applied once, in whatever order
// they come.

#include "base/crypto.h"
#include "http/fake_provider.h"
#include "http/sending_server.h"
#include "outreach/callbacks.h"
#include "outreach/sending_upkeep.h"

namespace parley::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr const char* kSecret = "callback secret";

outreach::Settings with_source() {
  outreach::Settings settings = SendingServer::with_channels({});
  settings.sending.callbacks["meta"] = {.secret = kSecret, .verify_token = "right"};
  settings.sending.callbacks["bare"] = {};
  return settings;
}

class CallbackTest : public testing::TestWithParam<TestEngine> {
 protected:
  SendingServer server{GetParam(), with_source()};

  HttpAnswer post(const std::string& body, const std::string& signature) {
    return server.call("POST", path, "", body, {{"X-Hub-Signature-256", signature}});
  }
  HttpAnswer post(const std::string& body) {
    return post(body, "sha256=" + to_hex(hmac_sha256(kSecret, body)));
  }
  /// `{received, applied, unmatched, duplicates}` of one status.
  std::vector<std::int64_t> tell(const std::string& id, const std::string& status,
                                 const std::string& time, JsonObject more = {}) {
    more["id"] = id;
    more["status"] = status;
    more["timestamp"] = time;
    const HttpAnswer answer = post(json_of({{"statuses", {more}}}));
    EXPECT_EQ(answer.status, 200) << answer.body;
    std::vector<std::int64_t> counts;
    for (const char* name : {"received", "applied", "unmatched", "duplicates"})
      counts.push_back(answer.json().at(name).as_int64());
    return counts;
  }
  std::string log_with(const std::string& message_id) {
    JsonObject sent = record(server.start_session("whatsapp"), "sent");
    sent["channel"] = "whatsapp";
    sent["message_id"] = message_id;
    return server.log(sent);
  }
  std::string field(const std::string& log_id, std::string_view name) {
    const JsonObject message = server.message(log_id);
    return message.at(name).is_null() ? "" : std::string(message.at(name).as_string());
  }

  const std::string path = outreach_path("/webhooks/status/meta");
};
INSTANTIATE_TEST_SUITE_P(Engines, CallbackTest, testing::ValuesIn(all_engines()),
                         engine_name<testing::TestParamInfo<TestEngine>>);

TEST_P(CallbackTest, MovesTheMessageAlong) {
  const std::string id = log_with("wamid.1");
  EXPECT_THAT(tell("wamid.1", "delivered", "1742032860"), ElementsAre(1, 1, 0, 0));
  EXPECT_EQ(field(id, "message_status"), "delivered");
  EXPECT_EQ(field(id, "delivered_at"), "2025-03-15T10:01:00.000000Z");
  EXPECT_THAT(server.history(id), ElementsAre("sent", "delivered"));
  EXPECT_EQ(server.session(field(id, "session_id")).at("successful_messages"), 1);
}

TEST_P(CallbackTest, ComesTwiceAndCountsOnce) {
  const std::string id = log_with("wamid.1");
  tell("wamid.1", "delivered", "1742032860");
  EXPECT_THAT(tell("wamid.1", "delivered", "1742032860"), ElementsAre(1, 0, 0, 1));
  EXPECT_THAT(server.history(id), ElementsAre("sent", "delivered"));
}

TEST_P(CallbackTest, ComesOutOfOrderAndNeverGoesBack) {
  const std::string id = log_with("wamid.1");
  tell("wamid.1", "read", "1742032920");
  tell("wamid.1", "delivered", "1742032860");
  EXPECT_EQ(field(id, "message_status"), "read");
  EXPECT_EQ(field(id, "read_at"), "2025-03-15T10:02:00.000000Z");
  EXPECT_EQ(field(id, "delivered_at"), "2025-03-15T10:01:00.000000Z");
  tell("wamid.1", "failed", "1742032930",
       {{"errors", {{{"code", 131000}, {"title", "Something went wrong"}}}}});
  EXPECT_EQ(field(id, "message_status"), "read");
}

TEST_P(CallbackTest, SaysWhyAMessageFailed) {
  const std::string id = log_with("wamid.1");
  tell("wamid.1", "failed", "1742032860",
       {{"errors", {{{"code", 131026}, {"title", "Undeliverable"}}, {{"code", 1}}}}});
  EXPECT_EQ(field(id, "message_status"), "failed");
  EXPECT_EQ(field(id, "error_message"), "Undeliverable");
}

TEST_P(CallbackTest, WaitsForTheMessageItIsAbout) {
  EXPECT_THAT(tell("wamid.9", "delivered", "1742032860"), ElementsAre(1, 0, 1, 0));
  const std::string id = server.log(record(server.start_session()));
  server.ok(200, "PUT", outreach_path("/messages/" + id + "/status"),
            json_of({{"status", "sent"}, {"message_id", "wamid.9"}}));
  EXPECT_EQ(field(id, "message_status"), "delivered");
  EXPECT_EQ(field(id, "delivered_at"), "2025-03-15T10:01:00.000000Z");
  tell("wamid.10", "read", "1742032860");
  EXPECT_EQ(field(log_with("wamid.10"), "message_status"), "read");
}

TEST_P(CallbackTest, FindsTheMessageThatWeNamedWhenItsIdNeverCame) {
  const std::string id = server.log(record(server.start_session(), "sending"));
  tell("wamid.1", "sent", "1742032860", {{"biz_opaque_callback_data", id}});
  EXPECT_EQ(field(id, "message_status"), "sent");
  EXPECT_EQ(field(id, "message_id"), "wamid.1");
  tell("wamid.1", "delivered", "1742032870");
  EXPECT_EQ(field(id, "message_status"), "delivered");
}

TEST_P(CallbackTest, KeepsWordsThatNobodyKnowsOfDeliveriesOnly) {
  const std::string id = log_with("wamid.1");
  server.ok(201, "POST", outreach_path("/deliveries"),
            json_of({{"message_id", "wamid.1"}, {"phone_number", "+49"}}));
  EXPECT_THAT(tell("wamid.1", "warned", "1742032860"), ElementsAre(1, 1, 0, 0));
  EXPECT_EQ(field(id, "message_status"), "sent");
  EXPECT_EQ(server.ok(200, "GET", outreach_path("/deliveries/wamid.1")).at("status"), "unknown");
}

TEST_P(CallbackTest, IsNotBelievedWithoutItsSignature) {
  log_with("wamid.1");
  const std::string body = R"({"statuses": [{"id": "wamid.1", "status": "read"}]})";
  const std::string right = to_hex(hmac_sha256(kSecret, body));
  EXPECT_EQ(post(body, "").status, 401);
  EXPECT_EQ(post(body, "sha256=" + to_hex(hmac_sha256("guess", body))).status, 401);
  EXPECT_EQ(post(body + " ", right).status, 401);
  EXPECT_EQ(post("{", "sha256=00").status, 401);
  EXPECT_EQ(server.call("POST", path, "", body).status, 401);
  EXPECT_EQ(server
                .call("POST", outreach_path("/webhooks/status/bare"), "", body,
                      {{"X-Hub-Signature-256", to_hex(hmac_sha256("", body))}})
                .status,
            401);
  EXPECT_EQ(server.call("POST", outreach_path("/webhooks/status/other"), "", body).status, 404);
  EXPECT_THAT(server.rows<outreach::InboundEventRow>(), IsEmpty());
  EXPECT_EQ(post(body, right).status, 200);
}

TEST_P(CallbackTest, IsKeptWhenItCannotBeRead) {
  EXPECT_EQ(post("{\"statuses\": ").status, 400);
  EXPECT_EQ(post("{}").status, 400);
  EXPECT_EQ(post("{\"statuses\": ").status, 400);
  const auto rows = server.rows<outreach::InboundEventRow>();
  ASSERT_THAT(rows, SizeIs(2));
  EXPECT_EQ(rows[0].payload, "{\"statuses\": ");
}

TEST_P(CallbackTest, ShowsThatItIsOursBeforeAnythingComes) {
  const auto ask = [&](const std::string& token) {
    return server.call(
        "GET", path + "?hub.mode=subscribe&hub.challenge=12%3C34&hub.verify_token=" + token, "");
  };
  const HttpAnswer answer = ask("right");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, "12<34");
  EXPECT_THAT(answer.header("Content-Type"), HasSubstr("text/plain"));
  EXPECT_EQ(ask("wrong").status, 403);
  EXPECT_EQ(ask("").status, 403);
  EXPECT_EQ(server.call("GET", outreach_path("/webhooks/status/bare?hub.verify_token="), "").status,
            403);
}

// The process ended between the two: after the callback was stored and before it was applied.
TEST_P(CallbackTest, IsAppliedAtTheNextStartWhenItWasOnlyStored) {
  const std::string id = log_with("wamid.1");
  server.write([&](store::UnitOfWork& unit) {
    const auto events = outreach::events_of(
        parse_json(R"({"statuses": [{"id": "wamid.1", "status": "read", "timestamp": 1742032860},
                                    {"id": "never", "status": "read"}]})"));
    outreach::store_events(unit, "meta", *events, server.store().now());
  });
  EXPECT_EQ(field(id, "message_status"), "sent");
  EXPECT_EQ(outreach::apply_left_events(server.store()), 1U);
  EXPECT_EQ(field(id, "message_status"), "read");
  EXPECT_EQ(outreach::apply_left_events(server.store()), 0U);
}

}  // namespace
}  // namespace parley::test
