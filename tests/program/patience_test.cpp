// How long the commands that change a database wait for another deployer: as long as they are told.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "support/databases.h"
#include "support/process.h"

namespace parley::test {
namespace {

class Patience : public testing::TestWithParam<TestEngine> {
 protected:
  TestDatabase database_{GetParam()};
  TemporaryDirectory directory_;
};
INSTANTIATE_TEST_SUITE_P(Engines, Patience, testing::ValuesIn(all_engines()),
                         engine_name<testing::TestParamInfo<TestEngine>>);

TEST_P(Patience, EndsAfterTheLockTimeoutInEveryCommandThatWrites) {
  std::ofstream(directory_.path() + "/target.yaml") << "tables: []\n";
  const auto other = database_.connect();
  other->execute("CREATE TABLE message_logs (id INTEGER NOT NULL PRIMARY KEY)");
  ASSERT_TRUE(other->try_lock("parley_schema"));
  const std::vector<std::vector<std::string>> commands = {{"repair", "--module", "leads"},
                                                          {"upgrade", "--module", "leads"},
                                                          {"ensure_version", "--module", "leads"},
                                                          {"stamp", "base", "--module", "leads"},
                                                          {"apply", "--target", "target.yaml"}};
  for (auto words : commands) {
    words.insert(words.begin(), "db");
    words.insert(words.end(), {"--url", database_.url_text(), "--lock-timeout", "0"});
    const Outcome outcome = run_parley(words, directory_.path());
    EXPECT_EQ(outcome.exit_code, 4) << words[1] << "\n" << outcome.err;
  }
}

}  // namespace
}  // namespace parley::test
