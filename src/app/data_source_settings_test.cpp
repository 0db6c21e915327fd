#include "app/data_source_settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/databases.h"
#include "support/errors.h"

namespace parley::app {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class DataSourceSettings : public testing::Test {
 protected:
  chat::DataSourceSettings with(std::map<std::string, std::string> settings) {
    settings["data"] = directory_.path();
    return data_source_settings(
        Configuration::load({.config_file = {}, .settings = std::move(settings)}));
  }
  std::string error_with(const std::string& setting, const std::string& value) {
    const auto error = test::error_of([&] { with({{setting, value}}); });
    return error ? error->what() : "none";
  }

  test::TemporaryDirectory directory_;
};

TEST_F(DataSourceSettings, HaveTheDefaultsOfThePublicService) {
  const auto settings = with({});
  const chat::DataSourceSettings defaults;
  EXPECT_EQ(settings.powerbi_authority_url, defaults.powerbi_authority_url);
  EXPECT_EQ(settings.powerbi_api_url, defaults.powerbi_api_url);
  EXPECT_EQ(settings.powerbi_resource, defaults.powerbi_resource);
  EXPECT_TRUE(settings.sqlite_dirs.empty());
  EXPECT_TRUE(settings.allowed_hosts.empty());
}

TEST_F(DataSourceSettings, ReadLists) {
  const auto settings = with({{"chat.sqlite_dirs", "/a, /b/c ,"},
                              {"chat.data_source_allow", "db.example.org"},
                              {"powerbi.api_url", "http://127.0.0.1:9/"}});
  EXPECT_THAT(settings.sqlite_dirs, ElementsAre("/a", "/b/c"));
  EXPECT_THAT(settings.allowed_hosts, ElementsAre("db.example.org"));
  EXPECT_EQ(settings.powerbi_api_url, "http://127.0.0.1:9");
}

TEST_F(DataSourceSettings, NameWhatCannotBe) {
  EXPECT_THAT(error_with("chat.sqlite_dirs", "data"), HasSubstr("chat.sqlite_dirs"));
  EXPECT_THAT(error_with("powerbi.api_url", "powerbi"), HasSubstr("powerbi.api_url"));
}

}  // namespace
}  // namespace parley::app
