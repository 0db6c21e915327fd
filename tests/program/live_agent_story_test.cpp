// The story that live_agent comes from: the code asks for live_agent_messages.delivered_at, the
// database has no such column, and every list request fails. Here: the start names the column and
// the command, the command repairs it, the list works, and no message is lost. On every engine,
// MariaDB being the one where it happened.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json.h"
#include "base/text.h"
#include "support/databases.h"
#include "support/http_client.h"
#include "support/process.h"

namespace parley::test {
namespace {

using testing::EndsWith;
using testing::HasSubstr;

class LiveAgentStory : public testing::TestWithParam<TestEngine> {
 protected:
  LiveAgentStory() : database_(GetParam()) {}

  /// The original's database: made by its own scripts, before anybody wrote a migration.
  void make_legacy_database() {
    const auto connection = database_.connect();
    connection->execute(
        "CREATE TABLE live_agent_sessions (id VARCHAR(36) NOT NULL PRIMARY KEY, tenant_domain "
        "VARCHAR(255) NOT NULL, "
        "user_account VARCHAR(255) NOT NULL, user_name VARCHAR(255), assigned_agent_id INTEGER, "
        "assigned_agent_name VARCHAR(255), status VARCHAR(20), created_at " +
        datetime() + " NOT NULL, updated_at " + datetime() + " NOT NULL, last_message_at " +
        datetime() + ", unread_count_user INTEGER, unread_count_agent INTEGER, metadata " +
        json_type() + ")");
    const std::string key = GetParam() == TestEngine::Sqlite ? "INTEGER PRIMARY KEY AUTOINCREMENT"
                            : GetParam() == TestEngine::Postgresql
                                ? "SERIAL PRIMARY KEY"
                                : "INTEGER NOT NULL AUTO_INCREMENT PRIMARY KEY";
    connection->execute(
        "CREATE TABLE live_agent_messages (id " + key +
        ", session_id VARCHAR(36) NOT NULL, sender_type VARCHAR(10) NOT NULL, "
        "sender_id VARCHAR(255), sender_name VARCHAR(255), message_text TEXT NOT NULL, "
        "created_at " +
        datetime() + " NOT NULL, read_by_user BOOLEAN, read_by_agent BOOLEAN, message_metadata " +
        json_type() +
        ", FOREIGN KEY (session_id) REFERENCES live_agent_sessions (id) ON DELETE CASCADE)");
    connection->execute(
        "INSERT INTO live_agent_sessions (id, tenant_domain, user_account, created_at, updated_at) "
        "VALUES "
        "('6f0d3c1e-0000-4000-8000-000000000001', 'example.org', 'cora@example.org', '2025-01-01 "
        "10:00:00', '2025-01-01 10:00:00')");
    connection->execute(
        "INSERT INTO live_agent_messages (session_id, sender_type, message_text, created_at) "
        "VALUES "
        "('6f0d3c1e-0000-4000-8000-000000000001', 'user', 'Is anybody there?', '2025-01-01 "
        "10:00:00')");
  }
  std::string datetime() const {
    return GetParam() == TestEngine::Postgresql ? "TIMESTAMP" : "DATETIME";
  }
  std::string json_type() const { return "JSON"; }

  Outcome parley(const std::vector<std::string>& arguments) {
    return run_parley(arguments, directory_.path(), environment());
  }
  Environment environment() const { return {{"PARLEY_DATABASE_LIVE_AGENT", database_.url_text()}}; }

  TestDatabase database_;
  TemporaryDirectory directory_;
};
INSTANTIATE_TEST_SUITE_P(Engines, LiveAgentStory, testing::ValuesIn(all_engines()),
                         engine_name<testing::TestParamInfo<TestEngine>>);

TEST_P(LiveAgentStory, TheMissingColumnIsNamedRepairedAndTheListWorks) {
  make_legacy_database();

  const Outcome start = parley({"serve", "--listen", "127.0.0.1:0"});
  EXPECT_EQ(start.exit_code, 3);
  EXPECT_THAT(start.err, HasSubstr("live_agent_messages.delivered_at"));
  EXPECT_THAT(start.err, HasSubstr("live_agent_messages.read_at"));
  EXPECT_THAT(start.err, HasSubstr("parley db repair --module live_agent"));

  const Outcome verify = parley({"db", "verify", "--module", "live_agent"});
  EXPECT_EQ(verify.exit_code, 1);

  const Outcome repair = parley({"db", "repair", "--module", "live_agent"});
  EXPECT_EQ(repair.exit_code, 0) << repair.out << repair.err;
  EXPECT_THAT(repair.out, HasSubstr("✓ Added column live_agent_messages.delivered_at\n"));
  EXPECT_THAT(repair.out, HasSubstr("✓ Added column live_agent_messages.read_at\n"));
  EXPECT_THAT(repair.out, EndsWith("✅ ALL VALIDATIONS PASSED\n"));
  EXPECT_EQ(parley({"db", "current", "--module", "live_agent"}).out,
            "002_create_messages (head)\n");

  const RunningServer server({"--dev"}, directory_.path(), environment());
  const auto list =
      http_call(server.port(), "GET", "/api/v1/live-agent/sessions?page=1&per_page=20");
  ASSERT_EQ(list.status, 200) << list.body;
  EXPECT_EQ(list.json().at("total"), 1);
  EXPECT_EQ(list.json().at("sessions").at(0).at("preview"), "Is anybody there?");
}

TEST_P(LiveAgentStory, AFreshDatabaseNeedsNothingOfThis) {
  const RunningServer server({"--dev"}, directory_.path(), environment());
  EXPECT_EQ(
      http_call(server.port(), "GET", "/api/v1/live-agent/sessions?page=1&per_page=20").status,
      200);
  EXPECT_EQ(parley({"db", "current", "--module", "live_agent"}).out,
            "002_create_messages (head)\n");
  EXPECT_EQ(parley({"db", "verify"}).exit_code, 0);
}

}  // namespace
}  // namespace parley::test
