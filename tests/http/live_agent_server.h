#pragma once

// A live-agent server for one test: a fresh database with the module's tables, the real store,
// module and HTTP server, and a clock that the test moves. Beside it, scenarios: a request with
// what its answer must and must not have. One thread, unless said otherwise.

#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "api/stream.h"
#include "base/clock.h"
#include "http/server.h"
#include "http/worker.h"
#include "live_agent/auth.h"
#include "live_agent/module.h"
#include "live_agent/tables.h"
#include "store/query.h"
#include "store/store.h"
#include "support/databases.h"
#include "support/http_client.h"
#include "support/openapi_check.h"

namespace parley::test {

inline constexpr std::string_view kPassword = "correct horse";
inline constexpr std::string_view kTenant = "shop.example";

/// An agent's account with a token for it.
struct TestAgent {
  std::int64_t id = 0;
  std::string email;
  std::string token;
};

class LiveAgentServer {
 public:
  explicit LiveAgentServer(TestEngine engine,
                           const live_agent::Settings& settings = default_settings());
  /// Another node on the database of `first`, with its settings and a clock of its own.
  explicit LiveAgentServer(const LiveAgentServer& first);
  ~LiveAgentServer() { server_.stop(); }
  LiveAgentServer& operator=(const LiveAgentServer&) = delete;

  static live_agent::Settings default_settings();

  /// A token as a portal makes one, for the tenant `shop.example` unless said otherwise.
  std::string user_token(const std::string& email, std::string_view tenant = kTenant) const;
  std::string token_with(JsonObject claims) const;

  /// An account with the password `kPassword`, and a token for it.
  TestAgent add_agent(const std::string& name, live_agent::Role role = live_agent::Role::Agent);

  /// Any thread. An empty token sends no Authorization header. Every answer must be as the API's
  /// document describes it.
  HttpAnswer call(std::string_view method, const std::string& path, const std::string& token,
                  std::string_view body = {}, HttpHeaders headers = {}) const;
  /// The same for an answer of that status, whose object is returned. Any thread.
  JsonObject ok(int status, std::string_view method, const std::string& path,
                const std::string& token, std::string_view body = {}) const;

  /// Opens a session and returns its id.
  std::string open_session(const std::string& token, std::string_view text = "Hello") const;
  /// Sends a message and returns it. Any thread.
  JsonObject send(const std::string& token, const std::string& session_id, std::string_view side,
                  std::string_view text) const;
  JsonObject set_status(const std::string& token, const std::string& session_id,
                        std::string_view status) const;

  /// What is stored, by id, read behind the server's back.
  template <class Row>
  std::vector<Row> rows() {
    return store::select<Row>().template order_by<&Row::id>().all(*connection_);
  }
  live_agent::SessionRow session(const std::string& id);
  /// Writes through the server's own store.
  void write(store::Work work) { store_.write_and_wait(std::move(work)); }
  database::Connection& connection() { return *connection_; }
  live_agent::Notifier& notifier() { return *module_.notifier(); }

  std::uint16_t port() const { return server_.port(); }
  const http::Router& router() const { return router_; }
  /// The check of the document that the routes of this server make.
  const OpenApiCheck& api() const { return api_; }

  ManualClock clock{parse_timestamp("2025-03-15T10:00:00Z").value()};

 private:
  LiveAgentServer(const std::shared_ptr<TestDatabase>& database,
                  const live_agent::Settings& settings);
  LiveAgentServer(std::shared_ptr<TestDatabase> database,
                  std::unique_ptr<database::Connection> connection,
                  const live_agent::Settings& settings);

  live_agent::Settings settings_;
  std::shared_ptr<TestDatabase> database_;
  std::unique_ptr<database::Connection> connection_;
  store::Store store_;
  http::WorkerThreads workers_{1, 16};
  live_agent::Module module_;
  api::EventFeed feed_;
  http::Router router_;
  OpenApiCheck api_;
  http::Server server_;
};

/// A request, and what is expected of its answer.
struct Scenario {
  std::string name;
  std::string method;
  std::string path;
  std::string token;
  std::string body;
  int status = 200;
  std::vector<std::string> present;  ///< Fragments of the answer's body.
  std::vector<std::string> absent;
  HttpHeaders headers;
};

/// Plays the scenarios in order. An answer with an error must also have the module's error shape.
void play(const LiveAgentServer& server, const std::vector<Scenario>& scenarios);

/// The base of the suites that run on every engine.
class LiveAgentTest : public testing::TestWithParam<TestEngine> {
 protected:
  LiveAgentServer server{GetParam()};
};

/// The path below the module's base: `/sessions`.
std::string live_agent(std::string_view rest);

/// The text of an object.
std::string json_of(JsonObject object);

}  // namespace parley::test
