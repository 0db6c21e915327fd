// What became of messages: PUT /messages/{log_id}/status, POST /messages/status; the figures of
// sessions, also late.

#include "http/outreach_server.h"

namespace parley::test {
namespace {

using outreach::MessageLogRow;
using outreach::SessionSummaryRow;
using outreach::StatusEventRow;

class OutreachStatuses : public OutreachTest {
 protected:
  std::string session = server.start_session();

  std::string at(int second) {
    server.clock.set(parse_timestamp("2025-03-15T11:00:00Z").value() +
                     std::chrono::seconds(second));
    return "2025-03-15T11:00:0" + std::to_string(second) + ".000000Z";
  }
  JsonObject update(const json::array& updates) const {
    return server.ok(200, "POST", outreach_path("/messages/status"),
                     json_of({{"updates", updates}}));
  }
};

TEST_P(OutreachStatuses, StampTheirTimeOnceAndStayInTheHistory) {
  const std::string id = server.log(record(session));
  const std::string sent = at(1);
  server.set_status(id, "sent");
  const std::string read = at(2);
  server.set_status(id, "read");
  const std::string delivered = at(3);
  server.set_status(id, "delivered");
  at(4);
  server.set_status(id, "sent");
  const JsonObject found = server.message(id);
  EXPECT_EQ(found.at("message_status"), "sent");
  EXPECT_EQ(found.at("sent_at"), Json(sent));
  EXPECT_EQ(found.at("read_at"), Json(read));
  EXPECT_EQ(found.at("delivered_at"), Json(delivered));
  std::vector<std::string> history;
  for (const StatusEventRow& event : server.rows<StatusEventRow>()) {
    EXPECT_EQ(event.source, "api");
    history.push_back(event.status);
  }
  EXPECT_EQ(history, (std::vector<std::string>{"sent", "read", "delivered", "sent"}));
}

TEST_P(OutreachStatuses, MoveTheFiguresOfASessionThatHasEnded) {
  const std::string first = server.log(record(session, "sending"));
  const std::string second = server.log(record(session, "sent"));
  server.clock.advance(std::chrono::seconds(10));
  const JsonObject ended = server.ok(200, "POST", outreach_path("/sessions/" + session + "/end"));
  EXPECT_EQ(ended.at("success_rate").to_number<double>(), 50);
  EXPECT_EQ(ended.at("average_send_time").to_number<double>(), 5);
  EXPECT_EQ(ended.at("pending_messages"), 1);
  server.ok(200, "PUT", outreach_path("/messages/" + first + "/status"),
            R"({"status":"failed","error_message":"mailbox full"})");
  server.set_status(second, "cancelled");
  const JsonObject late = server.session(session);
  EXPECT_EQ(late.at("pending_messages"), 0);
  EXPECT_EQ(late.at("successful_messages"), 0);
  EXPECT_EQ(late.at("failed_messages"), 1);
  EXPECT_EQ(late.at("cancelled_messages"), 1);
  EXPECT_EQ(late.at("success_rate").to_number<double>(), 0);
  EXPECT_EQ(late.at("errors"), (Json{"mailbox full"}));
  EXPECT_EQ(late.at("end_time"), ended.at("end_time"));
  const JsonObject again = server.ok(200, "POST", outreach_path("/sessions/" + session + "/end"));
  EXPECT_EQ(again.at("end_time"), ended.at("end_time"));
}

TEST_P(OutreachStatuses, OverwriteWithWhatIsNotEmpty) {
  const std::string id = server.log(record(session));
  const std::string path = outreach_path("/messages/" + id + "/status");
  server.ok(
      200, "PUT", path,
      R"({"status":"sent","message_id":"p1","delivery_status":"queued","error_message":"slow"})");
  const JsonObject found = server.ok(
      200, "PUT", path, R"({"status":"delivered","message_id":"","delivery_status":"done"})");
  EXPECT_EQ(found.at("message_id"), "p1");
  EXPECT_EQ(found.at("delivery_status"), "done");
  EXPECT_EQ(found.at("error_message"), "slow");
}

TEST_P(OutreachStatuses, OfManyMessagesComeTogether) {
  const std::string first = server.log(record(session));
  const std::string second = server.log(record(session));
  const JsonObject answer = update({{{"log_id", first}, {"status", "sent"}},
                                    {{"log_id", "nobody's"}, {"status", "sent"}},
                                    {{"log_id", second}, {"status", "sending"}},
                                    {{"log_id", second}, {"status", "failed"}}});
  EXPECT_EQ(answer.at("updated"), 2);
  EXPECT_EQ(answer.at("unknown"), (Json{"nobody's"}));
  EXPECT_EQ(server.message(second).at("message_status"), "failed");
  const JsonObject figures = server.session(session);
  EXPECT_EQ(figures.at("successful_messages"), 1);
  EXPECT_EQ(figures.at("failed_messages"), 1);
  EXPECT_EQ(figures.at("pending_messages"), 0);
  EXPECT_EQ(server.rows<StatusEventRow>().size(), 3U);
}

TEST_P(OutreachStatuses, RefuseAnEighthWord) {
  const std::string id = server.log(record(session));
  const std::string path = outreach_path("/messages/" + id + "/status");
  play(server, {{"word",
                 "PUT",
                 path,
                 "",
                 R"({"status":"bounced"})",
                 422,
                 {"/status", "cancelled"},
                 {},
                 {{"X-User-Id", "ann"}}},
                {"none", "PUT", path, "", "{}", 422, {"/status"}, {}, {{"X-User-Id", "ann"}}},
                {"unknown",
                 "PUT",
                 outreach_path("/messages/x/status"),
                 "",
                 R"({"status":"sent"})",
                 404,
                 {},
                 {},
                 {{"X-User-Id", "ann"}}},
                {"no updates",
                 "POST",
                 outreach_path("/messages/status"),
                 "",
                 R"({"updates":[]})",
                 422,
                 {"/updates"},
                 {},
                 {}},
                {"which",
                 "POST",
                 outreach_path("/messages/status"),
                 "",
                 R"({"updates":[{"log_id":"x","status":"y"}]})",
                 422,
                 {"/updates/0/status"},
                 {},
                 {}}});
  EXPECT_EQ(server.message(id).at("message_status"), "pending");
}

/// As a program before this one left it: only `sent` was counted as a success.
TEST_P(OutreachStatuses, CountASessionAnewWhoseFiguresDoNotAddUp) {
  server.log(record(session, "delivered"));
  const std::string id = server.log(record(session, "sent"));
  server.write([&](store::UnitOfWork& unit) {
    store::update(unit.connection, store::equals<&SessionSummaryRow::session_id>(session),
                  store::set<&SessionSummaryRow::successful_messages>(1));
  });
  server.set_status(id, "read");
  EXPECT_EQ(server.session(session).at("successful_messages"), 2);
}

/// Messages that retention has deleted are still counted.
TEST_P(OutreachStatuses, LeaveTheFiguresOfDeletedMessages) {
  const std::string gone = server.log(record(session, "sent"));
  const std::string id = server.log(record(session));
  server.write([&](store::UnitOfWork& unit) {
    store::erase(unit.connection, store::equals<&MessageLogRow::id>(gone));
  });
  server.set_status(id, "sent");
  const JsonObject figures = server.session(session);
  EXPECT_EQ(figures.at("total_messages"), 2);
  EXPECT_EQ(figures.at("successful_messages"), 2);
}

TEST_P(OutreachStatuses, OfTwoNodesAreCountedOnce) {
  const OutreachServer other(server);
  const std::string first = server.log(record(session));
  const std::string second = other.log(record(session));
  other.set_status(first, "sent");
  server.set_status(second, "sent");
  EXPECT_EQ(server.session(session).at("successful_messages"), 2);
  EXPECT_EQ(server.session(session).at("total_messages"), 2);
}

INSTANTIATE_TEST_SUITE_P(Engines, OutreachStatuses, testing::ValuesIn(all_engines()),
                         engine_name<testing::TestParamInfo<TestEngine>>);

}  // namespace
}  // namespace parley::test
