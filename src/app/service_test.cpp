#include "app/service.h"

#include <gmock/gmock.h>

#include "http/openapi.h"
#include "support/databases.h"
#include "support/http_client.h"
#include "support/openapi_check.h"

namespace parley::app {
namespace {

using testing::IsEmpty;

/// The real server on a new data directory.
class ServiceTest : public testing::Test {
 protected:
  ServiceTest() { service_.start(); }
  ~ServiceTest() override { service_.stop(); }

  test::HttpAnswer get(const std::string& path, const test::HttpHeaders& headers = {}) const {
    const std::string address = service_.address();
    const auto port = std::stoul(address.substr(address.rfind(':') + 1));
    return test::http_call(static_cast<std::uint16_t>(port), "GET", path, headers);
  }

  test::TemporaryDirectory directory_;
  ManualClock clock_{parse_timestamp("2025-03-15T10:00:00Z").value()};
  Service service_{
      Configuration::load({.config_file = {},
                           .settings = {{"data", directory_.path()}, {"listen", "127.0.0.1:0"}}}),
      clock_,
      {.tool_version = "1.2.3"}};
};

TEST_F(ServiceTest, ServesADocumentOfAllItsRoutes) {
  const test::HttpAnswer answer = get("/openapi.json");
  ASSERT_EQ(answer.status, 200);
  EXPECT_EQ(answer.json().at("info").at("version"), "1.2.3");
  const test::OpenApiCheck document(answer.json());
  EXPECT_THAT(document.mistakes(), IsEmpty());
  std::vector<std::string> routes;
  for (const http::Route* route : service_.router().routes())
    routes.push_back(route->method + ' ' + route->pattern);
  std::ranges::sort(routes);
  EXPECT_EQ(document.operations(), routes);
}

TEST_F(ServiceTest, AnswersOfTheServerItselfAreAsDescribed) {
  const test::OpenApiCheck document(get("/openapi.json").json());
  for (const std::string path : {"/healthz", "/readyz", "/metrics", "/openapi.json", "/nowhere"}) {
    EXPECT_THAT(document.mismatches("GET", path, "", get(path)), IsEmpty()) << path;
  }
  const std::string tag = get("/openapi.json").header("ETag");
  const test::HttpAnswer known = get("/openapi.json", {{"If-None-Match", tag}});
  EXPECT_EQ(known.status, 304);
  EXPECT_THAT(document.mismatches("GET", "/openapi.json", "", known), IsEmpty());
}

}  // namespace
}  // namespace parley::app
