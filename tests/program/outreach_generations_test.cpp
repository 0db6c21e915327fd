// Files of every generation of the original, served: their local times are told as the instants
// that they were, whatever form they have, before and after a repair has written them as UTC.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "base/json.h"
#include "database/connection.h"
#include "support/databases.h"
#include "support/http_client.h"
#include "support/process.h"

namespace parley::test {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::StartsWith;

using Texts = std::vector<std::string>;

constexpr const char* kBase = "/api/v1/outreach";

/// Beside the two messages of the shape, from 10:00 in a winter: three of a summer.
constexpr const char* kSummer = R"(
INSERT INTO message_logs (id, timestamp, user_id, session_id, channel, template_id, template_name,
    recipient_email, recipient_name, message_status, sent_at) VALUES
  ('local', '2025-07-01T10:00:00', 'u', 's1', 'email', 't', 'T', 'c@x', 'C', 'sent',
   '2025-07-01T10:00:00.5'),
  ('offset', '2025-07-01T08:30:00+00:00', 'u', 's1', 'email', 't', 'T', 'd@x', 'D', 'failed', NULL),
  ('blank', '2025-07-01 08:15:00', 'u', 's1', 'email', 't', 'T', 'e@x', 'E', 'failed', NULL);)";

std::string shape_of(const std::string& generation) {
  std::ifstream stream(std::string(PARLEY_SOURCES) + "/../adoption/shapes/outreach." + generation +
                       ".sql");
  std::stringstream text;
  text << stream.rdbuf();
  return text.str();
}

class OutreachGenerations : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    auto connection = database::open(database::Url::sqlite_file(file_));
    connection->execute(shape_of(GetParam()));
    connection->execute(kSummer);
  }

  Json get(const RunningServer& server, const std::string& path) const {
    const HttpAnswer answer = http_call(server.port(), "GET", kBase + path, {{"X-User-Id", "u"}});
    EXPECT_EQ(answer.status, 200) << path << ": " << answer.body;
    return answer.json();
  }

  /// `id timestamp` of all messages, two a page.
  Texts messages_by_page(const RunningServer& server) const {
    Texts found;
    std::string cursor;
    do {
      const Json page = get(server, "/messages?days=3650&limit=2" + cursor);
      for (const Json& each : page.at("data").as_array()) {
        found.push_back(json::value_to<std::string>(each.at("id")) + ' ' +
                        json::value_to<std::string>(each.at("timestamp")));
      }
      const Json& next = page.at("next");
      cursor = next.is_null() ? "" : "&cursor=" + json::value_to<std::string>(next);
    } while (!cursor.empty() && found.size() < 10);
    return found;
  }

  void expect_instants(const RunningServer& server) const {
    EXPECT_THAT(
        messages_by_page(server),
        ElementsAre("offset 2025-07-01T08:30:00.000000Z", "blank 2025-07-01T08:15:00.000000Z",
                    "local 2025-07-01T08:00:00.000000Z", "m2 2025-01-01T09:00:01.000000Z",
                    "m1 2025-01-01T09:00:00.000000Z"));
    EXPECT_EQ(get(server, "/messages/local").at("sent_at"), "2025-07-01T08:00:00.500000Z");
    const Json session = get(server, "/sessions/s1");
    EXPECT_EQ(session.at("start_time"), "2025-01-01T09:00:00.000000Z");
    EXPECT_EQ(session.at("channel"), "email");
    EXPECT_EQ(session.at("channels_used"), (Json{"email"}));
    const Json report = get(server, "/analytics/report?days=3650&force_refresh=true");
    EXPECT_EQ(report.at("total_messages_sent"), 5);
    EXPECT_EQ(report.at("peak_sending_hours"), (Json{8, 9}));
  }

  TemporaryDirectory directory_;
  const std::string file_ = directory_.path() + "/message_logs.db";
  const Environment environment_{{"PARLEY_DATABASE_OUTREACH", "sqlite:///" + file_},
                                 {"PARLEY_OUTREACH_LEGACY_TIMEZONE", "Europe/Berlin"},
                                 {"TZ", "UTC"}};
};
INSTANTIATE_TEST_SUITE_P(Shapes, OutreachGenerations, testing::Values("G1", "G2", "G3", "G4", "G5"),
                         [](const auto& generation) { return std::string(generation.param); });

TEST_P(OutreachGenerations, TellLocalTimesAsInstants) {
  {
    RunningServer server({}, directory_.path(), environment_);
    expect_instants(server);
    Texts lines;
    const Json log = get(server, "/system-logs?component=database");
    for (const Json& line : log.at("data").as_array())
      lines.push_back(json::value_to<std::string>(line.at("message")));
    EXPECT_THAT(lines, Contains(StartsWith("Migrated: ")));
    EXPECT_EQ(server.stop(), 0);
  }
  const Outcome repaired = run_parley({"db", "repair", "--module", "outreach", "--times"},
                                      directory_.path(), environment_);
  EXPECT_EQ(repaired.exit_code, 0) << repaired.out << repaired.err;
  RunningServer server({}, directory_.path(), environment_);
  expect_instants(server);
  auto connection = database::open(database::Url::sqlite_file(file_));
  EXPECT_EQ(database::text_of(
                database::query(*connection, "SELECT timestamp FROM message_logs WHERE id = 'm1'")
                    .at(0)
                    .at(0)),
            "2025-01-01T09:00:00.000000+00:00");
}

}  // namespace
}  // namespace parley::test
