#include "app/outreach_channels.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "base/error.h"
#include "support/databases.h"

namespace parley::app {
namespace {

using outreach::Channel;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class SendingSettingsOf : public testing::Test {
 protected:
  outreach::SendingSettings read(const std::string& text) {
    std::ofstream(file_) << "data = \"" << directory_.path() << "\"\n" << text;
    return sending_settings(Configuration::load({.config_file = file_, .settings = {}}));
  }
  std::string refusal_of(const std::string& text) {
    try {
      read(text);
    } catch (const Error& error) {
      return error.what();
    }
    return "accepted";
  }

  test::TemporaryDirectory directory_;
  std::string file_ = directory_.path() + "/parley.toml";
};

TEST_F(SendingSettingsOf, WritesFilesWhenNothingIsConfigured) {
  const auto settings = read("");
  ASSERT_THAT(settings.channels, SizeIs(2));
  EXPECT_EQ(settings.channels[0].name, "email");
  EXPECT_EQ(std::get<outreach::FileSettings>(settings.channels[1].kind).directory,
            directory_.path() + "/outbox/whatsapp");
  EXPECT_THAT(settings.callbacks, IsEmpty());
}

TEST_F(SendingSettingsOf, ReadsEveryKindOfChannel) {
  const auto settings = read(R"(
[outreach.channels.news]
kind = "smtp"
carries = "email"
host = "mail.example"
security = "tls"
from = "Shop <news@shop.example>"
workers = 5
[outreach.channels.whatsapp]
kind = "whatsapp_cloud"
phone_number_id = "17"
token = "t"
[outreach.channels.gateway]
kind = "http"
carries = "whatsapp"
url = "https://gateway.example/send"
template = '{"to": "{to}"}'
)");
  ASSERT_THAT(settings.channels, SizeIs(3));
  const auto& smtp = std::get<outreach::SmtpSettings>(settings.channels[1].kind);
  EXPECT_EQ(settings.channels[1].workers, 5);
  EXPECT_EQ(smtp.port, 465);
  EXPECT_EQ(smtp.from, (outreach::Mailbox{"Shop", "news@shop.example"}));
  EXPECT_EQ(std::get<outreach::HttpGatewaySettings>(settings.channels[0].kind).body.at("to"),
            "{to}");
  EXPECT_EQ(settings.channels[2].carries, Channel::Whatsapp);
}

TEST_F(SendingSettingsOf, SaysWhatIsWrong) {
  EXPECT_THAT(refusal_of("[outreach.channels.email]\nkind = \"pigeon\"\n"),
              HasSubstr("outreach.channels.email.kind is 'pigeon'"));
  EXPECT_THAT(refusal_of("[outreach.channels.news]\nkind = \"file\"\n"),
              HasSubstr("outreach.channels.news.carries is not set"));
  EXPECT_THAT(refusal_of("[outreach.channels.email]\nkind = \"smtp\"\nfrom = \"a@b.example\"\n"),
              HasSubstr("outreach.channels.email.host is not set"));
  EXPECT_THAT(refusal_of("[outreach.channels.email]\nfrom = \"nobody\"\n"),
              HasSubstr("outreach.channels.email.from is 'nobody'"));
  EXPECT_THAT(refusal_of("[outreach.channels.email]\nkind = \"http\"\nurl = \"http://a\"\n"
                         "template = \"{\"\n"),
              HasSubstr("outreach.channels.email.template is no JSON"));
}

TEST_F(SendingSettingsOf, ReadsQuotasAndLeavesOutThoseWithoutALimit) {
  const auto quotas = read(
                          "[outreach.quotas]\nper_minute = 7\nper_minute_burst = 1\nper_hour = 0\n"
                          "email_per_day = 0\n")
                          .quotas;
  ASSERT_THAT(quotas.whatsapp, SizeIs(2));
  EXPECT_EQ(quotas.whatsapp[0].limit, 7);
  EXPECT_EQ(quotas.whatsapp[0].burst, 1);
  EXPECT_EQ(quotas.whatsapp[1].limit, 10000);
  EXPECT_THAT(quotas.email, IsEmpty());
}

TEST_F(SendingSettingsOf, KnowsTheSourcesOfCallbacks) {
  const auto callbacks =
      read("[outreach.webhooks.meta]\nsecret = \"s\"\nverify_token = \"v\"\n").callbacks;
  ASSERT_TRUE(callbacks.contains("meta"));
  EXPECT_EQ(callbacks.at("meta").secret, "s");
  EXPECT_EQ(callbacks.at("meta").verify_token, "v");
}

}  // namespace
}  // namespace parley::app
