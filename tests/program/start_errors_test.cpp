// What keeps `parley serve` from starting: each a clear error with the way out, and nothing
// written.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "support/databases.h"
#include "support/process.h"

namespace parley::test {
namespace {

using testing::HasSubstr;
using testing::Not;

class StartError : public testing::Test {
 protected:
  Outcome serve(std::vector<std::string> arguments, const Environment& environment = {}) {
    arguments.insert(arguments.begin(), "serve");
    arguments.insert(arguments.end(), {"--listen", "127.0.0.1:0"});
    return run_parley(arguments, directory_.path(), environment);
  }
  void write(const std::string& name, const std::string& text) {
    std::ofstream(directory_.path() + "/" + name) << text;
  }
  TemporaryDirectory directory_;
};

TEST_F(StartError, ADataDirectoryThatCannotBeMade) {
  write("occupied", "a file");
  const Outcome outcome = serve({"--data", "occupied/data"});
  EXPECT_EQ(outcome.exit_code, 5);
  EXPECT_THAT(outcome.err, HasSubstr("occupied/data"));
  EXPECT_THAT(outcome.err, HasSubstr("--data"));
}

TEST_F(StartError, ADatabaseThatCannotBeReached) {
  const Outcome outcome = serve({"--database", "postgresql://parley:secret@127.0.0.1:1/parley"});
  EXPECT_EQ(outcome.exit_code, 8);
  EXPECT_THAT(outcome.err, HasSubstr("127.0.0.1"));
  EXPECT_THAT(outcome.err, Not(HasSubstr("secret")));
}

TEST_F(StartError, AFileThatIsNoDatabase) {
  std::filesystem::create_directory(directory_.path() + "/parley-data");
  write("parley-data/live_agent.db", std::string(4096, 'x'));
  const Outcome outcome = serve({});
  EXPECT_EQ(outcome.exit_code, 8);
  EXPECT_THAT(outcome.err, HasSubstr("live_agent.db"));
  EXPECT_EQ(std::filesystem::file_size(directory_.path() + "/parley-data/live_agent.db"), 4096U);
}

TEST_F(StartError, ADatabaseWithAColumnMissing) {
  ASSERT_EQ(run_parley({"db", "upgrade"}, directory_.path()).exit_code, 0);
  database::open(database::Url::sqlite_file(directory_.path() + "/parley-data/live_agent.db"))
      ->execute("ALTER TABLE live_agent_messages DROP COLUMN delivered_at");
  const Outcome outcome = serve({});
  EXPECT_EQ(outcome.exit_code, 3);
  EXPECT_THAT(outcome.err, HasSubstr("live_agent_messages.delivered_at"));
  EXPECT_THAT(outcome.err, HasSubstr("parley db repair --module live_agent"));
}

TEST_F(StartError, NoMigrateLeavesAPendingRevisionAndSaysSo) {
  ASSERT_EQ(
      run_parley({"db", "upgrade", "+1", "--module", "live_agent"}, directory_.path()).exit_code,
      0);
  const Outcome outcome = serve({"--no-migrate"});
  EXPECT_EQ(outcome.exit_code, 3);
  EXPECT_THAT(outcome.err, HasSubstr("002_create_messages"));
  EXPECT_EQ(run_parley({"db", "current", "--module", "live_agent"}, directory_.path()).out,
            "001_create_sessions\n");
}

TEST_F(StartError, AnUnknownSettingSuggestsTheNearest) {
  write("parley.toml", "[live_agent.jwt]\nsecrett = \"x\"\n");
  const Outcome outcome = serve({"--config", "parley.toml"});
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("parley.toml:2: there is no setting live_agent.jwt.secrett"));
  EXPECT_THAT(outcome.err, HasSubstr("Did you mean live_agent.jwt.secret?"));
  EXPECT_THAT(serve({}, {{"PARLEY_LISTN", "x"}}).err, HasSubstr("PARLEY_LISTEN"));
}

TEST_F(StartError, BrokenToml) {
  write("parley.toml", "listen = \n");
  const Outcome outcome = serve({"--config", "parley.toml"});
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("parley.toml:1:"));
}

TEST_F(StartError, DevelopmentModeOnAPublicAddress) {
  const Outcome outcome =
      run_parley({"serve", "--dev", "--listen", "0.0.0.0:0"}, directory_.path());
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("loopback"));
}

TEST_F(StartError, AnAddressThatIsTaken) {
  const RunningServer first({}, directory_.path());
  const Outcome outcome = run_parley(
      {"serve", "--data", "other", "--listen", "127.0.0.1:" + std::to_string(first.port())},
      directory_.path());
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(outcome.err, HasSubstr(std::to_string(first.port())));
}

}  // namespace
}  // namespace parley::test
