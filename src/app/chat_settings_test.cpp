#include "app/chat_settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "support/databases.h"

namespace parley::app {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class ChatSettings : public testing::Test {
 protected:
  chat::Settings with(std::map<std::string, std::string> settings) {
    settings.emplace("data", directory_.path());
    return chat_settings(Configuration::load({.config_file = {}, .settings = std::move(settings)}));
  }
  std::string error_with(const std::map<std::string, std::string>& settings) {
    try {
      with(settings);
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::InvalidConfiguration);
      return error.what();
    }
    return "no error";
  }

  test::TemporaryDirectory directory_;
};

TEST_F(ChatSettings, TheSecretIsMadeOnceAndKept) {
  const std::string made = with({}).jwt_secret;
  EXPECT_EQ(made.size(), 64U);
  EXPECT_EQ(with({}).jwt_secret, made);
  EXPECT_EQ(with({{"chat.jwt.secret", "mine"}}).jwt_secret, "mine");
}

TEST_F(ChatSettings, ListsAreSeparatedByCommas) {
  EXPECT_THAT(with({{"chat.jwt.accepted_issuers", "locimapper-api, other ,"}}).accepted_issuers,
              ElementsAre("locimapper-api", "other"));
}

TEST_F(ChatSettings, LinksHaveOneSlash) {
  EXPECT_EQ(with({{"chat.app_base_url", "https://app.example/"}}).app_base_url,
            "https://app.example");
}

TEST_F(ChatSettings, SignUpsNeedSomebodyToVerifyThem) {
  EXPECT_THAT(error_with({{"chat.signup.enabled", "true"}}), HasSubstr("chat.signup.enabled"));
  EXPECT_TRUE(with({{"chat.signup.enabled", "true"}, {"chat.signup.auto_verify", "true"}})
                  .sign_up.is_enabled);
}

TEST_F(ChatSettings, AMailerNeedsAUrlAndASecret) {
  EXPECT_THAT(error_with({{"chat.mailer.kind", "pigeon"}}), HasSubstr("pigeon"));
  EXPECT_THAT(error_with({{"chat.mailer.kind", "webhook"}, {"chat.mailer.url", "http://x"}}),
              HasSubstr("secret"));
}

}  // namespace
}  // namespace parley::app
