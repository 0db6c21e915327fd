// Every shape of database that the modules take over, as a fixture with rows (shapes/*.sql): what
// verify says of it, what adopt does, that no row is lost, and that a second adoption has nothing
// to do. On each engine on which the shape exists.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adoption/shapes.h"
#include "base/error.h"
#include "base/text.h"
#include "support/databases.h"
#include "support/process.h"

namespace parley::test {
namespace {

using testing::HasSubstr;
using testing::Not;

using Texts = std::vector<std::string>;

struct Shape {
  std::string name;  ///< `live_agent.A1`: the module and the shape.
  std::vector<TestEngine> engines;
  Texts found;  ///< What verify says.
  Texts done;   ///< What adopt says.
  int exit_code = 0;
  Texts options;
  std::string moved_to;  ///< A table that has the rows which are not in their own any more.
  int removed = 0;       ///< Rows that adopt was told to remove.
  std::string file;      ///< Another shape's fixture, for a second way to treat it.
};

struct Case {
  Shape shape;
  TestEngine engine;
};

void PrintTo(const Case& each, std::ostream* out) {
  *out << each.shape.name << " on " << name_of(each.engine);
}

Texts tables_in(const std::string& sql) {
  Texts tables;
  for (const std::string& line : split(sql, '\n')) {
    const std::string_view begin = "CREATE TABLE ";
    if (line.starts_with(begin)) {
      tables.push_back(line.substr(begin.size(), line.find(' ', begin.size()) - begin.size()));
    }
  }
  std::erase(tables, "alembic_version");
  std::erase(tables, "schema_version");
  return tables;
}

std::int64_t rows_in(database::Connection& connection, const std::string& table) {
  return database::integer_of(
      database::query(connection, "SELECT COUNT(*) FROM " + table).front().front());
}

std::int64_t all_rows(database::Connection& connection, const Texts& tables) {
  std::int64_t rows = 0;
  for (const std::string& table : tables) rows += rows_in(connection, table);
  return rows;
}

class Adoption : public testing::TestWithParam<Case> {
 protected:
  Outcome db(const std::string& command, const Texts& options = {}) {
    const Shape& shape = GetParam().shape;
    Texts arguments = {"db",       command,
                       "--module", shape.name.substr(0, shape.name.find('.')),
                       "--url",    database_.url_text()};
    arguments.insert(arguments.end(), options.begin(), options.end());
    return run_parley(arguments, directory_.path());
  }

