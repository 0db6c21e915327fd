// Sessions as a list, retention, system log, health, maintenance, vocabulary, who may call.

#include "base/error.h"
#include "http/outreach_server.h"
#include "outreach/system_log.h"

namespace parley::test {
namespace {

using outreach::MessageLogRow;
using outreach::StatusEventRow;
using testing::HasSubstr;

class OutreachUpkeep : public OutreachTest {};

TEST_P(OutreachUpkeep, SessionsAreListedNewestFirst) {
  std::vector<std::string> ids;
  for (int i = 0; i < 3; ++i) {
    ids.push_back(server.start_session());
    server.clock.advance(std::chrono::seconds(1));
  }
  JsonObject failed = record(ids[1], "failed");
  failed["error_message"] = "mailbox full";
  server.log(failed);
  const JsonObject first = server.ok(200, "GET", outreach_path("/sessions?limit=2"));
  const json::array& page = first.at("data").as_array();
  ASSERT_EQ(page.size(), 2U);
  EXPECT_EQ(page[0].at("session_id"), Json(ids[2]));
  EXPECT_EQ(page[1].at("errors"), (Json{"mailbox full"}));
  const JsonObject second = server.ok(
      200, "GET",
      outreach_path("/sessions?limit=2&cursor=" + std::string(first.at("next").as_string())));
  EXPECT_EQ(second.at("data").as_array().size(), 1U);
  EXPECT_EQ(second.at("has_more"), false);
  EXPECT_EQ(second.at("next"), nullptr);
  EXPECT_EQ(server.call_as("eve", "GET", outreach_path("/sessions/" + ids[0])).status, 404);
  EXPECT_EQ(server.call_as("eve", "POST", outreach_path("/sessions/" + ids[0] + "/end")).status,
            404);
}

TEST_P(OutreachUpkeep, ASessionNeedsAChannelAndATemplate) {
  const std::string path = outreach_path("/sessions");
  server.ok(201, "POST", path,
            R"({"channel":"whatsapp","template":{"name":"Hi"},"metadata":{"a":1}})");
  const auto post = [&](const char* name, const char* body, const char* pointer) {
    return Scenario{name, "POST", path, "", body, 422, {pointer}, {}, {}};
  };
  play(server, {post("channel", R"({"channel":"pigeon","template_name":"x"})", "/channel"),
                post("none", "{}", "/template"),
                post("no name", R"({"channel":"email","template":{}})", "/template/name")});
}

TEST_P(OutreachUpkeep, RetentionDeletesWhatIsOldAndOnlyThat) {
  const std::string session = server.start_session();
  server.log(record(session, "sent"));
  server.call_as("eve", "POST", outreach_path("/messages"), json_of(record("", "sent")));
  server.ok(200, "GET", outreach_path("/analytics/report"));
  server.clock.advance(std::chrono::days(100));
  server.log(record(session, "sent"));
  const std::string path = outreach_path("/retention");
  const JsonObject counted = server.ok(200, "POST", path, R"({"dry_run":true})");
  EXPECT_EQ(counted.at("deleted"),
            (Json{{"messages", 1}, {"sessions", 1}, {"reports", 1}, {"deliveries", 0}}));
  EXPECT_EQ(counted.at("dry_run"), true);
  EXPECT_EQ(counted.at("cutoff"), "2025-03-25T10:00:00.000000Z");
  EXPECT_EQ(server.rows<MessageLogRow>().size(), 3U);
  const JsonObject deleted = server.ok(200, "POST", path, R"({"days":90})");
  EXPECT_EQ(deleted.at("total"), 3);
  EXPECT_EQ(server.rows<MessageLogRow>().size(), 2U);
  EXPECT_EQ(server.rows<StatusEventRow>().size(), 2U);
  EXPECT_EQ(server.ok(200, "POST", path, R"({"days":90})").at("total"), 0);
  play(server, {{"days", "POST", path, "", R"({"days":0})", 422, {"/days"}, {}, {}}});
}

TEST_P(OutreachUpkeep, TheSystemLogTellsWhatWasDone) {
  server.log(record());
  server.clock.advance(std::chrono::days(2));
  server.ok(200, "POST", outreach_path("/retention"), R"({"days":1})");
  server.ok(200, "POST", outreach_path("/maintenance/repair"));
  const auto lines = [&](const std::string& query) {
    return server.ok(200, "GET", outreach_path("/system-logs" + query)).at("data").as_array();
  };
  ASSERT_EQ(lines("").size(), 3U);
  EXPECT_EQ(lines("")[0].at("component"), "database");
  EXPECT_EQ(lines("")[2].at("message"), "Server started");
  EXPECT_EQ(lines("?level=ERROR").size(), 0U);
  EXPECT_EQ(lines("?component=database&level=INFO").size(), 2U);
  EXPECT_EQ(server.call_as("eve", "GET", outreach_path("/system-logs"))
                .json()
                .at("data")
                .as_array()
                .size(),
            2U);
  EXPECT_EQ(server.call_as("ann", "GET", outreach_path("/system-logs?level=LOUD")).status, 422);
}

// Whoever brought the schema up to date: the journal is read at each start.
TEST_P(OutreachUpkeep, TheSystemLogTellsOnceOfMigrations) {
  auto settings = OutreachServer::default_settings();
  const Timestamp at = server.clock.now();
  using End = outreach::SchemaEvent::End;
  settings.maintenance.schema_events = [at] {
    return std::vector<outreach::SchemaEvent>{
        {.id = 1, .at = at - std::chrono::days(91), .text = "Migrated: upgrade of 1"},
        {.id = 2, .at = at - std::chrono::hours(2), .text = "Migrated: adopt"},
        {.id = 3,
         .at = at - std::chrono::hours(1),
         .text = "Migration failed: upgrade of s01_delivery",
         .end = End::Failed}};
  };
  const OutreachServer first(server.database(), settings);
  const OutreachServer again(server.database(), settings);
  const json::array lines =
      again.ok(200, "GET", outreach_path("/system-logs?component=database")).at("data").as_array();
  ASSERT_EQ(lines.size(), 2U) << "that of three months ago would be deleted at once";
  EXPECT_EQ(lines[0].at("message"), "Migration failed: upgrade of s01_delivery");
  EXPECT_EQ(lines[0].at("level"), "ERROR");
  EXPECT_EQ(lines[0].at("timestamp"), "2025-03-15T09:00:00.000000Z");
  EXPECT_EQ(lines[1].at("message"), "Migrated: adopt");
  EXPECT_EQ(lines[1].at("level"), "INFO");
}

TEST_P(OutreachUpkeep, TheSystemLogTellsOfFailuresWithoutTheirReasons) {
  auto settings = OutreachServer::default_settings();
  settings.maintenance.look = []() -> outreach::SchemaFindings {
    throw Error(ErrorCode::Internal, "the disk of ann is broken");
  };
  const OutreachServer failing(GetParam(), settings);
  EXPECT_EQ(failing.call_as("ann", "GET", outreach_path("/health")).status, 500);
  EXPECT_EQ(failing.call_as("ann", "GET", outreach_path("/messages/none")).status, 404);
  // Written beside the requests.
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  json::array lines;
  while (lines.empty() && std::chrono::steady_clock::now() < deadline) {
    lines = failing.ok(200, "GET", outreach_path("/system-logs?level=ERROR")).at("data").as_array();
  }
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_THAT(std::string(lines[0].at("message").as_string()),
              testing::StartsWith("GET /health was answered with 500"));
  EXPECT_THAT(std::string(lines[0].at("details").as_string()), testing::StartsWith("request "));
}

TEST_P(OutreachUpkeep, TroublesWaitUntilTheyCanBeWritten) {
  outreach::TroubleLog trouble(server.store());
  const auto round = trouble.watched("The upkeep of sending", outreach::Component::Delivery,
                                     []() -> bool { throw Error(ErrorCode::Internal, "secret"); });
  EXPECT_THROW(round(), Error);
  EXPECT_THROW(round(), Error);
  const auto errors = [&] {
    return server.ok(200, "GET", outreach_path("/system-logs?level=ERROR")).at("data").as_array();
  };
  EXPECT_TRUE(errors().empty());
  server.clock.advance(std::chrono::hours(1));
  trouble.write();
  trouble.write();
  ASSERT_EQ(errors().size(), 1U);
  EXPECT_EQ(errors()[0].at("component"), "delivery");
  EXPECT_EQ(errors()[0].at("timestamp"), "2025-03-15T10:00:00.000000Z") << "when it happened";
  EXPECT_EQ(errors()[0].at("message"),
            "The upkeep of sending had trouble, of which the server's log tells (2 times)");
}

/// What goes on beside the requests, a round at a time.
class OutreachRounds : public OutreachUpkeep {
 protected:
  OutreachRounds() {
    settings.maintenance.analyze = [this] { ++analyses; };
    settings.maintenance.compact = [this] { ++compactions; };
  }

