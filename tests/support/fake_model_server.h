#pragma once

// A server of the OpenAI chat-completions protocol for tests: it says what it is told to, as JSON
// or as a stream, and remembers what it was asked. Loopback. Any thread.

#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "support/scripted_server.h"

namespace parley::test {

struct FakeUsage {
  int prompt_tokens = 11;
  int completion_tokens = 5;
};

/// One answer of the model.
struct ModelReply {
  int status = 200;
  std::vector<std::string> deltas;  ///< Together the text; a stream sends them one by one.
  std::string headers;              ///< Lines that end with CRLF.
  std::string body;                 ///< When not empty, this and no text.
  std::optional<FakeUsage> usage = FakeUsage{};
  std::size_t cut_after = ScriptedReply::kNever;    ///< Ends after so many deltas, without a word.
  std::size_t held_before = ScriptedReply::kNever;  ///< The delta before which it waits.
};

ModelReply says_in_pieces(std::vector<std::string> deltas);
ModelReply says(std::string text);
ModelReply says_without_usage(std::string text);
/// An error in the form of the protocol.
ModelReply fails(int status, std::string message, std::string headers = {});
/// Any bytes as the body, whatever was asked for.
ModelReply says_raw(std::string body);
/// Ends the connection after these deltas; of an answer that is no stream, in the midst of it.
ModelReply breaks_off_after(std::vector<std::string> deltas);
/// Waits with its first word until `release`.
ModelReply held(ModelReply reply);

class FakeModelServer {
 public:
  using Respond = std::function<ModelReply(const JsonObject& request)>;

  /// What is not told otherwise is answered with `Echo: ` and the last message.
  FakeModelServer();

  /// For `ai.base_url`.
  std::string base_url() const { return server_.origin() + "/v1"; }

  /// The next reply; several are given in their order.
  void will(ModelReply reply);
  /// What answers when none of those is left. Called on threads of the server, one call at a time.
  void respond_with(Respond respond);

  ScriptedServer& server() { return server_; }
  /// The bodies of the requests, in order.
  std::vector<JsonObject> asked() const;
  std::size_t count() const { return server_.requests().size(); }

  static constexpr const char* kModel = "fake-model-1";

 private:
  ScriptedReply reply_to(const ScriptedRequest& request);

  std::mutex mutex_;
  std::deque<ModelReply> replies_;
  Respond respond_;
  ScriptedServer server_;
};

/// The content of the last message of a request.
std::string last_message(const JsonObject& request);

}  // namespace parley::test
