#pragma once

// Questions that nobody stores: an agent is found in a transaction, asked on a thread for that, and
// the answer goes out. Handlers are immutable; any thread.

#include <functional>
#include <memory>

#include "chat/handlers.h"

namespace parley::chat {

/// What one who asks gets to know: the agent, and what to make of the answer.
struct OneQuestion {
  /// Finds the agent in a read transaction. Throws the problems of whoever may not ask it.
  std::function<AgentRow(database::Connection&)> find;
  std::function<std::string()> text;  ///< Called after `find`.
  std::function<http::Response(const AgentRow&, const Answer&)> respond;
};

/// Asks, and answers the exchange. Throws Error{Unavailable} when too many ask already.
void ask_once(const Context& context, const api::Exchange& exchange, OneQuestion question);

/// Works on an agent on a thread for that: a look at its source.
struct OneLook {
  std::function<AgentRow(database::Connection&)> find;
  std::function<http::Response(const AgentRow&)> respond;  ///< May block.
};
void look_once(const Context& context, const api::Exchange& exchange, OneLook look);

/// The attempts of an answer as an array.
json::array attempts_json(const Answer& answer);

}  // namespace parley::chat
