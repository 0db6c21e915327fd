#pragma once

// What the OpenAI-compatible door reads and says: requests of the chat-completions protocol, and
// the answers in its forms. Pure functions; any thread.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ai/language_model.h"
#include "base/clock.h"
#include "base/json.h"
#include "chat/tables.h"
#include "http/message.h"
#include "http/operation.h"

namespace parley::chat {

/// What is asked of the door.
struct CompletionRequest {
  std::string model;         ///< The id or the name of an agent.
  std::string instructions;  ///< What `system` and `developer` messages say.
  std::vector<ai::Message> history;
  std::string question;  ///< The last message, which is the user's.
  std::optional<std::string> chat_id;
  bool is_streamed = false;
  bool tells_usage = false;  ///< At the end of a stream.
};

/// Throws the 400 problem that names the first wrong field.
CompletionRequest read_completion_request(const http::Request& request);

/// What all parts of an answer have in common.
struct CompletionFrame {
  std::string id;
  std::string model;  ///< As it was asked for.
  Timestamp created;
};

/// The whole answer. `usage` is that of a run's answer; null counts as nothing used.
JsonObject completion_json(const CompletionFrame& frame, const std::string& content,
                           const Json& usage);

/// The chunks of a stream: its beginning, a piece of the text, its end, and what it cost.
JsonObject first_chunk(const CompletionFrame& frame);
JsonObject text_chunk(const CompletionFrame& frame, std::string_view text);
JsonObject last_chunk(const CompletionFrame& frame);
JsonObject usage_chunk(const CompletionFrame& frame, const Json& usage);

/// What ends a stream.
inline constexpr std::string_view kStreamEnd = "[DONE]";

/// The model that an agent is, and the list of several.
JsonObject model_json(const AgentRow& agent);
JsonObject models_json(const std::vector<AgentRow>& agents);

/// `{error: {message, type, param, code}}`; and the `ProblemStyle` of the door.
JsonObject openai_error(const http::Problem& problem);
http::Response openai_problem(const http::Problem& problem, const http::Request& request);

namespace operation {

http::Operation create_completion();
http::Operation list_models();
http::Operation get_model();

}  // namespace operation
}  // namespace parley::chat
