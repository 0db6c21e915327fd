// Sending: what is queued goes out once, whatever the provider, the clock, or another worker does.

#include <fstream>
#include <sstream>

#include "http/fake_provider.h"
#include "http/sending_server.h"
#include "outreach/channels/file_sink.h"
#include "outreach/channels/http_carrier.h"
#include "outreach/sending_upkeep.h"
#include "outreach/statuses.h"

namespace parley::test {
namespace {

using namespace std::chrono_literals;
using outreach::Channel;
using outreach::MessageStatus;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

const std::chrono::seconds kLease = outreach::ChannelSettings{}.lease;

outreach::ChannelSettings gateway(const FakeProvider& provider, std::string idempotency = {}) {
  return idle_channel("email", Channel::Email,
                      outreach::HttpGatewaySettings{
                          .url = provider.url() + "/send",
                          .token = "key",
                          .body = parse_json(R"({"to": "{to}", "texts": ["{subject}", "{content}"],
                                                 "ref": "{log_id}", "n": 1})"),
                          .id_pointer = "/id",
                          .idempotency_header = std::move(idempotency)});
}

outreach::ChannelSettings cloud(const FakeProvider& provider) {
  return idle_channel(
      "whatsapp", Channel::Whatsapp,
      outreach::WhatsappCloudSettings{
          .base_url = provider.url() + "/v19.0", .phone_number_id = "17", .token = "secret"});
}

class SendingTest : public testing::TestWithParam<TestEngine> {
 protected:
  FakeProvider provider;
  SendingServer server{GetParam(), {gateway(provider), cloud(provider)}};

