#pragma once

// An outreach server for one test (module_server.h), with the verbs of its scenarios.

#include <string>
#include <vector>

#include "http/module_server.h"
#include "outreach/module.h"
#include "outreach/tables.h"

namespace parley::test {

class OutreachServer : public ModuleServer {
 public:
  explicit OutreachServer(TestEngine engine,
                          const outreach::Settings& settings = default_settings());
  /// On a database that has its tables.
  OutreachServer(std::shared_ptr<TestDatabase> database, const outreach::Settings& settings);
  /// Another node on the database of `first`, with its settings and a clock of its own.
  explicit OutreachServer(const OutreachServer& first);

  static outreach::Settings default_settings();

  /// Calls as `user`, without a key. Any thread.
  HttpAnswer call_as(const std::string& user, std::string_view method, const std::string& path,
                     std::string_view body = {}) const;
  /// The same for an answer of that status, whose object is returned; as `ann`. Any thread.
  JsonObject ok(int status, std::string_view method, const std::string& path,
                std::string_view body = {}) const;

  /// Begins a run and returns its id.
  std::string start_session(std::string_view channel = "email",
                            std::string_view template_name = "Welcome") const;
  /// Logs a message and returns its id.
  std::string log(const JsonObject& record) const;
  JsonObject set_status(const std::string& log_id, std::string_view status) const;
  JsonObject session(const std::string& id) const;
  JsonObject message(const std::string& id) const;

  void expect_error_shape(const HttpAnswer& answer) const override;

 private:
  outreach::Settings settings_;
};

/// A record to be logged, in that session and with that status; empty: without.
JsonObject record(const std::string& session_id = {}, std::string_view status = {},
                  std::string_view email = "bob@x.example");

/// The path below the module's base: `/sessions`.
std::string outreach_path(std::string_view rest);

/// The base of the suites that run on every engine.
class OutreachTest : public testing::TestWithParam<TestEngine> {
 protected:
  OutreachServer server{GetParam()};
};

}  // namespace parley::test
