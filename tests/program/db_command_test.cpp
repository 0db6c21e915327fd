// `parley db` on the server's own modules: what is printed, and the exit codes.

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

using testing::EndsWith;
using testing::HasSubstr;

std::string file_text(const std::string& name) {
  std::ifstream stream(std::string(PARLEY_SOURCES) + "/" + name);
  EXPECT_TRUE(stream) << name;
  std::stringstream text;
  text << stream.rdbuf();
  return text.str();
}

class DbCommand : public testing::Test {
 protected:
  Outcome db(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "db");
    return run_parley(arguments, directory_.path());
  }
  void expect_done(const std::vector<std::string>& arguments) {
    const Outcome outcome = db(arguments);
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  }

  TemporaryDirectory directory_;
};

/// The golden file of MySQL is the SQL that the original's documents expect; MariaDB takes the
/// same.
class Script : public testing::TestWithParam<std::string> {};
TEST_P(Script, IsTheGoldenFile) {
  const std::string golden = GetParam() == "mariadb" ? "mysql" : GetParam();
  const Outcome outcome = run_parley(
      {"db", "upgrade", "head", "--sql", "--module", "live_agent", "--dialect", GetParam()});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_EQ(statements(outcome.out), statements(file_text("live_agent." + golden + ".sql")));
}
INSTANTIATE_TEST_SUITE_P(Dialects, Script,
                         testing::Values("sqlite", "postgresql", "mysql", "mariadb"),
                         [](const auto& dialect) { return dialect.param; });

TEST_F(DbCommand, OfflineDowngradeNeedsARange) {
  EXPECT_EQ(
      db({"downgrade", "base", "--sql", "--module", "live_agent", "--dialect", "mysql"}).exit_code,
      2);
  const Outcome outcome =
      db({"downgrade", "head:base", "--sql", "--module", "live_agent", "--dialect", "mysql"});
  EXPECT_EQ(statements(outcome.out),
            "DROP TABLE live_agent_messages; DROP TABLE live_agent_sessions;");
}

TEST_F(DbCommand, ShowsTheHistoryNewestFirst) {
  EXPECT_EQ(db({"history", "--module", "live_agent"}).out,
            "001_create_sessions -> 002_create_messages (head), create messages\n"
            "<base> -> 001_create_sessions, create sessions\n");
  EXPECT_EQ(db({"heads", "--module", "live_agent"}).out, "002_create_messages (head)\n");
}

TEST_F(DbCommand, UpgradeTellsEachRevisionAndCurrentTheHead) {
  const Outcome outcome = db({"upgrade"});
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_THAT(
      outcome.err,
      HasSubstr("Running upgrade  -> 001_create_sessions, create sessions\n"
                "Running upgrade 001_create_sessions -> 002_create_messages, create messages\n"));
  EXPECT_EQ(db({"current", "--module", "live_agent"}).out, "002_create_messages (head)\n");
  EXPECT_EQ(db({"current", "--check-heads"}).exit_code, 0);
}

TEST_F(DbCommand, DowngradeTakesANegativeNumber) {
  expect_done({"upgrade"});
  expect_done({"downgrade", "-1", "--module", "live_agent"});
  EXPECT_EQ(db({"current", "--module", "live_agent"}).out, "001_create_sessions\n");
  EXPECT_EQ(db({"current", "--check-heads"}).exit_code, 1);
}

TEST_F(DbCommand, RollingBackTheCoreNeverDropsAccounts) {
  expect_done({"upgrade"});
  expect_done({"downgrade", "base", "--module", "live_agent"});
  EXPECT_EQ(db({"current", "--module", "live_agent.support"}).out, "store_02_webhooks\n");
  expect_done({"upgrade", "--module", "live_agent"});
  EXPECT_EQ(db({"current", "--module", "live_agent.support"}).out, "s03_polling (head)\n");
}

TEST_F(DbCommand, VerifyListsWhatItComparedAndPasses) {
  expect_done({"upgrade"});
  const Outcome outcome = db({"verify", "-v"});
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_THAT(outcome.out, HasSubstr("  delivered_at: DATETIME\n"));
  EXPECT_THAT(outcome.out, EndsWith("✅ ALL VALIDATIONS PASSED\n"));
}