  std::string status_of(const std::string& id) {
    return std::string(server.message(id).at("message_status").as_string());
  }
};
INSTANTIATE_TEST_SUITE_P(Engines, SendingTest, testing::ValuesIn(all_engines()),
                         engine_name<testing::TestParamInfo<TestEngine>>);

TEST_P(SendingTest, ATemplateIsForgottenAnHourAfterItWasQueuedUnlessSomebodyNeedsIt) {
  const auto templates = [&] { return server.rows<outreach::SendTemplateRow>().size(); };
  server.queue_one("email");
  server.queue_one("whatsapp");
  server.work("email");
  outreach::look_after_sending(server.store());
  EXPECT_EQ(templates(), 2U);
  server.clock.advance(2h);
  outreach::look_after_sending(server.store());
  EXPECT_EQ(templates(), 1U) << "that of the message which still waits";
}

TEST_P(SendingTest, AQueuedMessageGoesOutAndIsRecorded) {
  const std::string id = server.queue_one();
  EXPECT_EQ(status_of(id), "pending");
  EXPECT_EQ(server.work("email"), 1);
  ASSERT_THAT(provider.requests(), SizeIs(1));
  const http::Request sent = provider.requests().front();
  EXPECT_EQ(sent.header("Authorization"), "Bearer key");
  EXPECT_EQ(parse_json(sent.body), parse_json(json_of({{"to", "+4930123456"},
                                                       {"texts", {"Hi Bob", "Dear Bob, welcome."}},
                                                       {"ref", id},
                                                       {"n", 1}})));
  const JsonObject message = server.message(id);
  EXPECT_EQ(message.at("message_status"), "sent");
  EXPECT_EQ(message.at("message_id"), "gw-1");
  EXPECT_EQ(message.at("content_preview"), "Dear Bob, welcome.");
  EXPECT_EQ(message.at("sent_at"), "2025-03-15T10:00:00.000000Z");
  EXPECT_THAT(server.history(id), ElementsAre("sending", "sent"));
  EXPECT_THAT(server.queue_rows(), IsEmpty());
  EXPECT_EQ(server.work("email"), 0);
}

TEST_P(SendingTest, MessagesGoOutInTheirOrder) {
  const std::string session = server.start_session();
  json::array recipients;
  for (int i = 0; i < 20; ++i)
    recipients.push_back(
        JsonObject{{"name", fmt::format("N{}", i)}, {"email", fmt::format("n{}@x.example", i)}});
  server.queue(session, recipients);
  server.work("email");
  ASSERT_THAT(provider.requests(), SizeIs(20));
  for (std::size_t i = 0; i < 20; ++i) {
    EXPECT_EQ(parse_json(provider.requests()[i].body).at("to"),
              Json(fmt::format("n{}@x.example", i)));
  }
  EXPECT_EQ(server.session(session).at("successful_messages"), 20);
}

TEST_P(SendingTest, LoggedMessagesThatArePendingAreSent) {
  const std::string session = server.start_session();
  const std::string first =
      server.log({{"session_id", session},
                  {"channel", "email"},
                  {"template", {{"id", "t"}, {"name", "Welcome"}}},
                  {"recipient", {{"name", "Eve"}, {"email", "eve@x.example"}}},
                  {"metadata", {{"order", 17}}}});
  const std::string other = server.log(record(session, "sent"));
  const std::string path = outreach_path("/sessions/" + session + "/send");
  const std::string body =
      json_of({{"template", {{"name", "Welcome"}, {"content", "{name}: {order}"}}}});
  const JsonObject queued = server.ok(202, "POST", path, body);
  EXPECT_EQ(queued.at("queued"), 1);
  EXPECT_EQ(queued.at("log_ids"), json::array{first});
  EXPECT_EQ(server.ok(202, "POST", path, body).at("queued"), 0);
  server.work("email");
  ASSERT_THAT(provider.requests(), SizeIs(1));
  EXPECT_THAT(provider.requests().front().body, HasSubstr("Eve: 17"));
  EXPECT_EQ(status_of(other), "sent");
}

TEST_P(SendingTest, ATransientFailureIsTriedAgainLaterAndThenGivenUp) {
  provider.answer(503, JsonObject{{"error", "come back"}});
  const std::string id = server.queue_one();
  server.work("email");
  EXPECT_EQ(status_of(id), "pending");
  EXPECT_THAT(server.queue_rows().at(0).last_error.value(), HasSubstr("503"));
  EXPECT_EQ(server.work("email"), 0);
  server.clock.advance(15s);
  server.work("email");
  EXPECT_EQ(server.work("email"), 0);
  server.clock.advance(60s);
  server.work("email");
  const JsonObject message = server.message(id);
  EXPECT_EQ(message.at("message_status"), "failed");
  EXPECT_THAT(std::string(message.at("error_message").as_string()), HasSubstr("come back"));
  EXPECT_THAT(provider.requests(), SizeIs(3));
  EXPECT_THAT(server.queue_rows(), IsEmpty());
  EXPECT_THAT(server.history(id),
              ElementsAre("sending", "pending", "sending", "pending", "sending", "failed"));
}

TEST_P(SendingTest, APermanentFailureIsOneAtOnceAndAPersonMayTryAgain) {
  provider.answer(400, JsonObject{{"error", "no such address"}});
  const std::string id = server.queue_one();
  server.work("email");
  EXPECT_EQ(status_of(id), "failed");
  provider.answer(200, JsonObject{{"id", "late"}});
  const std::string retry = outreach_path("/messages/" + id + "/retry");
  EXPECT_EQ(server.ok(200, "POST", retry).at("message_status"), "pending");
  server.work("email");
  EXPECT_EQ(status_of(id), "sent");
  EXPECT_EQ(server.message(id).at("message_id"), "late");
  EXPECT_EQ(server.call_as("ann", "POST", retry).status, 409);
  EXPECT_EQ(server.call_as("eve", "POST", retry).status, 404);
}

TEST_P(SendingTest, WhatIsCancelledMeanwhileIsNotSent) {
  const std::string id = server.queue_one();
  server.set_status(id, "cancelled");
  server.work("email");
  EXPECT_THAT(provider.requests(), IsEmpty());
  EXPECT_EQ(status_of(id), "cancelled");
  EXPECT_THAT(server.queue_rows(), IsEmpty());
}

TEST_P(SendingTest, TwoNodesSendEachMessageOnce) {
  const std::string session = server.start_session();
  json::array recipients;
  for (int i = 0; i < 40; ++i)
    recipients.push_back(JsonObject{{"name", "N"}, {"email", fmt::format("n{}@x.example", i)}});
  server.queue(session, recipients);
  SendingServer second(server);
  std::thread other([&] { second.work("email"); });
  server.work("email");
  other.join();
  std::set<std::string> seen;
  for (const http::Request& request : provider.requests()) seen.insert(request.body);
  EXPECT_THAT(provider.requests(), SizeIs(40));
  EXPECT_THAT(seen, SizeIs(40));
  EXPECT_EQ(server.session(session).at("successful_messages"), 40);
}

// What a worker that is killed leaves: rows that it had claimed, one of them `sending`.
class KilledWorkerTest : public SendingTest {
 protected:
  /// Claims the message as a worker does, and begins it when asked to.
  void claim(const std::string& id, MessageStatus left_as) {
    server.write([&](store::UnitOfWork& unit) {
      outreach::claim_due(
          unit, {.channel = "email", .worker = "dead", .repeat = outreach::Repeat::Forbidden}, 1,
          server.store().now());
      const outreach::StatusChange change{.log_id = id,
                                          .status = left_as,
                                          .delivery_status = "sending",
                                          .source = outreach::StatusSource::Sender};
      outreach::change_statuses(unit, std::nullopt, std::span(&change, 1), server.store().now());
    });
  }
};
INSTANTIATE_TEST_SUITE_P(Engines, KilledWorkerTest, testing::ValuesIn(all_engines()),
                         engine_name<testing::TestParamInfo<TestEngine>>);

TEST_P(KilledWorkerTest, WhatWasOnlyClaimedIsSentOnceTheLeaseIsOver) {
  const std::string id = server.queue_one();
  claim(id, MessageStatus::Pending);
  EXPECT_EQ(server.work("email"), 0);
  server.clock.advance(kLease);
  server.work("email");
  EXPECT_EQ(status_of(id), "sent");
  EXPECT_THAT(provider.requests(), SizeIs(1));
}

TEST_P(KilledWorkerTest, WhatMayHaveGoneOutWaitsForAPerson) {
  const std::string id = server.queue_one();
  claim(id, MessageStatus::Sending);
  server.clock.advance(kLease);
  server.work("email");
  EXPECT_THAT(provider.requests(), IsEmpty());
  EXPECT_EQ(status_of(id), "sending");
  EXPECT_EQ(server.message(id).at("delivery_status"), "unknown");
  EXPECT_THAT(server.queue_rows(), IsEmpty());
  server.ok(200, "POST", outreach_path("/messages/" + id + "/retry"));
  server.work("email");
  EXPECT_EQ(status_of(id), "sent");
}

TEST_P(KilledWorkerTest, WhatTheGatewayWouldRecogniseIsSentAgain) {
  SendingServer safe(GetParam(), {gateway(provider, "Idempotency-Key")});
  const std::string id = safe.queue_one();
  safe.write([&](store::UnitOfWork& unit) {
    outreach::claim_due(unit,
                        {.channel = "email", .worker = "dead", .repeat = outreach::Repeat::Allowed},
                        1, safe.store().now());
    const outreach::StatusChange change{
        .log_id = id, .status = MessageStatus::Sending, .source = outreach::StatusSource::Sender};
    outreach::change_statuses(unit, std::nullopt, std::span(&change, 1), safe.store().now());
  });
  safe.clock.advance(kLease);
  safe.work("email");
  ASSERT_THAT(provider.requests(), SizeIs(1));
  EXPECT_THAT(std::string(provider.requests().front().header("Idempotency-Key")), SizeIs(64));
  EXPECT_EQ(safe.message(id).at("message_status"), "sent");
}

TEST_P(SendingTest, WhatsappGoesToTheCloudApiAndIsFollowed) {
  provider.answer(200, parse_json(R"({"messages": [{"id": "wamid.1"}]})"));
  const std::string id = server.queue_one("whatsapp");
  server.work("whatsapp");
  ASSERT_THAT(provider.requests(), SizeIs(1));
  const http::Request sent = provider.requests().front();
  EXPECT_EQ(sent.path, "/v19.0/17/messages");
  EXPECT_EQ(sent.header("Authorization"), "Bearer secret");
  const Json body = parse_json(sent.body);
  EXPECT_EQ(body.at("to"), "4930123456");
  EXPECT_EQ(body.at("text").at("body"), "Dear Bob, welcome.");
  EXPECT_EQ(body.at("biz_opaque_callback_data"), Json(id));
  EXPECT_EQ(server.message(id).at("message_id"), "wamid.1");
  const JsonObject delivery = server.ok(200, "GET", outreach_path("/deliveries/wamid.1"));
  EXPECT_EQ(delivery.at("status"), "sent");
  EXPECT_EQ(delivery.at("phone_number"), "+4930123456");
  EXPECT_EQ(delivery.at("message_content"), "Dear Bob, welcome.");
}

TEST_P(SendingTest, WhatTheCloudApiRefusesFailsWithItsText) {
  provider.answer(400, parse_json(R"({"error": {"message": "Invalid parameter", "code": 100,
                                      "error_data": {"details": "not on WhatsApp"}}})"));
  const std::string id = server.queue_one("whatsapp");
  server.work("whatsapp");
  const JsonObject message = server.message(id);
  EXPECT_EQ(message.at("message_status"), "failed");
  EXPECT_EQ(message.at("error_message"), "Invalid parameter (not on WhatsApp)");
  EXPECT_EQ(message.at("delivery_status"), "100");
}

