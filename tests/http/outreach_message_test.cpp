// Logging messages: POST /messages, /messages/batch, GET /messages, /messages/{log_id}.

#include "http/outreach_server.h"

namespace parley::test {
namespace {

using outreach::MessageLogRow;
using outreach::StatusEventRow;
using testing::HasSubstr;
using testing::StartsWith;

class OutreachMessages : public OutreachTest {
 protected:
  JsonObject batch(const json::array& records) const {
    return server.ok(201, "POST", outreach_path("/messages/batch"),
                     json_of({{"messages", records}}));
  }
  json::array listed(const std::string& query) const {
    return server.ok(200, "GET", outreach_path("/messages" + query)).at("data").as_array();
  }
};

TEST_P(OutreachMessages, AreLoggedAndFoundWithAllFields) {
  const std::string session = server.start_session();
  JsonObject given = record(session, "pending", " Bob@X.example ");
  given["recipient"].as_object()["phone"] = "(555) 010-4477";
  given["content"] = std::string(150, 'x');
  given["metadata"] = {{"campaign", "spring"}};
  const JsonObject logged =
      server.ok(201, "POST", outreach_path("/messages"), json_of(std::move(given)));
  const std::string id(logged.at("log_id").as_string());
  EXPECT_THAT(id, StartsWith("ann_20250315_100000_000000_"));
  EXPECT_EQ(logged.at("session_id"), Json(session));
  EXPECT_EQ(logged.at("timestamp"), "2025-03-15T10:00:00.000000Z");
  const JsonObject found = server.message(id);
  EXPECT_EQ(found.size(), 21U);
  EXPECT_EQ(found.at("recipient_email"), "bob@x.example");
  EXPECT_EQ(found.at("recipient_phone"), "+15550104477");
  EXPECT_EQ(found.at("recipient_company"), "Acme");
  EXPECT_EQ(found.at("response_received"), false);
  EXPECT_EQ(found.at("content_preview"), Json(std::string(100, 'x')));
  EXPECT_EQ(found.at("metadata"), (Json{{"campaign", "spring"},
                                        {"template_channels", {"email"}},
                                        {"message_length", 150},
                                        {"has_attachments", false},
                                        {"log_created_at", "2025-03-15T10:00:00.000000+00:00"}}));
  EXPECT_EQ(server.session(session).at("pending_messages"), 1);
}

TEST_P(OutreachMessages, GoToTheNewestOpenSessionOfTheChannelOrANewOne) {
  const std::string first = server.log(record());
  const std::string opened(server.message(first).at("session_id").as_string());
  EXPECT_THAT(opened, StartsWith("ann_email_20250315_100000_"));
  EXPECT_EQ(server.session(opened).at("template_used"), "Auto-created");
  EXPECT_EQ(server.session(opened).at("templates_used"), (Json{"Auto-created", "Welcome"}));
  server.clock.advance(std::chrono::seconds(1));
  const std::string newest = server.start_session();
  EXPECT_EQ(server.message(server.log(record())).at("session_id"), Json(newest));
  server.ok(200, "POST", outreach_path("/sessions/" + newest + "/end"));
  EXPECT_EQ(server.message(server.log(record())).at("session_id"), Json(opened));
}

TEST_P(OutreachMessages, ComeInBatchesInOrder) {
  const std::string session = server.start_session();
  const JsonObject logged = batch({record(session, "sent", "a@x"), record(session, "failed", "b@x"),
                                   record(session, "", "c@x")});
  ASSERT_EQ(logged.at("log_ids").as_array().size(), 3U);
  EXPECT_EQ(logged.at("session_ids"), (Json{session, session, session}));
  const JsonObject figures = server.session(session);
  EXPECT_EQ(figures.at("total_messages"), 3);
  EXPECT_EQ(figures.at("successful_messages"), 1);
  EXPECT_EQ(figures.at("failed_messages"), 1);
  EXPECT_EQ(figures.at("success_rate").to_number<double>(), 33.33);
  const json::array found = listed("");
  ASSERT_EQ(found.size(), 3U);
  EXPECT_EQ(found[0].at("recipient_email"), "c@x");
  EXPECT_EQ(found[2].at("recipient_email"), "a@x");
  EXPECT_EQ(found[2].at("sent_at"), "2025-03-15T10:00:00.000000Z");
  // Only those that are no longer pending have a history.
  EXPECT_EQ(server.rows<StatusEventRow>().size(), 2U);
}

TEST_P(OutreachMessages, ComeInLinesAsWell) {
  const std::string body =
      json_of(record("", "", "a@x")) + "\r\n\n" + json_of(record("", "", "b@x"));
  const HttpAnswer answer =
      http_call(server.port(), "POST", outreach_path("/messages/batch"),
                {{"Content-Type", "application/x-ndjson"}, {"X-User-Id", "ann"}}, body);
  EXPECT_EQ(answer.status, 201) << answer.body;
  EXPECT_EQ(listed("").size(), 2U);
}

TEST_P(OutreachMessages, OfABatchWithOneBadRecordAreNotStored) {
  const std::string body =
      json_of({{"messages", {record("", "", "a@x"), record("", "sunk", "b@x")}}});
  const HttpAnswer answer = server.call_as("ann", "POST", outreach_path("/messages/batch"), body);
  EXPECT_EQ(answer.status, 422);
  EXPECT_THAT(answer.body, HasSubstr("/messages/1/status"));
  EXPECT_THAT(answer.body, HasSubstr("pending, sending, sent, delivered, read, failed, cancelled"));
  EXPECT_TRUE(server.rows<MessageLogRow>().empty());
  const std::string foreign =
      json_of({{"messages", {record("", "", "a@x"), record("nobody's", "", "b@x")}}});
  EXPECT_EQ(server.call_as("ann", "POST", outreach_path("/messages/batch"), foreign).status, 404);
  EXPECT_TRUE(server.rows<MessageLogRow>().empty());
}

TEST_P(OutreachMessages, AreListedByFilterAndCursor) {
  const std::string session = server.start_session();
  json::array records;
  for (int i = 0; i < 5; ++i) {
    records.push_back(record(session, i % 2 == 0 ? "sent" : "failed", std::to_string(i) + "@x"));
  }
  batch(records);
  EXPECT_EQ(listed("?status=failed").size(), 2U);
  EXPECT_EQ(listed("?recipient=3@X").size(), 1U);
  EXPECT_EQ(listed("?channel=whatsapp").size(), 0U);
  EXPECT_EQ(listed("?session_id=" + session).size(), 5U);
  std::vector<std::string> seen;
  std::string query = "?limit=2";
  for (int page = 0; page < 3; ++page) {
    const JsonObject answer = server.ok(200, "GET", outreach_path("/messages" + query));
    for (const Json& entry : answer.at("data").as_array()) {
      seen.emplace_back(entry.at("recipient_email").as_string());
    }
    EXPECT_EQ(answer.at("has_more"), page < 2);
    if (page < 2) query = "?limit=2&cursor=" + std::string(answer.at("next").as_string());
  }
  EXPECT_EQ(seen, (std::vector<std::string>{"4@x", "3@x", "2@x", "1@x", "0@x"}));
  const HttpAnswer other =
      server.call_as("ann", "GET", outreach_path("/messages" + query + "&status=sent"));
  EXPECT_EQ(other.status, 400);
  EXPECT_THAT(other.body, HasSubstr("cursor_mismatch"));
  const HttpAnswer broken = server.call_as("ann", "GET", outreach_path("/messages?cursor=x"));
  EXPECT_EQ(broken.status, 400);
  server.clock.advance(std::chrono::days(31));
  EXPECT_TRUE(listed("").empty());
  EXPECT_EQ(listed("?days=32").size(), 5U);
}

TEST_P(OutreachMessages, AreSeenByTheirUserOnly) {
  const std::string id = server.log(record());
  EXPECT_EQ(server.call_as("eve", "GET", outreach_path("/messages/" + id)).status, 404);
  EXPECT_EQ(server
                .call_as("eve", "PUT", outreach_path("/messages/" + id + "/status"),
                         R"({"status":"sent"})")
                .status,
            404);
  EXPECT_EQ(
      server.call_as("eve", "GET", outreach_path("/messages")).json().at("data").as_array().size(),
      0U);
}

TEST_P(OutreachMessages, RepeatedWithAKeyAreLoggedOnce) {
  const HttpHeaders headers{{"X-User-Id", "ann"}, {"Idempotency-Key", "k1"}};
  const std::string path = outreach_path("/messages");
  const HttpAnswer first = server.call("POST", path, "", json_of(record()), headers);
  const HttpAnswer again = server.call("POST", path, "", json_of(record()), headers);
  EXPECT_EQ(first.status, 201);
  EXPECT_EQ(again.body, first.body);
  EXPECT_EQ(again.header("Idempotent-Replayed"), "true");
  EXPECT_EQ(server.rows<MessageLogRow>().size(), 1U);
  const HttpAnswer other = server.call("POST", path, "", json_of(record("", "sent")), headers);
  EXPECT_EQ(other.status, 422);
}

TEST_P(OutreachMessages, RefuseBadInput) {
  JsonObject nobody = record("", "", "");
  JsonObject by_phone = record("", "", "");
  by_phone["recipient"].as_object()["phone"] = "5550104477";
  JsonObject zero = record();
  zero["content"] = std::string("a\0b", 3);
  const std::string path = outreach_path("/messages");
  const auto post = [&](std::string name, std::string body, int status,
                        std::vector<std::string> present = {}) {
    return Scenario{std::move(name),    "POST", path, "", std::move(body), status,
                    std::move(present), {},     {}};
  };
  play(server, {post("no JSON", "{", 400, {"not_json"}),
                post("no object", "[]", 422),
                post("nothing in it", "{}", 422, {"/channel", "/template", "/recipient"}),
                post("nobody", json_of(nobody), 422, {"/recipient/email"}),
                post("a phone will do", json_of(by_phone), 201),
                post("U+0000", json_of(zero), 422),
                post("no UTF-8", "{\"channel\":\"\xff\"}", 422),
                {"days", "GET", path + "?days=0", "", "", 422, {"/days"}, {}, {}},
                {"limit", "GET", path + "?limit=1001", "", "", 422, {}, {}, {}},
                {"word", "GET", path + "?status=sunk", "", "", 422, {}, {}, {}},
                {"unknown", "GET", path + "/nothing", "", "", 404, {}, {}, {}}});
}

TEST_P(OutreachMessages, AreToldToTheirUser) {
  const std::string events = "/api/v1/events?module=outreach&after=";
  const auto poll = [&](const std::string& user, const std::string& cursor) {
    return server.call("GET", events + cursor, "", "", {{"X-User-Id", user}}).json();
  };
  const std::string start(poll("ann", "").at("cursor").as_string());
  const std::string session = server.start_session();
  const std::string id = server.log(record(session));
  server.set_status(id, "sent");
  server.ok(200, "POST", outreach_path("/sessions/" + session + "/end"));
  std::vector<std::string> kinds;
  const Json told = poll("ann", start);
  for (const Json& event : told.at("events").as_array()) {
    kinds.emplace_back(event.at("event").as_string());
  }
  EXPECT_EQ(kinds, (std::vector<std::string>{"session.started", "message.logged", "message.status",
                                             "session.ended"}));
  EXPECT_TRUE(poll("eve", start).at("events").as_array().empty());
}

INSTANTIATE_TEST_SUITE_P(Engines, OutreachMessages, testing::ValuesIn(all_engines()),
                         engine_name<testing::TestParamInfo<TestEngine>>);

}  // namespace
}  // namespace parley::test
