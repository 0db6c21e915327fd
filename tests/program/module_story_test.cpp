// The documents that chat, outreach and leads come from, as the scripts and commands that answer
// them.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "base/text.h"
#include "support/databases.h"
#include "support/process.h"
#include "support/script.h"

namespace parley::test {
namespace {

using testing::HasSubstr;
using testing::Not;

/// The statements that `parley db ARGUMENTS…` prints.
std::string script(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "db");
  const Outcome outcome = run_parley(arguments);
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  return statements(outcome.out);
}

std::string upgrade_script(const std::string& module, const std::string& dialect,
                           const std::string& range = "head") {
  return script({"upgrade", range, "--sql", "--module", module, "--dialect", dialect});
}

std::string golden(const std::string& name) {
  std::ifstream stream(std::string(PARLEY_SOURCES) + "/" + name);
  EXPECT_TRUE(stream) << name;
  std::stringstream text;
  text << stream.rdbuf();
  return collapse_white_space(text.str());
}

TEST(ChatStory, TheChatTablesFollowTheirParents) {
  const std::string history = run_parley({"db", "history", "--module", "chat"}).out;
  EXPECT_THAT(history, HasSubstr("779affdda697 -> f63e2e56f9b7 (head)"));
  EXPECT_EQ(upgrade_script("chat", "postgresql", "779affdda697:head"),
            golden("chat.postgresql.sql"));
}

TEST(ChatStory, GoingBackOneStepDropsTheTwoTablesOnly) {
  EXPECT_EQ(script({"downgrade", "f63e2e56f9b7:779affdda697", "--sql", "--module", "chat",
                    "--dialect", "postgresql"}),
            "DROP TABLE chat_messages; DROP TABLE chats; "
            "DROP FUNCTION IF EXISTS trg_chats_updated_at();");
}

class ChatDatabase : public testing::TestWithParam<TestEngine> {
 protected:
  Outcome db(std::vector<std::string> arguments, const std::string& history = "chat") {
    arguments.insert(arguments.begin(), "db");
    arguments.insert(arguments.end(), {"--module", history, "--url", database_.url_text()});
    return run_parley(arguments, directory_.path());
  }
  void execute(const std::string& sql) { database_.connect()->execute(sql); }

  TestDatabase database_{GetParam()};
  TemporaryDirectory directory_;
};
INSTANTIATE_TEST_SUITE_P(Engines, ChatDatabase, testing::ValuesIn(all_engines()),
                         engine_name<testing::TestParamInfo<TestEngine>>);

TEST_P(ChatDatabase, ARoleIsOneOfFourOnEveryEngine) {
  ASSERT_EQ(db({"upgrade"}).exit_code, 0);
  ASSERT_EQ(db({"upgrade"}, "chat.support").exit_code, 0);
  const Outcome verified = db({"verify"});
  EXPECT_EQ(verified.exit_code, 0) << verified.out;
  execute("INSERT INTO users (id, email) VALUES ('00000000-0000-4000-8000-000000000001', 'a@x')");
  execute("INSERT INTO accounts (id, name) VALUES ('00000000-0000-4000-8000-000000000002', 'A')");
  const std::string member =
      "INSERT INTO memberships (id, account_id, user_id, role) VALUES "
      "('00000000-0000-4000-8000-000000000003', '00000000-0000-4000-8000-000000000002', "
      "'00000000-0000-4000-8000-000000000001', ";
  EXPECT_ANY_THROW(execute(member + "'GUEST')"));
  execute(member + "'VIEWER')");
  const Outcome undone = db({"downgrade", "base"});
  EXPECT_EQ(undone.exit_code, 0) << undone.err;
  const Outcome again = db({"upgrade"});
  EXPECT_EQ(again.exit_code, 0) << again.err;
}

/// "enum already exists", as the guide of the original has it.
TEST(ChatStory, AnEnumThatOutlivedItsTablesIsUsedAgain) {
  const TestDatabase database(TestEngine::Postgresql);
  const std::vector<std::string> upgrade = {"db",   "upgrade", "--module",
                                            "chat", "--url",   database.url_text()};
  database.connect()->execute("CREATE TYPE role AS ENUM ('OWNER', 'ADMIN')");
  const Outcome refused = run_parley(upgrade);
  EXPECT_EQ(refused.exit_code, 3);
  EXPECT_THAT(refused.err, HasSubstr("an enum role already, with other values: OWNER, ADMIN"));
  database.connect()->execute("ALTER TYPE role ADD VALUE 'MEMBER'");
  database.connect()->execute("ALTER TYPE role ADD VALUE 'VIEWER'");
  const Outcome done = run_parley(upgrade);
  EXPECT_EQ(done.exit_code, 0) << done.err;
}

TEST(LeadsStory, TheMessagesAreTheTableAndTheFourIndexesOfTheDocument) {
  EXPECT_EQ(upgrade_script("leads", "sqlite", "lead_001_parents:head"), golden("leads.sqlite.sql"));
  for (const std::string dialect : {"postgresql", "mysql", "mariadb"}) {
    const std::string text = upgrade_script("leads", dialect, "lead_001_parents:head");
    EXPECT_THAT(text, HasSubstr("CREATE INDEX idx_messages_session_created ON messages "
                                "(agent_session_id, created_at DESC);"));
    EXPECT_THAT(text, HasSubstr("CREATE INDEX idx_messages_lead_created ON messages (lead_id, "
                                "created_at DESC);"));
    EXPECT_THAT(text, HasSubstr("CREATE INDEX idx_messages_external_conv ON messages "
                                "(external_conversation_id);"));
    EXPECT_THAT(text, HasSubstr("CREATE INDEX idx_messages_sender_status ON messages "
                                "(sender_type, message_status);"));
  }
}

TEST(Modules, AreKeptTogetherAndByName) {
  const TemporaryDirectory directory;
  const auto db = [&](std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "db");
    return run_parley(arguments, directory.path());
  };
  EXPECT_EQ(db({"upgrade", "--module", "leads"}).exit_code, 0);
  EXPECT_EQ(db({"current", "--module", "leads"}).out, "lead_002_messages (head)\n");
  EXPECT_EQ(db({"current", "--module", "outreach"}).exit_code, 8) << "nobody asked for it yet";
  EXPECT_EQ(db({"upgrade"}).exit_code, 0);
  EXPECT_EQ(db({"current", "--module", "outreach"}).out, "1 (head)\n");
  EXPECT_THAT(db({"upgrade", "--module", "nonsense"}).err,
              HasSubstr("live_agent, chat, outreach, leads"));
}

}  // namespace
}  // namespace parley::test
