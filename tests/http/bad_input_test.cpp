// What every endpoint answers alike: bodies, paths and methods that are wrong.

#include "http/live_agent_server.h"

namespace parley::test {
namespace {

class BadInput : public LiveAgentTest {
 protected:
  std::string ann = server.user_token("ann@x");
};

TEST_P(BadInput, EveryEndpointButThePublicOnesNeedsAToken) {
  std::vector<Scenario> scenarios;
  const std::string id = "6f1b0e52-8c9e-4b1b-9d55-0a7a4e1f2c33";
  for (const auto& [method, path] : std::vector<std::pair<std::string, std::string>>{
           {"GET", "/auth/profile"},
           {"PUT", "/auth/profile"},
           {"GET", "/live-agent/sessions"},
           {"POST", "/live-agent/sessions"},
           {"GET", "/live-agent/sessions/" + id},
           {"PUT", "/live-agent/sessions/" + id + "/status"},
           {"POST", "/live-agent/messages"},
           {"GET", "/live-agent/messages/" + id},
           {"PUT", "/live-agent/messages/1/read"},
           {"PUT", "/live-agent/sessions/" + id + "/messages/read"},
           {"GET", "/live-agent/sessions/" + id + "/messages"},
           {"PUT", "/live-agent/agent/status"},
           {"POST", "/live-agent/agent/fcm-token"},
           {"GET", "/live-agent/agent/statistics"},
           {"GET", "/live-agent/agents"},
           {"POST", "/live-agent/agents"},
           {"PATCH", "/live-agent/agents/1"}}) {
    scenarios.push_back(
        {method + " " + path, method, "/api/v1" + path, "", "{", 401, {"access token"}, {}, {}});
  }
  play(server, scenarios);
}

TEST_P(BadInput, BrokenUtf8InTheQueryIsAnErrorOfTheModule) {
  play(server, {{"query",
                 "GET",
                 live_agent("/sessions?tenant=%ff"),
                 ann,
                 "",
                 400,
                 {"bad_request"},
                 {},
                 {}}});
}

TEST_P(BadInput, UnknownPathsAndMethodsAreErrorsOfTheModule) {
  play(server,
       {
           {"unknown path", "GET", live_agent("/nothing"), ann, "", 404, {}, {"not_offered"}, {}},
           {"unknown path of auth", "GET", "/api/v1/auth/nothing", ann, "", 404, {}, {}, {}},
           {"wrong method", "DELETE", live_agent("/sessions"), ann, "", 405, {}, {}, {}},
           {"knowledge base",
            "GET",
            "/api/v1/knowledge-base/articles",
            ann,
            "",
            404,
            {"not_offered"},
            {},
            {}},
           {"WhatsApp relay",
            "POST",
            live_agent("/whatsapp/send"),
            ann,
            "{}",
            404,
            {"not_offered"},
            {},
            {}},
       });
}

TEST_P(BadInput, BodyOverAMebibyteIsRefusedWhole) {
  const std::string body =
      json_of({{"initial_message", "x"}, {"padding", std::string(1 << 20, 'x')}});
  play(server, {{"large", "POST", live_agent("/sessions"), ann, body, 413, {}, {}, {}}});
  EXPECT_TRUE(server.rows<live_agent::SessionRow>().empty());
}

TEST_P(BadInput, DeeplyNestedBodyIsRefused) {
  const std::string body = R"({"initial_message":"x","user_context":)" + std::string(200, '[') +
                           std::string(200, ']') + "}";
  play(server, {{"deep", "POST", live_agent("/sessions"), ann, body, 422, {}, {}, {}}});
}

INSTANTIATE_TEST_SUITE_P(Engines, BadInput, testing::ValuesIn(all_engines()),
                         engine_name<testing::TestParamInfo<TestEngine>>);

}  // namespace
}  // namespace parley::test