  TestDatabase database_{GetParam().engine};
  TemporaryDirectory directory_;
};

TEST_P(Adoption, KeepsEveryRowAndHasNothingToDoTheSecondTime) {
  const Shape& shape = GetParam().shape;
  const std::string& fixture = shape.file.empty() ? shape.name : shape.file;
  const std::string script = script_of(fixture, GetParam().engine);
  const Texts tables = tables_in(script);
  database_.connect()->execute(script);
  const std::int64_t before = all_rows(*database_.connect(), tables);

  const Outcome found = db("verify");
  for (const std::string& text : shape.found) EXPECT_THAT(found.out + found.err, HasSubstr(text));
  const Outcome adopted = db("adopt", shape.options);
  EXPECT_EQ(adopted.exit_code, shape.exit_code) << adopted.out << adopted.err;
  for (const std::string& text : shape.done) {
    EXPECT_THAT(adopted.out + adopted.err, HasSubstr(text));
  }

  const auto connection = database_.connect();
  const std::int64_t moved = shape.moved_to.empty() ? 0 : rows_in(*connection, shape.moved_to);
  EXPECT_EQ(all_rows(*connection, tables) + moved + shape.removed, before);
  if (shape.exit_code != 0) return;
  const Outcome again = db("adopt", shape.options);
  EXPECT_EQ(again.exit_code, 0) << again.out << again.err;
  EXPECT_THAT(again.out, HasSubstr("Nothing to adopt: the database is up to date."));
}

class AdoptionBackup : public testing::TestWithParam<TestEngine> {};
INSTANTIATE_TEST_SUITE_P(Engines, AdoptionBackup, testing::ValuesIn(all_engines()),
                         engine_name<testing::TestParamInfo<TestEngine>>);

TEST_P(AdoptionBackup, BringsTheDatabaseBackAsItWasFound) {
  const TestDatabase database(GetParam());
  const TemporaryDirectory directory;
  const auto db = [&](Texts words) {
    words.insert(words.begin(), "db");
    words.insert(words.end(), {"--module", "live_agent", "--url", database.url_text()});
    return run_parley(words, directory.path());
  };
  database.connect()->execute(script_of("live_agent.A1", GetParam()));
  const std::string missing = "Missing column: live_agent_messages.delivered_at";
  const Outcome adopted = db({"adopt"});
  ASSERT_EQ(adopted.exit_code, 0) << adopted.out << adopted.err;
  const std::string said = "✓ Backed up to ";
  ASSERT_THAT(adopted.out, HasSubstr(said));
  const std::size_t begin = adopted.out.find(said) + said.size();
  const std::string file = adopted.out.substr(begin, adopted.out.find('\n', begin) - begin);
  EXPECT_THAT(db({"verify"}).out, Not(HasSubstr(missing)));
  const Outcome restored = db({"restore", file, "--force"});
  EXPECT_EQ(restored.exit_code, 0) << restored.err;
  EXPECT_THAT(db({"verify"}).out, HasSubstr(missing));
}

const std::vector<TestEngine> kAll = {TestEngine::Sqlite, TestEngine::Postgresql,
                                      TestEngine::Mariadb};
const std::vector<TestEngine> kTwo = {TestEngine::Sqlite, TestEngine::Postgresql};
const std::vector<TestEngine> kSqlite = {TestEngine::Sqlite};
const std::vector<TestEngine> kPostgresql = {TestEngine::Postgresql};

std::vector<Shape> live_agent_shapes() {
  const std::string recorded = "✓ Recorded revision 002_create_messages";
  return {
      {.name = "live_agent.A1",
       .engines = kAll,
       .found = {"Missing column: live_agent_messages.delivered_at", "Missing alembic_version"},
       .done = {"✓ Added column live_agent_messages.delivered_at",
                "✓ Added column live_agent_messages.read_at",
                "✓ Added column live_agent_messages.message_metadata", recorded}},
      {.name = "live_agent.A10",
       .engines = kAll,
       .done = {"of live_agent_messages from +02:00 to UTC",
                "of live_agent_sessions from +02:00 to UTC"},
       .options = {"--legacy-timezone", "+02:00"},
       .file = "live_agent.A1"},
      {.name = "live_agent.A2",
       .engines = kAll,
       .found = {"note       live_agent_messages.metadata"},
       .done = {"✓ Added column live_agent_messages.message_metadata", recorded}},
      {.name = "live_agent.A3_at_001",
       .engines = kAll,
       .done = {"✓ Applied revision 002_create_messages"}},
      {.name = "live_agent.A3_at_002",
       .engines = kAll,
       .found = {"repairable live_agent_sessions.updated_at"},
       .done = {"✓ Corrected column live_agent_sessions.updated_at"}},
      {.name = "live_agent.A4",
       .engines = kAll,
       .found = {"Missing column: live_agent_messages.read_at"},
       .done = {"✓ Added column live_agent_messages.read_at"}},
      {.name = "live_agent.A5",
       .engines = kAll,
       .found = {"without a default", "note       index ix_live_agent_messages_session_id"},
       .done = {"✓ Corrected column live_agent_messages.read_by_user",
                "note       index ix_live_agent_messages_session_id"}},
      {.name = "live_agent.A5_pruned",
       .engines = kAll,
       .done = {"✓ Dropped index ix_live_agent_messages_session_id",
                "note       index ix_live_agent_messages_sender_id"},
       .options = {"--prune"},
       .file = "live_agent.A5"},
      {.name = "live_agent.A6",
       .engines = kAll,
       .found = {"Missing index: idx_created_at on live_agent_messages"},
       .done = {"✓ Created index idx_created_at on live_agent_messages"}},
      {.name = "live_agent.A7_sessions_only",
       .engines = kAll,
       .found = {"Missing table: live_agent_messages"},
       .done = {"✓ Created table live_agent_messages"}},
      {.name = "live_agent.A7_messages_only",
       .engines = kAll,
       .found = {"Missing table: live_agent_sessions", "2 rows without one (ids 4, 9)"},
       .done = {"✓ Created table live_agent_sessions", "2 rows without one (ids 4, 9)"},
       .exit_code = 1},
      {.name = "live_agent.A7_quarantined",
       .engines = kAll,
       .done = {"✓ Moved 2 rows of live_agent_messages to orphaned_messages"},
       .options = {"--quarantine"},
       .moved_to = "orphaned_messages",
       .file = "live_agent.A7_messages_only"},
      {.name = "live_agent.A8",
       .engines = kAll,
       .found = {"Missing column: users.password_hash", "note       users.hashed_password"},
       .done = {"✓ Added column users.password_hash", "✓ Recorded revision s01_users"}},
      {.name = "live_agent.A9",
       .engines = kAll,
       .found = {"Can't locate revision identified by '9f8e7d6c5b4a'"},
       .done = {"Can't locate revision identified by '9f8e7d6c5b4a'"},
       .exit_code = 2},
  };
}

std::vector<Shape> outreach_shapes() {
  const std::string version = "✓ Schema version updated to 1\n";
  return {
      {.name = "outreach.G1",
       .engines = kSqlite,
       .found = {"Missing column: message_logs.updated_at",
                 "✓ MessageStatus.DELIVERED exists: delivered",
                 "✓ All MessageStatus values are working correctly!"},
       .done = {"✓ Added column message_logs.updated_at\n"
                "✓ Added column session_summaries.channels_used\n"
                "✓ Added column session_summaries.templates_used\n"
                "✓ Added column session_summaries.session_metadata\n"
                "✓ Added column session_summaries.updated_at\n",
                version}},
      {.name = "outreach.G2",
       .engines = kSqlite,
       .done = {"✓ Added column session_summaries.success_rate", version}},
      {.name = "outreach.G3",
       .engines = kSqlite,
       .found = {"session_summaries.channels_used: expected a JSON array, found 1 row"},
       .done = {"✓ Rewrote session_summaries.channels_used as JSON", version}},
      {.name = "outreach.G4", .engines = kSqlite, .done = {version}},
      {.name = "outreach.G5", .engines = kSqlite},
      {.name = "outreach.local_times",
       .engines = kSqlite,
       .found = {"message_logs.timestamp: expected UTC", "only repair --times mends them"},
       .done = {"✓ Rewrote local times of message_logs.timestamp as UTC",
                "✓ Rewrote local times of session_summaries.start_time as UTC"},
       .options = {"--times", "--legacy-timezone", "Europe/Berlin"},
       .file = "outreach.G2"},
      {.name = "outreach.newer",
       .engines = kSqlite,
       .done = {"made by a newer program"},
       .exit_code = 7},
      {.name = "outreach.refused",
       .engines = kSqlite,
       .done = {"Missing table: session_summaries", "Nothing was changed"},
       .exit_code = 3},
  };
}

std::vector<Shape> leads_shapes() {
  return {
      {.name = "leads.D1",
       .engines = kAll,
       .found = {"repairable messages.message_type", "note       index ix_messages_thread_id"},
       .done = {"✓ Corrected column messages.message_type",
                "✓ Recorded revision lead_002_messages"}},
      {.name = "leads.D2",
       .engines = kAll,
       .found = {"Missing index: idx_messages_session_created"},
       .done = {"✓ Created index idx_messages_session_created on messages"}},
      {.name = "leads.D3",
       .engines = kAll,
       .found = {"Missing column: messages.thread_id", "1 row without one (ids 11)"},
       .done = {"✓ Added column messages.thread_id"},
       .exit_code = 1},
      {.name = "leads.D3_quarantined",
       .engines = kAll,
       .done = {"✓ Moved 1 row of messages to orphaned_messages",
                "✓ Added foreign key from messages to agent_sessions"},
       .options = {"--quarantine"},
       .moved_to = "orphaned_messages",
       .file = "leads.D3"},
      {.name = "leads.D4",
       .engines = kAll,
       .found = {"Missing table: messages"},
       .done = {"✓ Created table messages"}},
      {.name = "leads.D5",
       .engines = kAll,
       .found = {"Missing column: leads.external_id",
                 "note       agent_sessions.last_follow_up_trigger"},
       .done = {"✓ Added column leads.external_id"}},
      {.name = "leads.D6",
       .engines = kPostgresql,
       .found = {"repairable leads.status"},
       .done = {"✓ Corrected column leads.status"}},
      {.name = "leads.D7",
       .engines = kAll,
       .found = {"repairable leads.name"},
       .done = {"✓ Corrected column leads.name"}},
      {.name = "leads.D8",
       .engines = kAll,
       .found = {"repairable follow_up_tasks.delay_minutes"},
       .done = {"✓ Corrected column follow_up_tasks.delay_minutes"}},
      {.name = "leads.D9",
       .engines = kSqlite,
       .found = {"1 row without one (ids 11)", "each message of a lead once, found 1 row"},
       .exit_code = 1},
      {.name = "leads.D9_mended",
       .engines = kSqlite,
       .done = {"✓ Moved 1 row of messages to orphaned_messages",
                "✓ Removed doubled messages of leads (1 row)"},
       .options = {"--quarantine", "--dedupe"},
       .moved_to = "orphaned_messages",
       .removed = 1,
       .file = "leads.D9"},
      {.name = "leads.D10",
       .engines = kAll,
       .done = {"Missing table: agents\n", "Missing table: agent_sessions\n"},
       .exit_code = 3},
      {.name = "leads.D11",
       .engines = kTwo,
       .found = {"wrong      agents.id", "belongs to another product"},
       .exit_code = 3},
      {.name = "leads.D12",
       .engines = kAll,
       .found = {"note       agents.triggers: expected JSON"},
       .done = {"✓ Rewrote agents.triggers as JSON (1 row)",
                "✓ Rewrote agents.knowledge as JSON (1 row)"}},
  };
}

std::vector<Shape> chat_shapes() {
  return {
      {.name = "chat.H1",
       .engines = kTwo,
       .found = {"repairable chats.title", "Missing column: agent_credentials.theme",
                 "repairable accounts.owner_user_id"},
       .done = {"✓ Added column agent_credentials.theme", "✓ Corrected column chats.title"}},
      {.name = "chat.H1_enums",
       .engines = kSqlite,
       .found = {"repairable memberships.role", "repairable agents.connection_type"},
       .done = {"✓ Corrected column memberships.role", "✓ Corrected column agents.connection_type"},
       .file = "chat.H1"},
      {.name = "chat.H2",
       .engines = kTwo,
       .found = {"Missing column: agents.recommended_questions"},
       .done = {"✓ Copied launch tokens into agent_credentials (1 row)"}},
      {.name = "chat.H3", .engines = kTwo, .done = {"✓ Applied revision f63e2e56f9b7"}},
      {.name = "chat.H4",
       .engines = kTwo,
       .found = {"Missing alembic_version"},
       .done = {"✓ Recorded revision f63e2e56f9b7"}},
      {.name = "chat.H5",
       .engines = kTwo,
       .found = {"Missing table: chats"},
       .done = {"✓ Created table chat_messages"}},
      {.name = "chat.H6",
       .engines = kTwo,
       .found = {"one for each agent_id, found 2 more"},
       .done = {"✓ Moved 2 rows of agent_credentials to agent_credentials_old"},
       .moved_to = "agent_credentials_old"},
      {.name = "chat.H7",
       .engines = kTwo,
       .found = {"wrong      agents.id", "wrong      users.id"},
       .exit_code = 3},
      {.name = "chat.H8",
       .engines = kTwo,
       .done = {"Can't locate revision identified by '0123456789ab'"},
       .exit_code = 2},
      {.name = "chat.H8_identity_only",
       .engines = kTwo,
       .found = {"note       alembic_version: expected f63e2e56f9b7, found 9c1f0a7b2d34",
                 "Missing table: agents"},
       .done = {"✓ Created table agents", "✓ Recorded revision f63e2e56f9b7"}},
      {.name = "chat.H9",
       .engines = kTwo,
       .found = {"rows of chats: expected rows that they refer to, found 1 row"},
       .exit_code = 1},
      {.name = "chat.H9_quarantined",
       .engines = kTwo,
       .done = {"✓ Moved 1 row of chat_messages to orphaned_chat_messages",
                "✓ Moved 1 row of chats to orphaned_chats"},
       .options = {"--quarantine"},
       .moved_to = "(SELECT id FROM orphaned_chats UNION ALL SELECT id FROM "
                   "orphaned_chat_messages) moved",
       .file = "chat.H9"},
      {.name = "chat.H10",
       .engines = kTwo,
       .found = {"repairable chat_messages.dax_attempts"},
       .done = {"✓ Corrected column chat_messages.dax_attempts"}},
  };
}

std::vector<Case> cases() {
  std::vector<Case> all;
  for (const auto& shapes :
       {live_agent_shapes(), outreach_shapes(), leads_shapes(), chat_shapes()}) {
    for (const Shape& shape : shapes) {
      for (const TestEngine engine : shape.engines) all.push_back({shape, engine});
    }
  }
  return all;
}

std::string case_name(const testing::TestParamInfo<Case>& each) {
  std::string name = each.param.shape.name + "_" + name_of(each.param.engine);
  std::ranges::replace(name, '.', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Shapes, Adoption, testing::ValuesIn(cases()), case_name);

}  // namespace
}  // namespace parley::test
