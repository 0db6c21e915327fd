#pragma once

// The texts of the OpenAI chat-completions protocol: what is sent, and what comes back, whole or in
// pieces. Pure, but for the reader of a stream, which is one thread's.

#include <optional>
#include <string>
#include <string_view>

#include "ai/language_model.h"
#include "base/json.h"
#include "http/event_reader.h"

namespace parley::ai {

enum class Delivery { Whole, Streamed };

/// The body of a request. Requires: the model has a name.
std::string request_text(const Request& request, Delivery delivery);

/// The completion in a body; or Unavailable, when it is no JSON, holds none, or an empty one. The
/// response time is the caller's to tell.
Outcome read_completion(std::string_view body);

/// The Error of an answer with this status, with the server's own words where it gave some.
Error error_of_status(int status, std::string_view body);

/// Reads the pieces of a streamed completion.
class CompletionReader {
 public:
  explicit CompletionReader(OnDelta on_delta);

  void feed(std::string_view piece);

  /// What has come, once the stream has ended; ConnectionLost when it ended too early, and
  /// otherwise as read_completion. A server that does not stream though it was asked to is
  /// understood too.
  Outcome finish();

 private:
  void take_event(std::string_view data);
  void take_chunk(const Json& chunk);

  OnDelta on_delta_;
  http::EventReader events_;
  std::string unread_;  ///< The beginning, until the first event: perhaps it is no stream.
  Completion completion_;
  std::optional<Error> error_;
  bool has_events_ = false;
  bool is_complete_ = false;
};

}  // namespace parley::ai
