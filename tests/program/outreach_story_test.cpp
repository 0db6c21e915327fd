// The document that outreach comes from (message logging fixes), as the commands that answer it: a
// file as an early version of the original left it is taken over, verified, served and exported.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/json.h"
#include "base/text.h"
#include "database/connection.h"
#include "support/databases.h"
#include "support/http_client.h"
#include "support/process.h"

namespace parley::test {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;

using Words = std::vector<std::string>;

std::string contents_of(const std::string& file) {
  std::ifstream stream(file, std::ios::binary);
  std::stringstream text;
  text << stream.rdbuf();
  return text.str();
}

class OutreachStory : public testing::Test {
 protected:
  void SetUp() override {
    auto connection = database::open(database::Url::sqlite_file(file_));
    connection->execute(
        contents_of(std::string(PARLEY_SOURCES) + "/../adoption/shapes/outreach.G1.sql"));
  }

  Outcome run(const Words& words) { return run_parley(words, directory_.path(), environment_); }
  Outcome db(Words words) {
    words.insert(words.begin(), "db");
    words.insert(words.end(), {"--module", "outreach"});
    return run(words);
  }

  TemporaryDirectory directory_;
  const std::string file_ = directory_.path() + "/message_logs.db";
  const Environment environment_{{"PARLEY_DATABASE_OUTREACH", "sqlite:///" + file_},
                                 {"PARLEY_OUTREACH_LEGACY_TIMEZONE", "Europe/Berlin"},
                                 {"TZ", "UTC"}};
};

const std::string kStatuses =
    "PENDING: pending\nSENDING: sending\nSENT: sent\nDELIVERED: delivered\nREAD: read\n"
    "FAILED: failed\nCANCELLED: cancelled\n"
    "✓ MessageStatus.DELIVERED exists: delivered\n"
    "✓ MessageStatus.READ exists: read\n"
    "✓ All MessageStatus values are working correctly!\n";

TEST_F(OutreachStory, TheMigrationSaysWhatTheDocumentSays) {
  const Outcome before = db({"verify"});
  EXPECT_EQ(before.exit_code, 1);
  EXPECT_THAT(before.out, HasSubstr("Missing column: message_logs.updated_at"));
  const Outcome upgraded = db({"upgrade"});
  EXPECT_EQ(upgraded.exit_code, 0) << upgraded.err;
  EXPECT_THAT(upgraded.out, HasSubstr("✓ Added column message_logs.updated_at\n"
                                      "✓ Added column session_summaries.channels_used\n"
                                      "✓ Added column session_summaries.templates_used\n"
                                      "✓ Added column session_summaries.session_metadata\n"
                                      "✓ Added column session_summaries.updated_at\n"));
  EXPECT_THAT(upgraded.out, HasSubstr("✓ Schema version updated to 1\n"));
  const Outcome verified = db({"verify"});
  EXPECT_EQ(verified.exit_code, 0) << verified.out;
  EXPECT_THAT(verified.out, HasSubstr(kStatuses));
  const Outcome again = db({"upgrade"});
  EXPECT_EQ(again.exit_code, 0);
  EXPECT_THAT(again.out, Not(HasSubstr("Added column")));
}

TEST_F(OutreachStory, TheServerTakesTheFileOverAndServesItsRows) {
  RunningServer server({}, directory_.path(), environment_);
  const std::string base = "/api/v1/outreach";
  const HttpHeaders user{{"X-User-Id", "u"}};
  const auto get = [&](const std::string& path) {
    const HttpAnswer answer = http_call(server.port(), "GET", base + path, user);
    EXPECT_EQ(answer.status, 200) << answer.body;
    return answer.json();
  };
  // 10:00 in Berlin, in winter, is 9:00 in UTC.
  const Json messages = get("/messages?days=3650");
  ASSERT_EQ(messages.at("data").as_array().size(), 2U);
  EXPECT_EQ(messages.at("data").at(1).at("timestamp"), "2025-01-01T09:00:00.000000Z");
  EXPECT_EQ(messages.at("data").at(1).at("metadata"), Json(json::object()));
  EXPECT_EQ(get("/sessions/s1").at("channels_used"), (Json{"email"}));
  const Json first = get("/messages?days=3650&limit=1");
  EXPECT_EQ(first.at("data").at(0).at("id"), "m2");
  const Json second =
      get("/messages?days=3650&limit=1&cursor=" + std::string(first.at("next").as_string()));
  EXPECT_EQ(second.at("data").at(0).at("id"), "m1");
  const HttpAnswer changed = http_call(server.port(), "PUT", base + "/messages/m2/status", user,
                                       R"({"status":"delivered"})");
  EXPECT_EQ(changed.status, 200) << changed.body;
  EXPECT_EQ(get("/sessions/s1").at("successful_messages"), 2);
  const HttpAnswer opened = http_call(server.port(), "POST", base + "/sessions", user,
                                      R"({"channel":"email","template":{"name":"Welcome"}})");
  EXPECT_EQ(opened.status, 201) << "columns of the original do not refuse our rows: "
                                << opened.body;
  const HttpAnswer logged = http_call(
      server.port(), "POST", base + "/messages", user,
      R"({"channel":"email","template":{"id":"t","name":"T"},"recipient":{"name":"C","email":"c@x"}})");
  EXPECT_EQ(logged.status, 201) << logged.body;
  EXPECT_EQ(get("/messages?days=3650").at("data").as_array().size(), 3U);
  EXPECT_EQ(get("/analytics/report?days=3650").at("total_messages_sent"), 3);
  const HttpAnswer repaired = http_call(server.port(), "POST", base + "/maintenance/repair", user);
  EXPECT_EQ(repaired.status, 200) << repaired.body;
  EXPECT_EQ(repaired.json().at("ok"), true) << repaired.body;
  const HttpAnswer copied =
      http_call(server.port(), "POST", base + "/maintenance/backup", user, R"({"name":"copy.db"})");
  EXPECT_EQ(copied.status, 200) << copied.body;
  EXPECT_TRUE(std::filesystem::exists(directory_.path() + "/parley-data/backups/copy.db"));
  const Json health = get("/health");
  EXPECT_EQ(health.at("database_path"), Json(file_));
  EXPECT_TRUE(health.at("errors").as_array().empty()) << to_text(health);
  EXPECT_GE(health.at("indexes").as_array().size(), 16U);
  EXPECT_EQ(server.stop(), 0);
}

TEST_F(OutreachStory, TheCommandLineReportsExportsAndTidies) {
  const Outcome report = run({"outreach", "report", "--user", "u", "--days", "3650"});
  EXPECT_EQ(report.exit_code, 0) << report.err;
  EXPECT_THAT(report.out, HasSubstr("  messages              2\n"));
  EXPECT_THAT(report.out, HasSubstr("50.0 %"));
  const Outcome as_json = run({"outreach", "report", "--user", "u", "--days", "3650", "--json"});
  EXPECT_EQ(parse_json(as_json.out).as_object().size(), 22U);
  const Outcome page =
      run({"outreach", "report", "--user", "u", "--days", "3650", "--html", "report.html"});
  EXPECT_EQ(page.exit_code, 0) << page.err;
  const std::string html = contents_of(directory_.path() + "/report.html");
  EXPECT_THAT(html, HasSubstr("<svg"));
  EXPECT_THAT(html, Not(HasSubstr("http://")));
  EXPECT_THAT(html, EndsWith("</body></html>\n"));

  const Outcome csv = run({"outreach", "export", "--user", "u", "--days", "3650", "--format", "csv",
                           "--out", "all.csv"});
  EXPECT_EQ(csv.exit_code, 0) << csv.err;
  EXPECT_THAT(contents_of(directory_.path() + "/all.csv"),
              HasSubstr("2025-01-01 09:00:00.000000,email,Welcome,a@example.org,,sent,,\r\n"));
  const Outcome lines =
      run({"outreach", "export", "--user", "u", "--days", "3650", "--format", "ndjson", "--quiet"});
  EXPECT_EQ(split(lines.out, '\n').size(), 4U);
  EXPECT_EQ(run({"outreach", "export", "--format", "xml"}).exit_code, 2);
  EXPECT_EQ(run({"outreach", "report", "--days", "0"}).exit_code, 2);

  const Outcome counted =
      run({"outreach", "retention", "--user", "u", "--days", "30", "--dry-run"});
  EXPECT_THAT(counted.out, HasSubstr("Would delete 2 messages, 1 sessions"));
  const Outcome deleted = run({"outreach", "retention", "--user", "u", "--days", "30"});
  EXPECT_THAT(deleted.out, HasSubstr("Deleted 2 messages, 1 sessions"));
  const Outcome health = run({"outreach", "health"});
  EXPECT_EQ(health.exit_code, 0) << health.out << health.err;
  EXPECT_THAT(health.out, HasSubstr("✓ Nothing is wrong"));
}

}  // namespace
}  // namespace parley::test
