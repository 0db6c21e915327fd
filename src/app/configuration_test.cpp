#include "app/configuration.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "base/error.h"
#include "support/databases.h"

namespace parley::app {
namespace {

using testing::HasSubstr;

class ConfigurationOf : public testing::Test {
 protected:
  ~ConfigurationOf() override { ::unsetenv("PARLEY_LOG_LEVEL"); }

  Configuration load() { return Configuration::load({.config_file = file_, .settings = flags_}); }
  void write(const std::string& text) { std::ofstream(file_) << text; }

  test::TemporaryDirectory directory_;
  std::string file_ = directory_.path() + "/parley.toml";
  std::map<std::string, std::string> flags_;
};

TEST_F(ConfigurationOf, FlagsWinOverEnvironmentOverFileOverDefaults) {
  write("[log]\nlevel = \"error\"\n");
  EXPECT_EQ(load().text("log.level"), "error");
  EXPECT_EQ(load().text("listen"), "127.0.0.1:8000");
  ::setenv("PARLEY_LOG_LEVEL", "debug", 1);
  EXPECT_EQ(load().text("log.level"), "debug");
  flags_["log.level"] = "warning";
  EXPECT_EQ(load().text("log.level"), "warning");
}

TEST_F(ConfigurationOf, ReadsTruthValues) {
  write("[live_agent]\ndev_open = true\n");
  EXPECT_TRUE(load().truth("live_agent.dev_open"));
  write("[live_agent]\ndev_open = \"perhaps\"\n");
  EXPECT_THROW(load().truth("live_agent.dev_open"), Error);
}

TEST_F(ConfigurationOf, RefusesAFileThatIsNamedButMissing) { EXPECT_THROW(load(), Error); }

TEST_F(ConfigurationOf, RefusesAListAsAValue) {
  write("listen = [1, 2]\n");
  EXPECT_THROW(load(), Error);
}

TEST(ConfigurationGuide, ListsEverySettingWithItsDefault) {
  std::ifstream stream(std::string(PARLEY_ROOT) + "/docs/guide/configuration.md");
  std::stringstream guide;
  guide << stream.rdbuf();
  for (const Setting& setting : all_settings()) {
    const std::string name = "| `" + std::string(setting.name) + "` | ";
    const std::string value =
        setting.default_value.empty() ? "|" : "`" + std::string(setting.default_value) + "` |";
    EXPECT_THAT(guide.str(), HasSubstr(name + value));
  }
}

}  // namespace
}  // namespace parley::app
