#include "app/leads_settings.h"

#include <gmock/gmock.h>

#include "base/error.h"

namespace parley::app {
namespace {

leads::Settings settings_with(std::map<std::string, std::string> settings) {
  return leads_settings(Configuration::load({.settings = std::move(settings)}));
}

TEST(LeadsSettings, AreOpenOnlyOnThisMachine) {
  EXPECT_TRUE(settings_with({}).is_open);
  EXPECT_TRUE(settings_with({{"listen", "[::1]:8000"}}).is_open);
  EXPECT_FALSE(settings_with({{"listen", "0.0.0.0:8000"}}).is_open);
  EXPECT_FALSE(settings_with({{"listen", ":8000"}}).is_open);
}

TEST(LeadsSettings, TakeSeveralKeys) {
  EXPECT_THAT(settings_with({{"leads.api_keys", "0123456789abcdef, fedcba9876543210"}}).api_keys,
              testing::ElementsAre("0123456789abcdef", "fedcba9876543210"));
}

TEST(LeadsSettings, RefuseAKeyThatCanBeGuessed) {
  EXPECT_THROW(settings_with({{"leads.api_keys", "secret"}}), Error);
}

TEST(LeadsSettings, NeedASecretToRequireSignatures) {
  EXPECT_THROW(settings_with({{"leads.webhooks.require_signature", "yes"}}), Error);
}

}  // namespace
}  // namespace parley::app