TEST_P(SendingTest, AQuotaLetsTheRestWait) {
  provider.answer(200, parse_json(R"({"messages": [{}]})"));
  const std::string session = server.start_session("whatsapp");
  json::array recipients;
  for (int i = 0; i < 60; ++i)
    recipients.push_back(JsonObject{{"name", "N"}, {"phone", fmt::format("+4930{:06}", i)}});
  server.queue(session, recipients);
  server.work("whatsapp");
  EXPECT_THAT(provider.requests(), SizeIs(25));  // 20 and a burst of 5.
  EXPECT_EQ(server.work("whatsapp"), 0);
  EXPECT_EQ(server.session(session).at("pending_messages"), 35);
  server.clock.advance(60s);
  server.work("whatsapp");
  EXPECT_THAT(provider.requests(), SizeIs(45));
  server.clock.advance(60s);
  server.work("whatsapp");
  EXPECT_THAT(provider.requests(), SizeIs(60));
}

TEST_P(SendingTest, RefusesWhatCannotBeSent) {
  const std::string session = server.start_session();
  const std::string path = outreach_path("/sessions/" + session + "/send");
  const HttpHeaders as_ann{{"X-User-Id", "ann"}};
  const std::string text = R"("template": {"content": "Hi"})";
  play(server,
       {{"no template", "POST", path, "", "{}", 422, {"/template"}, {}, as_ann},
        {"no text",
         "POST",
         path,
         "",
         R"({"template": {"subject": "Hi"}})",
         422,
         {"/template"},
         {},
         as_ann},
        {"nobody",
         "POST",
         path,
         "",
         "{" + text + R"(, "recipients": []})",
         422,
         {"/recipients"},
         {},
         as_ann},
        {"no address",
         "POST",
         path,
         "",
         "{" + text + R"(, "recipients": [{"name": "Bob", "phone": "+49301234567"}]})",
         422,
         {"/recipients/0/email"},
         {},
         as_ann},
        {"no such channel",
         "POST",
         path,
         "",
         "{" + text + R"(, "via": "pigeon"})",
         422,
         {"/via"},
         {},
         as_ann},
        {"both",
         "POST",
         path,
         "",
         "{" + text +
             R"(, "recipients": [{"name": "B", "email": "b@x.example"}], "log_ids": ["a"]})",
         422,
         {"/log_ids"},
         {},
         as_ann},
        {"no such message",
         "POST",
         path,
         "",
         "{" + text + R"(, "log_ids": ["a"]})",
         404,
         {},
         {},
         as_ann},
        {"no such session",
         "POST",
         outreach_path("/sessions/x/send"),
         "",
         "{" + text + "}",
         404,
         {},
         {},
         as_ann},
        {"another's session",
         "POST",
         path,
         "",
         "{" + text + "}",
         404,
         {},
         {},
         {{"X-User-Id", "eve"}}}});
  EXPECT_THAT(server.queue_rows(), IsEmpty());
}