  void write_often(int times) {
    for (int i = 0; i < times; ++i) server.write([](store::UnitOfWork&) {});
  }

  int analyses = 0;
  int compactions = 0;
  outreach::Settings settings = OutreachServer::default_settings();
  outreach::TroubleLog trouble{server.store()};
  outreach::Upkeep upkeep{settings, server.store(), server.clock, trouble};
};

TEST_P(OutreachRounds, AnalyzeAfterAThousandWrites) {
  upkeep.round();
  EXPECT_EQ(analyses, 0);
  write_often(1000);
  upkeep.round();
  EXPECT_EQ(analyses, 1);
  write_often(900);
  upkeep.round();
  EXPECT_EQ(analyses, 1) << "of the last thousand";
}

TEST_P(OutreachRounds, GiveBackRoomOnceADayAndOnlyWhenNobodyWrites) {
  write_often(1);
  upkeep.round();
  EXPECT_EQ(compactions, 0) << "somebody has just written";
  settings.system_log_days = 1000;
  upkeep.round();
  EXPECT_EQ(compactions, 1);
  upkeep.round();
  EXPECT_EQ(compactions, 1);
  server.clock.advance(std::chrono::hours(24));
  write_often(1);
  upkeep.round();
  EXPECT_EQ(compactions, 1);
  server.clock.advance(std::chrono::minutes(1));
  upkeep.round();
  EXPECT_EQ(compactions, 2);
}

TEST_P(OutreachRounds, DeleteOldLinesOfTheSystemLogOnceADay) {
  const auto lines = [&] { return server.rows<outreach::SystemLogRow>().size(); };
  EXPECT_EQ(lines(), 1U) << "that the server has started";
  server.clock.advance(std::chrono::days(90));
  upkeep.round();
  EXPECT_EQ(lines(), 1U);
  server.clock.advance(std::chrono::hours(23));
  upkeep.round();
  EXPECT_EQ(lines(), 1U) << "looked at today already";
  server.clock.advance(std::chrono::hours(1));
  upkeep.round();
  EXPECT_EQ(lines(), 0U);
}

INSTANTIATE_TEST_SUITE_P(Engines, OutreachRounds, testing::ValuesIn(all_engines()),
                         engine_name<testing::TestParamInfo<TestEngine>>);

TEST_P(OutreachUpkeep, HealthAndMaintenanceAnswer) {
  server.log(record());
  const JsonObject health = server.ok(200, "GET", outreach_path("/health"));
  EXPECT_EQ(health.at("tables").at("message_logs"), 1);
  EXPECT_EQ(health.at("indexes"), (Json{"idx_x"}));
  EXPECT_EQ(health.at("last_maintenance"), nullptr);
  const JsonObject repaired = server.ok(200, "POST", outreach_path("/maintenance/repair"));
  EXPECT_EQ(
      repaired,
      (Json{{"ok", false}, {"issues", {"Missing table: y"}}, {"actions", {"Added index idx_x"}}}));
  EXPECT_EQ(server.ok(200, "POST", outreach_path("/maintenance/backup"), R"({"name":"before"})"),
            (Json{{"file", "before.db"}, {"size", 5}}));
  EXPECT_EQ(server.ok(200, "GET", outreach_path("/health")).at("last_maintenance"),
            "2025-03-15T10:00:00.000000Z");
  EXPECT_EQ(
      server.call_as("ann", "POST", outreach_path("/maintenance/backup"), R"({"name":"../x"})")
          .status,
      422);
}

TEST_P(OutreachUpkeep, TheVocabularyIsTold) {
  const JsonObject words = server.ok(200, "GET", outreach_path("/vocabulary"));
  EXPECT_EQ(words.at("message_status"),
            (Json{"pending", "sending", "sent", "delivered", "read", "failed", "cancelled"}));
  EXPECT_EQ(words.at("preferred_channel"), (Json{"email", "whatsapp", "both"}));
}

TEST_P(OutreachUpkeep, RequestsAreLimited) {
  auto settings = OutreachServer::default_settings();
  settings.limits = {.requests_per_minute = 3, .heavy_per_minute = 1};
  const OutreachServer limited(GetParam(), settings);
  const std::string retention = outreach_path("/retention");
  EXPECT_EQ(limited.call_as("ann", "POST", retention, "{}").status, 200);
  const HttpAnswer heavy = limited.call_as("ann", "POST", retention, "{}");
  EXPECT_EQ(heavy.status, 429);
  EXPECT_FALSE(heavy.header("Retry-After").empty());
  EXPECT_EQ(limited.call_as("ann", "GET", outreach_path("/stats")).status, 200);
  EXPECT_EQ(limited.call_as("ann", "GET", outreach_path("/stats")).status, 429);
}

TEST_P(OutreachUpkeep, OpenAccessCanBeSwitchedOff) {
  auto settings = OutreachServer::default_settings();
  settings.open_on_loopback = false;
  const OutreachServer closed(GetParam(), settings);
  const HttpAnswer answer = closed.call_as("ann", "GET", outreach_path("/stats"));
  EXPECT_EQ(answer.status, 401);
  EXPECT_EQ(answer.header("WWW-Authenticate"), "Bearer");
}

TEST_P(OutreachUpkeep, AKeyDecidesWhoseRowsAreSeenAndWhatMayBeDone) {
  const auto make_key = [&](const std::string& user, std::string_view scopes) {
    std::string key;
    server.write([&](store::UnitOfWork& unit) {
      key = api::create_api_key(
                unit.connection,
                {.user_id = user, .label = {}, .scopes = *api::Scopes::parse(scopes), .tenant = {}},
                server.clock.now())
                .key;
    });
    return key;
  };
  server.log(record());
  const std::string reader = make_key("ann", "read");
  const std::string writer = make_key("eve", "read,write");
  const std::string messages = outreach_path("/messages");
  // Open access has ended with the first key.
  EXPECT_EQ(server.call_as("ann", "GET", messages).status, 401);
  const auto seen_by = [&](const std::string& key) {
    return server.call("GET", messages, key).json().at("data").as_array().size();
  };
  EXPECT_EQ(seen_by(reader), 1U);
  EXPECT_EQ(seen_by(writer), 0U);
  EXPECT_EQ(server.call("POST", messages, reader, json_of(record())).status, 403);
  EXPECT_EQ(server.call("POST", messages, writer, json_of(record())).status, 201);
  EXPECT_EQ(seen_by(writer), 1U);
  EXPECT_EQ(server.call("POST", outreach_path("/maintenance/repair"), writer).status, 403);
  EXPECT_EQ(server.call("GET", outreach_path("/stats"), reader).json().at("database_path"),
            nullptr);
  EXPECT_EQ(server.call("GET", messages, reader + "0").status, 401);
  EXPECT_EQ(server.call("GET", messages, "", "", {{"X-API-Key", reader}}).status, 200);
  EXPECT_EQ(server.call("GET", "/api/v1/events", writer).status, 200);
}

INSTANTIATE_TEST_SUITE_P(Engines, OutreachUpkeep, testing::ValuesIn(all_engines()),
                         engine_name<testing::TestParamInfo<TestEngine>>);

}  // namespace
}  // namespace parley::test
