#pragma once

// Power BI and its sign-in for tests: tokens, and executeQueries over one small dataset. Loopback.
// Any thread.

#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "support/scripted_server.h"

namespace parley::test {

class FakePowerBi {
 public:
  /// A dataset with the table Sales: City (Text), Amount (Int64); and a measure.
  FakePowerBi();

  /// For both base URLs.
  std::string origin() const { return server_.origin(); }

  /// What a member would configure.
  static Json config();

  /// The answer to the next query that does not ask for the schema: JSON rows, an error in the form
  /// of Power BI, or any reply.
  void will_give(json::array rows);
  void will_refuse(const std::string& message);
  void will(ScriptedReply reply);

  /// Later calls with a token that was given before are answered with 401.
  void void_tokens();
  /// Gives no more tokens.
  void refuse_credentials();

  /// The queries that were run, but those for the schema.
  std::vector<std::string> queries() const;
  std::size_t schema_queries() const;
  std::size_t tokens_given() const;
  ScriptedServer& server() { return server_; }

 private:
  ScriptedReply reply_to(const ScriptedRequest& request);
  ScriptedReply token_reply(const ScriptedRequest& request);
  ScriptedReply query_reply(const ScriptedRequest& request);
  std::optional<json::array> schema_rows(const std::string& query);

  mutable std::mutex mutex_;
  std::deque<ScriptedReply> replies_;
  std::vector<std::string> queries_;
  std::size_t schema_queries_ = 0;
  std::size_t tokens_ = 0;
  std::size_t first_good_token_ = 1;
  bool refuses_credentials_ = false;
  ScriptedServer server_;
};

}  // namespace parley::test
