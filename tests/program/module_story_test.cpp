// The documents that chat, outreach and leads come from, as the scripts and commands that answer
// them.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "base/text.h"
#include "support/databases.h"
#include "support/process.h"

namespace parley::test {
namespace {

using testing::HasSubstr;
using testing::Not;

/// What `parley db ARGUMENTS…` prints, white space folded and comments left out.
std::string script(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "db");
  const Outcome outcome = run_parley(arguments);
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  std::string kept;
  for (const std::string& line : split(outcome.out, '\n')) {
    kept += line.substr(0, line.find("--")) + "\n";
  }
  return collapse_white_space(kept);
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

TEST(Modules, AreKeptByNameAndNotMadeUnasked) {
  const TemporaryDirectory directory;
  const auto db = [&](std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "db");
    return run_parley(arguments, directory.path());
  };
  EXPECT_EQ(db({"upgrade"}).exit_code, 0);
  EXPECT_EQ(db({"current", "--module", "leads"}).exit_code, 8);
  EXPECT_EQ(db({"upgrade", "--module", "leads"}).exit_code, 0);
  EXPECT_EQ(db({"current", "--module", "leads"}).out, "lead_002_messages (head)\n");
  EXPECT_EQ(db({"upgrade", "--module", "outreach"}).exit_code, 0);
  EXPECT_EQ(db({"current", "--module", "outreach"}).out, "1 (head)\n");
  EXPECT_THAT(db({"upgrade", "--module", "nonsense"}).err,
              HasSubstr("live_agent, chat, outreach, leads"));
}

}  // namespace
}  // namespace parley::test