TEST(FileSink, WritesOneFileForEachMessage) {
  const TemporaryDirectory directory;
  SendingServer server(
      TestEngine::Sqlite,
      {idle_channel("email", Channel::Email,
                    outreach::FileSettings{.directory = directory.path(),
                                           .from = {"Shop", "news@shop.example"}})});
  const std::string id = server.queue_one();
  server.work("email");
  const JsonObject message = server.message(id);
  EXPECT_EQ(message.at("message_status"), "sent");
  std::ifstream file(directory.path() + "/" + outreach::file_name_of(id) + ".eml");
  std::stringstream text;
  text << file.rdbuf();
  EXPECT_THAT(text.str(), HasSubstr("Subject: Hi Bob\r\n"));
  EXPECT_THAT(
      text.str(),
      HasSubstr("Message-ID: " + std::string(message.at("message_id").as_string()) + "\r\n"));
}

TEST(FileSink, KeepsMessagesApartWhoseIdsLookAlike) {
  EXPECT_EQ(outreach::file_name_of("ann_2025-1"), "ann_2025-1");
  EXPECT_NE(outreach::file_name_of("../a"), outreach::file_name_of("..-a"));
  EXPECT_THAT(outreach::file_name_of("../a"), testing::Not(HasSubstr("/")));
}

}  // namespace
}  // namespace parley::test
