#pragma once

// A model that continues a conversation: the interface, its values, and the call for threads that
// may wait. The implementations are OpenAiModel (a server that speaks the chat-completions
// protocol) and OfflineModel (no server: a function of the request). Nothing here knows what a
// module asks for, or why.

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/cancellation.h"
#include "base/error.h"

namespace parley::ai {

enum class Role { System, User, Assistant };

/// The word of the protocol: `system`, `user`, `assistant`.
std::string_view word(Role role);

struct Message {
  Role role = Role::User;
  std::string content;

  friend bool operator==(const Message&, const Message&) = default;
};

struct Request {
  std::string model;    ///< Its name at the server; empty: the one of the configuration.
  std::string api_key;  ///< Empty: the one of the configuration.
  std::vector<Message> messages;
  double temperature = 0;
  std::optional<std::int64_t> max_tokens;  ///< Of the answer; nothing: the server decides.
};

struct Usage {
  std::int64_t prompt_tokens = 0;
  std::int64_t completion_tokens = 0;
  std::int64_t total_tokens = 0;

  Usage& operator+=(const Usage& more);
  friend bool operator==(const Usage&, const Usage&) = default;
};

struct Completion {
  std::string content;  ///< Never empty.
  std::string model;    ///< The one that answered, in the server's words.
  std::string finish_reason;
  std::optional<Usage> usage;                  ///< Nothing when the server does not tell.
  std::chrono::milliseconds response_time{0};  ///< From the question to the last byte, all tries.
};

/// A completion, or the Error by which there is none: CannotConnect (the server is not reached),
/// PermissionDenied (the key is refused), TooManyRequests, InvalidArgument (the request is
/// refused), InvalidConfiguration (no model is named), ConnectionLost (it broke off), Unavailable
/// (too late, an error of the server, an answer without sense, cancelled). The messages may be
/// shown to users: they name the server's host and what it said, never the key.
using Outcome = std::variant<Completion, Error>;

/// A piece of the answer, in order. All of them together are the content.
using OnDelta = std::function<void(std::string_view)>;
using Done = std::function<void(Outcome)>;

class LanguageModel {
 public:
  virtual ~LanguageModel() = default;

  /// Begins to ask, and does not wait. `on_delta`, when there is one, asks for the answer piece by
  /// piece. `done` is called exactly once, after the last piece; both on a thread of the model, or,
  /// when the answer is at hand, before this returns. They must not block. Any thread.
  virtual void ask(Request request, OnDelta on_delta, Done done, Cancellation cancellation) = 0;
};

/// Asks, and waits for the outcome. `on_delta` is called on a thread of the model. Not to be called
/// from a callback of the model.
Outcome ask_and_wait(LanguageModel& model, Request request, OnDelta on_delta = nullptr,
                     Cancellation cancellation = {});

}  // namespace parley::ai
