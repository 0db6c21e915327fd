// Ten servers start at once on an empty database: one migrates, ten serve.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <mutex>
#include <thread>

#include "support/databases.h"
#include "support/http_client.h"
#include "support/process.h"

namespace parley::test {
namespace {

using testing::Each;
using testing::Pair;
using testing::_;

class StartTogether : public testing::TestWithParam<TestEngine> {
 protected:
  StartTogether() : database_(GetParam()) {}

  std::vector<std::string> arguments() const {
    if (GetParam() == TestEngine::Sqlite) return {};
    return {"--database", database_.url_text()};
  }
  std::unique_ptr<database::Connection> connect() const {
    if (GetParam() == TestEngine::Sqlite) {
      return database::open(
          database::Url::sqlite_file(directory_.path() + "/parley-data/live_agent.db"));
    }
    auto connection = database_.connect();
    connection->use_namespace("live_agent", database::Connection::Create::Never);
    return connection;
  }

  TestDatabase database_;
  TemporaryDirectory directory_;
};

INSTANTIATE_TEST_SUITE_P(Engines, StartTogether, testing::ValuesIn(all_engines()),
                         engine_name<testing::TestParamInfo<TestEngine>>);

TEST_P(StartTogether, OneOfTenMigratesAndTenServe) {
  std::vector<std::unique_ptr<RunningServer>> servers(10);
  std::vector<std::thread> starters;
  for (auto& server : servers) {
    starters.emplace_back([&] {
      try {
        server = std::make_unique<RunningServer>(arguments(), directory_.path());
      } catch (const std::exception& error) {
        ADD_FAILURE() << error.what();
      }
    });
  }
  for (std::thread& starter : starters) starter.join();
  for (const auto& server : servers) {
    ASSERT_NE(server, nullptr);
    EXPECT_EQ(http_call(server->port(), "GET", "/readyz").status, 200);
  }
  std::map<std::string, int> entries;
  for (const auto& row :
       database::query(*connect(), "SELECT revision FROM parley_journal WHERE error IS NULL")) {
    ++entries[database::text_of(row.front())];
  }
  EXPECT_GE(entries.size(), 5U);
  EXPECT_THAT(entries, Each(Pair(_, 1)));
}

}  // namespace
}  // namespace parley::test
