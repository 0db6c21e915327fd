// GET /export: byte for byte what the programs before this one wrote.

#include "base/text.h"
#include "http/outreach_server.h"

namespace parley::test {
namespace {

using testing::HasSubstr;

class OutreachExports : public OutreachTest {
 protected:
  HttpAnswer exported(const std::string& query) const {
    return server.call_as("ann", "GET", outreach_path("/export" + query));
  }
};

TEST_P(OutreachExports, AsCsvAreTheTwoTables) {
  const std::string session = server.start_session();
  JsonObject logged = record(session, "failed", "bob@x.example");
  logged["recipient"].as_object()["company"] = "Acme, \"Inc\"";
  logged["error_message"] = "line one\nline two";
  server.log(logged);
  server.clock.advance(std::chrono::seconds(1));
  server.log(record(session, "sent"));
  server.ok(200, "POST", outreach_path("/sessions/" + session + "/end"));
  const HttpAnswer answer = exported("?format=CSV");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.header("Content-Type"), "text/csv; charset=utf-8");
  EXPECT_EQ(
      answer.body,
      "Message Logs\r\n"
      "Timestamp,Channel,Template,Recipient,Company,Status,Error,Sent At\r\n"
      "2025-03-15 10:00:01.000000,email,Welcome,bob@x.example,Acme,sent,,"
      "2025-03-15 10:00:01.000000\r\n"
      "2025-03-15 10:00:00.000000,email,Welcome,bob@x.example,\"Acme, \"\"Inc\"\"\",failed,"
      "\"line one\nline two\",\r\n"
      "\r\n"
      "Session Summaries\r\n"
      "Session ID,Start Time,End Time,Channel,Template,Total,Successful,Failed,Success Rate\r\n" +
          session +
          ",2025-03-15 10:00:00.000000,2025-03-15 10:00:01.000000,email,Welcome,2,1,1,50.0%\r\n");
}

TEST_P(OutreachExports, MakeFormulasTextsWhenAsked) {
  JsonObject logged = record();
  logged["recipient"].as_object()["company"] = "=1+1";
  server.log(logged);
  EXPECT_THAT(exported("?format=csv").body, HasSubstr(",=1+1,"));
  EXPECT_THAT(exported("?format=csv&csv_safe=true").body, HasSubstr(",'=1+1,"));
}

TEST_P(OutreachExports, AsJsonAreOneDocument) {
  const std::string session = server.start_session();
  JsonObject logged = record(session, "sent");
  logged["metadata"] = {{"campaign", "spring"}};
  const std::string id = server.log(logged);
  const HttpAnswer answer = exported("");
  const std::string message =
      "    {\n      \"id\": \"" + id +
      "\",\n"
      "      \"timestamp\": \"2025-03-15 10:00:00.000000\",\n"
      "      \"user_id\": \"ann\",\n      \"session_id\": \"" +
      session +
      "\",\n"
      "      \"channel\": \"email\",\n      \"template_id\": \"t1\",\n"
      "      \"template_name\": \"Welcome\",\n      \"recipient_email\": \"bob@x.example\",\n"
      "      \"recipient_name\": \"Bob\",\n      \"recipient_phone\": null,\n"
      "      \"recipient_company\": \"Acme\",\n      \"message_status\": \"sent\",\n"
      "      \"message_id\": null,\n      \"delivery_status\": null,\n"
      "      \"error_message\": null,\n      \"sent_at\": \"2025-03-15 10:00:00.000000\",\n"
      "      \"delivered_at\": null,\n      \"read_at\": null,\n"
      "      \"response_received\": false,\n      \"content_preview\": null,\n"
      "      \"metadata\": {\n        \"campaign\": \"spring\",\n"
      "        \"template_channels\": [\n          \"email\"\n        ],\n"
      "        \"message_length\": 0,\n        \"has_attachments\": false,\n"
      "        \"log_created_at\": \"2025-03-15T10:00:00.000000+00:00\"\n      }\n    }";
  const std::string start =
      "{\n  \"export_date\": \"2025-03-15 10:00:00.000000\",\n  \"user_id\": \"ann\",\n"
      "  \"days_exported\": 30,\n  \"messages\": [\n" +
      message + "\n  ],\n  \"sessions\": [\n    {\n";
  EXPECT_EQ(answer.body.substr(0, start.size()), start);
  const Json whole = answer.json();
  EXPECT_EQ(whole.at("sessions").as_array().size(), 1U);
  EXPECT_EQ(whole.at("sessions").at(0).at("start_time"), "2025-03-15 10:00:00.000000");
  EXPECT_EQ(whole.at("sessions").at(0).at("channels_used"), (Json{"email"}));
  EXPECT_EQ(whole.at("sessions").at(0).as_object().size(), 16U);
}

TEST_P(OutreachExports, OfNothingAreEmptyLists) {
  EXPECT_EQ(exported("").body,
            "{\n  \"export_date\": \"2025-03-15 10:00:00.000000\",\n  \"user_id\": \"ann\",\n"
            "  \"days_exported\": 30,\n  \"messages\": [],\n  \"sessions\": []\n}");
  EXPECT_EQ(exported("?format=ndjson").body, "");
}

TEST_P(OutreachExports, HoldEveryRowOnceHoweverManyPiecesTheyTake) {
  const std::string session = server.start_session();
  json::array records;
  for (int i = 0; i < 2500; ++i) records.push_back(record(session, "", std::to_string(i) + "@x"));
  server.ok(201, "POST", outreach_path("/messages/batch"), json_of({{"messages", records}}));
  const std::vector<std::string> lines = split(exported("?format=ndjson").body, '\n');
  ASSERT_EQ(lines.size(), 2502U);  // The session, and nothing behind the last line's end.
  std::set<std::string> recipients;
  for (std::size_t i = 0; i < 2500; ++i) {
    const Json line = parse_json(lines[i]);
    EXPECT_EQ(line.at("type"), "message");
    recipients.emplace(line.at("recipient_email").as_string());
  }
  EXPECT_EQ(recipients.size(), 2500U);
  EXPECT_EQ(parse_json(lines[2500]).at("type"), "session");
  EXPECT_EQ(exported("?format=json").json().at("messages").as_array().size(), 2500U);
}

TEST_P(OutreachExports, RefuseAFormThatIsNone) {
  const HttpAnswer answer = exported("?format=xml");
  EXPECT_EQ(answer.status, 400);
  EXPECT_THAT(answer.body, HasSubstr("Unsupported export format: xml"));
}

INSTANTIATE_TEST_SUITE_P(Engines, OutreachExports, testing::ValuesIn(all_engines()),
                         engine_name<testing::TestParamInfo<TestEngine>>);

}  // namespace
}  // namespace parley::test
