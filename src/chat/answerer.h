#pragma once

// How a question to an agent gets its answer: the border between what keeps chats (runs, rows,
// streams) and what answers (models, queries). Whoever calls has stored the question already and
// stores the answer; an Answerer stores nothing. Values, and one interface.

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ai/language_model.h"
#include "base/cancellation.h"
#include "chat/tables.h"

namespace parley::chat {

enum class Action {
  Describe,  ///< From the schema alone.
  Query,     ///< From the rows of a query.
  Error,     ///< There is no answer; `error` says why.
};

/// `DESCRIBE`, `QUERY`, `ERROR`: as stored and sent.
std::string_view word(Action action);

struct Question {
  AgentRow agent;
  /// What was said before, oldest first, without the question and without ERROR answers.
  std::vector<ai::Message> history;
  std::string text;
};

struct Answer {
  std::string content;  ///< Never empty; an ERROR's is the apology with the reason.
  Action action = Action::Describe;
  std::vector<std::string> attempts;       ///< The queries that were tried, in order.
  std::optional<std::string> final_query;  ///< The one that succeeded.
  std::optional<std::string> resolution_note;
  std::optional<std::string> error;
  std::string model;               ///< Empty when no model was asked.
  std::optional<ai::Usage> usage;  ///< Of all calls together; nothing when no server told.
  std::chrono::milliseconds response_time{0};  ///< From the question to the end of the answer.
};

/// The stored and sent form of the attempts (`dax_attempts`): compact JSON text of an array of
/// texts; nothing when no query was tried.
std::optional<std::string> attempts_text(const std::vector<std::string>& attempts);

/// The answer that says that there is none: the fixed apology and the reason.
Answer error_answer(std::string_view reason);

class Answerer {
 public:
  virtual ~Answerer() = default;

  /// Whether a model would be asked for this agent, and its key is missing: the question is then
  /// refused with 400 before it is stored. Any thread.
  virtual bool lacks_key(const AgentRow& agent) const = 0;

  /// Answers, and blocks until the answer is complete: seconds, at most some minutes. `on_delta`
  /// gets the pieces of the answer's text on any thread, one after the other; all together they
  /// are `content`, unless an answer broke off and is an ERROR. It may be empty; it must not block.
  /// What goes wrong is an ERROR answer, also that it was cancelled: nothing is thrown for it. Any
  /// thread; many at once.
  virtual Answer answer(const Question& question, const ai::OnDelta& on_delta,
                        const Cancellation& cancellation) = 0;
};

}  // namespace parley::chat
