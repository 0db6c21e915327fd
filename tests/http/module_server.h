#pragma once

// A server of one module for one test: a fresh database with the module's tables, the real store,
// module and HTTP server, and a clock that the test moves. Beside it, scenarios: a request with
// what its answer must and must not have. A module's own harness derives from it and adds its
// verbs. One thread, unless said otherwise.

#include <gmock/gmock.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "api/served_module.h"
#include "base/clock.h"
#include "http/server.h"
#include "http/worker.h"
#include "schema/schema.h"
#include "store/query.h"
#include "store/store.h"
#include "support/databases.h"
#include "support/http_client.h"
#include "support/openapi_check.h"

namespace parley::test {

/// What a module declares, in the order of creation.
struct ModuleSchema {
  std::vector<schema::Enum> enums = {};
  std::vector<schema::Table> tables = {};
  std::vector<schema::TableIndex> indexes = {};

  void add(std::vector<schema::Table> more);
};

/// A new database with those tables.
std::shared_ptr<TestDatabase> database_with(TestEngine engine, const ModuleSchema& schema);

class ModuleServer {
 public:
  using Make = std::function<std::unique_ptr<api::ServedModule>(const api::ModuleParts&)>;

  /// Serves what `make` makes on `database`, whose tables are there. Several servers on one
  /// database are several nodes, each with a clock of its own.
  ModuleServer(std::shared_ptr<TestDatabase> database, const Make& make);
  virtual ~ModuleServer();
  ModuleServer(const ModuleServer&) = delete;
  ModuleServer& operator=(const ModuleServer&) = delete;

  /// Any thread. An empty token sends no Authorization header. Every answer must be as the API's
  /// document describes it.
  HttpAnswer call(std::string_view method, const std::string& path, const std::string& token,
                  std::string_view body = {}, HttpHeaders headers = {}) const;
  /// The same for an answer of that status, whose object is returned. Any thread.
  JsonObject ok(int status, std::string_view method, const std::string& path,
                const std::string& token, std::string_view body = {}) const;

  /// What is stored, by id, read behind the server's back.
  template <class Row>
  std::vector<Row> rows() {
    return store::select<Row>().template order_by<&Row::id>().all(*connection_);
  }
  /// Writes through the server's own store.
  void write(store::Work work) { store_.write_and_wait(std::move(work)); }
  database::Connection& connection() { return *connection_; }
  store::Store& store() { return store_; }
  const std::shared_ptr<TestDatabase>& database() const { return database_; }

  std::uint16_t port() const { return server_->port(); }
  const http::Router& router() const { return router_; }
  /// The check of the document that the routes of this server make.
  const OpenApiCheck& api() const { return *api_; }

  /// Sends the module's webhooks, to any address, when a test has it `work`: it is not started.
  /// Requires: the module has some.
  api::webhooks::Dispatcher& webhooks() { return *webhooks_; }

  /// What every error of the module must have.
  virtual void expect_error_shape(const HttpAnswer& answer) const = 0;

  ManualClock clock{parse_timestamp("2025-03-15T10:00:00Z").value()};

 protected:
  api::ServedModule& module() { return *module_; }

 private:
  void add_webhooks();

  std::shared_ptr<TestDatabase> database_;
  std::unique_ptr<database::Connection> connection_;
  store::Store store_;
  api::EventFeed feed_;
  http::WorkerThreads workers_{1, 16};
  std::unique_ptr<api::ServedModule> module_;
  std::unique_ptr<api::webhooks::Dispatcher> webhooks_;
  http::Router router_;
  std::unique_ptr<OpenApiCheck> api_;
  std::unique_ptr<http::Server> server_;
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
void play(const ModuleServer& server, const std::vector<Scenario>& scenarios);

/// The text of an object.
std::string json_of(JsonObject object);

/// The hash of `kPassword`. Made once: that alone takes as long as everything else a test does.
const std::string& hash_of_test_password();
inline constexpr std::string_view kPassword = "correct horse";

}  // namespace parley::test
