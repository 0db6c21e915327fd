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

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class ConfigurationOf : public testing::Test {
 protected:
  ~ConfigurationOf() override { ::unsetenv("PARLEY_LOG_LEVEL"); }

  Configuration load() { return Configuration::load({.config_file = file_, .settings = flags_}); }
  std::string hint_of_load() {
    try {
      load();
    } catch (const Error& error) {
      return error.hint();
    }
    return "loaded";
  }
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

TEST_F(ConfigurationOf, HasFamiliesOfSettings) {
  write("[outreach.channels.news]\nhost = \"mail.example\"\n[outreach.channels.eu_2]\nport = 25\n");
  ::setenv("PARLEY_OUTREACH_CHANNELS_EU_2_HOST", "eu.example", 1);
  ::setenv("PARLEY_OUTREACH_CHANNELS_WA_PHONE_NUMBER_ID", "17", 1);
  const Configuration configuration = load();
  ::unsetenv("PARLEY_OUTREACH_CHANNELS_EU_2_HOST");
  ::unsetenv("PARLEY_OUTREACH_CHANNELS_WA_PHONE_NUMBER_ID");
  EXPECT_THAT(configuration.members("outreach.channels."), ElementsAre("eu_2", "news", "wa"));
  EXPECT_EQ(configuration.text("outreach.channels.news.host"), "mail.example");
  EXPECT_EQ(configuration.text("outreach.channels.eu_2.host"), "eu.example");
  EXPECT_EQ(configuration.text("outreach.channels.wa.phone_number_id"), "17");
  EXPECT_EQ(configuration.text("outreach.channels.news.kind"), "file");
  EXPECT_THAT(configuration.members("outreach.webhooks."), IsEmpty());
}

TEST_F(ConfigurationOf, SuggestsTheNearestNameOfAFamily) {
  write("[outreach.channels.news]\nhots = \"mail.example\"\n");
  EXPECT_THAT(hint_of_load(), HasSubstr("outreach.channels.news.host?"));
  write("[outreach.chanels.news]\nhost = \"mail.example\"\n");
  EXPECT_THAT(hint_of_load(), HasSubstr("outreach.channels.news.host?"));
  write("");
  ::setenv("PARLEY_OUTREACH_CHANNELS_NEWS_EU_HOTS", "mail.example", 1);
  EXPECT_THAT(hint_of_load(), HasSubstr("PARLEY_OUTREACH_CHANNELS_NEWS_EU_HOST?"));
  ::unsetenv("PARLEY_OUTREACH_CHANNELS_NEWS_EU_HOTS");
}

TEST_F(ConfigurationOf, RefusesAMemberThatNoVariableCouldName) {
  write("[outreach.channels.News]\nhost = \"mail.example\"\n");
  EXPECT_THROW(load(), Error);
  write("[outreach.channels.a-b]\nhost = \"mail.example\"\n");
  EXPECT_THROW(load(), Error);
}

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
