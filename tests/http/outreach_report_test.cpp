// GET /analytics/report and /stats.

#include "http/outreach_server.h"

namespace parley::test {
namespace {

using testing::HasSubstr;

class OutreachReports : public OutreachTest {
 protected:
  struct Given {
    std::string day_and_time;
    std::string channel;
    std::string template_name;
    std::string status;
    std::string email;
    std::string company;
    std::string error;
  };

  void log_all(const std::vector<Given>& messages) {
    json::array records;
    for (const Given& each : messages) {
      JsonObject logged = record("", each.status, each.email);
      logged["channel"] = each.channel;
      logged["timestamp"] = each.day_and_time + "Z";
      logged["template"] = {{"id", each.template_name}, {"name", each.template_name}};
      JsonObject& recipient = logged["recipient"].as_object();
      if (each.email.empty()) recipient["phone"] = "+15550104477";
      recipient["company"] = each.company;
      if (each.company.empty()) recipient.erase("company");
      if (!each.error.empty()) logged["error_message"] = each.error;
      records.push_back(std::move(logged));
    }
    server.ok(201, "POST", outreach_path("/messages/batch"), json_of({{"messages", records}}));
  }

  JsonObject report(const std::string& query = "?days=2") const {
    return server.ok(200, "GET", outreach_path("/analytics/report" + query));
  }
};

TEST_P(OutreachReports, OfNothingHaveAllFields) {
  EXPECT_EQ(report("?days=1"),
            (Json{{"report_id", "ann_1d_20250315"},
                  {"generated_at", "2025-03-15T10:00:00.000000Z"},
                  {"user_id", "ann"},
                  {"date_range", {"2025-03-14T10:00:00.000000Z", "2025-03-15T10:00:00.000000Z"}},
                  {"total_messages_sent", 0},
                  {"total_sessions", 0},
                  {"channels_used", json::array()},
                  {"templates_used", json::array()},
                  {"overall_success_rate", 0.0},
                  {"success_by_channel", json::object()},
                  {"success_by_template", json::object()},
                  {"success_by_day", json::object()},
                  {"average_messages_per_session", 0.0},
                  {"average_session_duration", 0.0},
                  {"peak_sending_hours", json::array()},
                  {"busiest_days", json::array()},
                  {"common_errors", json::array()},
                  {"error_trends", json::object()},
                  {"top_companies", json::array()},
                  {"repeat_recipients", json::array()},
                  {"template_performance", json::object()},
                  {"recommendations", json::array()}}));
}

TEST_P(OutreachReports, AreComputedFromTheMessagesOfTheRange) {
  log_all({{"2025-03-13T09:59:59", "email", "Old", "sent", "z@x", "Old", ""},
           {"2025-03-13T10:00:00", "email", "A", "read", "a@x", "Acme", ""},
           {"2025-03-14T07:00:00", "email", "A", "delivered", "a@x", "Acme", ""},
           {"2025-03-14T07:30:00", "email", "B", "failed", "b@x", "", "mailbox full"},
           {"2025-03-14T08:00:00", "whatsapp", "B", "failed", "", "Zeta", "no such number"},
           {"2025-03-15T07:00:00", "email", "A", "failed", "c@x", "Acme", "mailbox full"}});
  const JsonObject found = report();
  EXPECT_EQ(found.size(), 22U);
  EXPECT_EQ(found.at("total_messages_sent"), 5);
  EXPECT_EQ(found.at("total_sessions"), 2);
  EXPECT_EQ(found.at("channels_used"), (Json{"email", "whatsapp"}));
  EXPECT_EQ(found.at("templates_used"), (Json{"A", "B"}));
  EXPECT_EQ(found.at("overall_success_rate"), 40.0);
  EXPECT_EQ(found.at("success_by_channel"), (Json{{"email", 50.0}, {"whatsapp", 0.0}}));
  EXPECT_EQ(found.at("success_by_template"), (Json{{"A", 66.67}, {"B", 0.0}}));
  EXPECT_EQ(found.at("success_by_day"), (Json{{"2025-03-13", 1}, {"2025-03-14", 1}}));
  EXPECT_EQ(found.at("average_messages_per_session"), 2.5);
  EXPECT_EQ(found.at("peak_sending_hours"), (Json{7, 8, 10}));
  EXPECT_EQ(found.at("busiest_days"), (Json{"2025-03-14", "2025-03-13", "2025-03-15"}));
  EXPECT_EQ(found.at("common_errors"),
            (Json{json::array{"mailbox full", 2}, json::array{"no such number", 1}}));
  EXPECT_EQ(found.at("error_trends"),
            (Json{{"mailbox full", {0, 1, 1}}, {"no such number", {0, 1, 0}}}));
  EXPECT_EQ(found.at("top_companies"), (Json{json::array{"Acme", 3}, json::array{"Zeta", 1}}));
  EXPECT_EQ(found.at("repeat_recipients"), (Json{json::array{"a@x", 2}}));
  EXPECT_EQ(found.at("template_performance"), (Json{{"A",
                                                     {{"total", 3},
                                                      {"successful", 2},
                                                      {"failed", 1},
                                                      {"delivered", 2},
                                                      {"read", 1},
                                                      {"success_rate", 66.67},
                                                      {"read_rate", 33.33}}},
                                                    {"B",
                                                     {{"total", 2},
                                                      {"successful", 0},
                                                      {"failed", 2},
                                                      {"delivered", 0},
                                                      {"read", 0},
                                                      {"success_rate", 0.0},
                                                      {"read_rate", 0.0}}}}));
  ASSERT_EQ(found.at("recommendations").as_array().size(), 1U);
  EXPECT_THAT(std::string(found.at("recommendations").at(0).as_string()), HasSubstr("80 %"));
}

TEST_P(OutreachReports, MeasureSessionsThatHaveEnded) {
  const std::string quick = server.start_session();
  const std::string slow = server.start_session();
  server.start_session();
  server.clock.advance(std::chrono::seconds(10));
  server.ok(200, "POST", outreach_path("/sessions/" + quick + "/end"));
  server.clock.advance(std::chrono::seconds(20));
  server.ok(200, "POST", outreach_path("/sessions/" + slow + "/end"));
  EXPECT_EQ(report().at("average_session_duration"), 20.0);
}

TEST_P(OutreachReports, AdviseByTheirRules) {
  std::vector<Given> messages;
  for (int i = 0; i < 10; ++i) {
    const std::string second = "0" + std::to_string(i);
    messages.push_back({"2025-03-14T09:00:" + second, "whatsapp", "Poor", i < 6 ? "failed" : "sent",
                        "", "", i < 6 ? "blocked" : ""});
    messages.push_back({"2025-03-14T09:01:" + second, "email", "Good", "sent", "a@x", "", ""});
  }
  messages.push_back({"2025-03-14T09:02:00", "email", "Good", "pending", "a@x", "", ""});
  log_all(messages);
  const Json found = report().at("recommendations");
  const std::string advice = to_text(found);
  for (const char* part : {"80 %", "A channel", "A template", "One error", "pending"}) {
    EXPECT_THAT(advice, HasSubstr(part));
  }
}

TEST_P(OutreachReports, AreKeptForAnHour) {
  const JsonObject first = report();
  log_all({{"2025-03-15T09:00:00", "email", "A", "sent", "a@x", "", ""}});
  server.clock.advance(std::chrono::minutes(59));
  EXPECT_EQ(report(), first);
  EXPECT_EQ(report("?days=2&force_refresh=true").at("total_messages_sent"), 1);
  EXPECT_EQ(report().at("total_messages_sent"), 1);
  server.clock.advance(std::chrono::minutes(61));
  EXPECT_EQ(report().at("generated_at"), "2025-03-15T12:00:00.000000Z");
  EXPECT_EQ(server.call_as("eve", "GET", outreach_path("/analytics/report?days=2"))
                .json()
                .at("total_messages_sent"),
            0);
}

TEST_P(OutreachReports, RefuseDaysOutOfRange) {
  for (const char* days : {"0", "3651", "x"}) {
    EXPECT_EQ(
        server.call_as("ann", "GET", outreach_path(std::string("/analytics/report?days=") + days))
            .status,
        422);
  }
}

TEST_P(OutreachReports, QuickStatsTellOfThirtyDays) {
  const std::string path = outreach_path("/stats");
  const JsonObject none = server.ok(200, "GET", path);
  EXPECT_EQ(none.at("most_used_channel"), "None");
  EXPECT_EQ(none.at("current_session_active"), false);
  log_all({{"2025-03-15T09:00:00", "email", "A", "sent", "a@x", "", ""},
           {"2025-03-15T09:00:01", "email", "A", "failed", "a@x", "", ""},
           {"2025-03-15T09:00:02", "whatsapp", "A", "sent", "", "", ""},
           {"2025-01-15T09:00:00", "whatsapp", "A", "sent", "", "", ""}});
  const JsonObject stats = server.ok(200, "GET", path);
  EXPECT_EQ(stats.at("messages_last_30_days"), 3);
  EXPECT_EQ(stats.at("success_rate_30_days"), 66.7);
  EXPECT_EQ(stats.at("most_used_channel"), "email");
  EXPECT_EQ(stats.at("sessions_last_30_days"), 2);
  EXPECT_EQ(stats.at("current_session_active"), true);
  EXPECT_EQ(stats.at("database_path"), "/data/outreach.db");
}

INSTANTIATE_TEST_SUITE_P(Engines, OutreachReports, testing::ValuesIn(all_engines()),
                         engine_name<testing::TestParamInfo<TestEngine>>);

}  // namespace
}  // namespace parley::test