TEST_F(DbCommand, EveryDeclarationOfTheProgramHasItsRevision) {
  const Outcome outcome = db({"check"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.out;
  EXPECT_EQ(outcome.out, "No new upgrade operations detected.\n");
}

TEST_F(DbCommand, CheckNamesADeclarationWithoutRevision) {
  std::filesystem::create_directory(directory_.path() + "/fresh");
  const Outcome outcome = db({"check", "--module", "live_agent.support", "--dir", "fresh"});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.out, HasSubstr("New upgrade operations detected in live_agent.support:\n"));
  EXPECT_THAT(outcome.out, HasSubstr("create table users\n"));
}

TEST_F(DbCommand, AutogenerateWritesWhatIsDeclaredAndItsSecondRunIsEmpty) {
  std::filesystem::create_directory(directory_.path() + "/fresh");
  const std::vector<std::string> autogenerate = {
      "revision", "--autogenerate",     "-m",    "everything", "--rev-id", "a01",
      "--module", "live_agent.support", "--dir", "fresh"};
  const Outcome first = db(autogenerate);
  EXPECT_EQ(first.exit_code, 0) << first.err;
  EXPECT_THAT(first.out, HasSubstr("fresh/a01_everything.yaml"));
  const Outcome shown = db({"upgrade", "head", "--sql", "--module", "live_agent.support", "--dir",
                            "fresh", "--dialect", "sqlite"});
  EXPECT_THAT(shown.out, HasSubstr("CREATE UNIQUE INDEX ix_users_email ON users (email)"));
  EXPECT_THAT(shown.out,
              HasSubstr("CREATE INDEX idx_sessions_created ON live_agent_sessions (created_at)"));
  EXPECT_EQ(db(autogenerate).out, "No new upgrade operations detected.\n");
}

TEST_F(DbCommand, StampRefusesWhatIsNotThere) {
  expect_done({"upgrade", "+1", "--module", "live_agent"});
  const Outcome outcome = db({"stamp", "head", "--module", "live_agent"});
  EXPECT_EQ(outcome.exit_code, 3);
  EXPECT_THAT(outcome.err, HasSubstr("Missing table: live_agent_messages"));
  EXPECT_THAT(outcome.err, HasSubstr("--force"));
  EXPECT_EQ(db({"current", "--module", "live_agent"}).out, "001_create_sessions\n");
}

TEST_F(DbCommand, SaysInAlembicsWordsThatARevisionIsUnknown) {
  const Outcome outcome = db({"upgrade", "zzzz", "--module", "live_agent"});
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("Can't locate revision identified by 'zzzz'"));
}

TEST_F(DbCommand, UsageErrorsExitWithTwoAndSayHow) {
  EXPECT_EQ(db({"upgrad"}).exit_code, 2);
  EXPECT_EQ(db({}).exit_code, 2);
  const Outcome outcome = db({"current", "--module", "live_agents"});
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("The modules are: live_agent, chat, outreach, leads."));
}

TEST_F(DbCommand, SuggestsTheNearestCommandAndOption) {
  EXPECT_THAT(db({"upgrad"}).err, HasSubstr("no command 'upgrad'; did you mean 'upgrade'?"));
  EXPECT_THAT(db({"upgrade", "--sqll"}).err,
              HasSubstr("no option '--sqll'; did you mean '--sql'?"));
  EXPECT_THAT(run_parley({"bd"}).err, HasSubstr("no command 'bd'; did you mean 'db'?"));
}

TEST_F(DbCommand, HelpGroupsTheCommandsAndEachHasAnExample) {
  const std::string help = db({"--help"}).out;
  EXPECT_THAT(help, HasSubstr("Looking at revisions:\n  current "));
  int commands = 0;
  for (const std::string& line : split(help, '\n')) {
    if (!line.starts_with("  ") || line[2] == ' ' || line[2] == '-') continue;
    const std::string name = line.substr(2, line.find(' ', 2) - 2);
    EXPECT_THAT(db({name, "--help"}).out, HasSubstr("Example:\n  parley db " + name)) << name;
    ++commands;
  }
  EXPECT_GT(commands, 15);
}

TEST_F(DbCommand, CurrentOfADatabaseThatDoesNotExistCreatesNothing) {
  EXPECT_EQ(db({"current"}).exit_code, 8);
  EXPECT_FALSE(std::filesystem::exists(directory_.path() + "/parley-data"));
}

}  // namespace
}  // namespace parley::test
