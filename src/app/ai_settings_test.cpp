#include "app/ai_settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/databases.h"
#include "support/errors.h"

namespace parley::app {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

class AiSettings : public testing::Test {
 protected:
  ai::Settings with(std::map<std::string, std::string> settings) {
    settings["data"] = directory_.path();
    return ai_settings(Configuration::load({.config_file = {}, .settings = std::move(settings)}));
  }
  std::string error_with(const std::string& setting, const std::string& value) {
    const auto error = test::error_of([&] { with({{setting, value}}); });
    return error ? error->what() : "none";
  }

  test::TemporaryDirectory directory_;
};

TEST_F(AiSettings, AreOfflineByDefault) {
  const ai::Settings settings = with({});
  const ai::Settings defaults;
  EXPECT_TRUE(settings.is_offline());
  EXPECT_EQ(settings.model, "");
  EXPECT_EQ(settings.key_required, defaults.key_required);
  EXPECT_EQ(settings.fallback_on_error, defaults.fallback_on_error);
  EXPECT_EQ(settings.timeout, defaults.timeout);
  EXPECT_EQ(settings.retries, defaults.retries);
}

TEST_F(AiSettings, ReadWhatIsSet) {
  const ai::Settings settings = with({{"ai.base_url", "http://127.0.0.1:11434/v1"},
                                      {"ai.api_key", "sk-1\n"},
                                      {"ai.model", "m"},
                                      {"ai.key_required", "no"},
                                      {"ai.timeout_seconds", "5"},
                                      {"ai.retries", "0"}});
  EXPECT_FALSE(settings.is_offline());
  EXPECT_EQ(settings.base_url, "http://127.0.0.1:11434/v1");
  EXPECT_EQ(settings.api_key, "sk-1");
  EXPECT_EQ(settings.model, "m");
  EXPECT_FALSE(settings.key_required);
  EXPECT_EQ(settings.timeout, 5s);
  EXPECT_EQ(settings.retries, 0);
}

TEST_F(AiSettings, NameWhatCannotBe) {
  EXPECT_THAT(error_with("ai.base_url", "api.openai.com"), HasSubstr("ai.base_url"));
  EXPECT_THAT(error_with("ai.api_key", "two words"), HasSubstr("ai.api_key"));
  EXPECT_THAT(error_with("ai.timeout_seconds", "0"), HasSubstr("ai.timeout_seconds"));
  EXPECT_THAT(error_with("ai.retries", "-1"), HasSubstr("ai.retries"));
}

}  // namespace
}  // namespace parley::app
