#pragma once

// A live-agent server for one test, with the verbs of its users and agents. One thread, unless said
// otherwise.

#include <string>

#include "http/module_server.h"
#include "live_agent/auth.h"
#include "live_agent/module.h"
#include "live_agent/tables.h"

namespace parley::test {

inline constexpr std::string_view kTenant = "shop.example";

/// An agent's account with a token for it.
struct TestAgent {
  std::int64_t id = 0;
  std::string email;
  std::string token;
};

class LiveAgentServer : public ModuleServer {
 public:
  explicit LiveAgentServer(TestEngine engine,
                           const live_agent::Settings& settings = default_settings());
  /// Another node on the database of `first`, with its settings and a clock of its own.
  explicit LiveAgentServer(const LiveAgentServer& first);

  static live_agent::Settings default_settings();

  /// A token as a portal makes one, for the tenant `shop.example` unless said otherwise.
  std::string user_token(const std::string& email, std::string_view tenant = kTenant) const;
  std::string token_with(JsonObject claims) const;

  /// An account with the password `kPassword`, and a token for it.
  TestAgent add_agent(const std::string& name, live_agent::Role role = live_agent::Role::Agent);

  /// Opens a session and returns its id.
  std::string open_session(const std::string& token, std::string_view text = "Hello") const;
  /// Sends a message and returns it. Any thread.
  JsonObject send(const std::string& token, const std::string& session_id, std::string_view side,
                  std::string_view text) const;
  JsonObject set_status(const std::string& token, const std::string& session_id,
                        std::string_view status) const;

  live_agent::SessionRow session(const std::string& id);
  live_agent::Notifier& notifier() {
    return *dynamic_cast<live_agent::Module&>(module()).notifier();
  }

  void expect_error_shape(const HttpAnswer& answer) const override;

 private:
  LiveAgentServer(std::shared_ptr<TestDatabase> database, const live_agent::Settings& settings);

  live_agent::Settings settings_;
};

/// The base of the suites that run on every engine.
class LiveAgentTest : public testing::TestWithParam<TestEngine> {
 protected:
  LiveAgentServer server{GetParam()};
};

/// The path below the module's base: `/sessions`.
std::string live_agent(std::string_view rest);

}  // namespace parley::test
