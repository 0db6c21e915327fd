#include "app/http_settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "support/databases.h"

namespace parley::app {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

class HttpSettings : public testing::Test {
 protected:
  http::ServerOptions with(std::map<std::string, std::string> settings) {
    settings["data"] = directory_.path();
    return http_settings(Configuration::load({.config_file = {}, .settings = std::move(settings)}));
  }

  std::string error_with(const std::string& setting, const std::string& value) {
    try {
      with({{setting, value}});
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::InvalidConfiguration);
      return error.what();
    }
    return "none";
  }

  test::TemporaryDirectory directory_;
};

TEST_F(HttpSettings, HaveTheDefaultsOfTheServer) {
  const http::ServerOptions options = with({});
  const http::ServerOptions defaults;
  EXPECT_EQ(options.address, defaults.address);
  EXPECT_EQ(options.port, defaults.port);
  EXPECT_EQ(options.body_bytes_max, defaults.body_bytes_max);
  EXPECT_EQ(options.header_bytes_max, defaults.header_bytes_max);
  EXPECT_EQ(options.connections_max, defaults.connections_max);
  EXPECT_EQ(options.connections_per_address_max, defaults.connections_per_address_max);
  EXPECT_EQ(options.idle_timeout, defaults.idle_timeout);
  EXPECT_EQ(options.request_timeout, defaults.request_timeout);
  EXPECT_EQ(options.logs_access, defaults.logs_access);
}

TEST_F(HttpSettings, ReadAddressAndPort) {
  EXPECT_EQ(with({{"listen", "[::1]:0"}}).address, "::1");
  EXPECT_EQ(with({{"listen", ":81"}}).port, 81);
  for (const char* listen : {"", "localhost", "1.2.3.4:", "1.2.3.4:99999", "1.2.3.4:80x"}) {
    EXPECT_THAT(error_with("listen", listen), HasSubstr("no address")) << listen;
  }
}

TEST_F(HttpSettings, ReadLimits) {
  const auto options = with({{"limits.body_bytes", "10"},
                             {"limits.connections_per_address", "20"},
                             {"limits.request_seconds", "5"}});
  EXPECT_EQ(options.body_bytes_max, 10u);
  EXPECT_EQ(options.connections_per_address_max, 20u);
  EXPECT_EQ(options.request_timeout, 5s);
}

TEST_F(HttpSettings, NameTheLimitThatCannotBe) {
  EXPECT_THAT(error_with("limits.idle_seconds", "0"), HasSubstr("limits.idle_seconds"));
  EXPECT_THAT(error_with("limits.connections", "many"), HasSubstr("limits.connections"));
  EXPECT_THAT(error_with("limits.body_bytes", "-1"), HasSubstr("limits.body_bytes"));
  EXPECT_THAT(error_with("limits.header_bytes", "99999999999999999999"),
              HasSubstr("limits.header_bytes"));
  EXPECT_THAT(error_with("cors.origins", "app.example"), HasSubstr("cors.origins"));
}

}  // namespace
}  // namespace parley::app
