#pragma once

// Agents as the API keeps them. The holding agent, which keeps the messages that nobody takes, is
// the server's own: it can be looked at, and is in no list. Functions run inside a transaction
// given by the store, and throw `http::Problem` for what the caller must hear. The connection's
// thread.

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "api/page.h"
#include "base/clock.h"
#include "leads/tables.h"
#include "leads/workflows.h"
#include "store/connection.h"
#include "store/query.h"
#include "store/unit_of_work.h"

namespace parley::leads {

/// An agent with the defaults of its columns, and the type and author that the API gives.
AgentRow fresh_agent();

/// Stores the agent. Throws 400 when one of that name exists.
AgentRow add_agent(store::UnitOfWork& unit, AgentRow agent, Timestamp now);

/// The agent. Throws 404.
AgentRow agent_of(database::Connection& connection, std::int64_t id);

struct AgentFilter {
  std::optional<std::string> type;
  std::optional<bool> is_active;
  std::optional<std::string> search;  ///< In name and description, any letter case.
  api::Page page;
};

struct AgentPage {
  std::vector<AgentRow> agents;
  std::int64_t total = 0;
};

/// Newest first.
AgentPage list_agents(database::Connection& connection, const AgentFilter& filter);

struct AgentChange {
  std::vector<store::Assignment<AgentRow>> assignments;
  std::optional<std::string> name;  ///< When it changes.
};

/// Returns the agent as it is then. Throws 404, 400 for a name that another one has, and 409 for
/// the holding agent.
AgentRow change_agent(store::UnitOfWork& unit, std::int64_t id, const AgentChange& change,
                      Timestamp now);

/// Throws 404, and 409 while something of it is left: sessions, messages, rows of tables that
/// Parley does not know.
AgentRow remove_agent(store::UnitOfWork& unit, std::int64_t id);

/// What one agent has done.
struct AgentFigures {
  AgentRow agent;
  SessionFigures sessions;
  std::int64_t messages = 0;
};

AgentFigures agent_figures(database::Connection& connection, std::int64_t id);

/// What all have done.
struct AgentsFigures {
  std::int64_t total = 0;
  std::int64_t active = 0;
  std::int64_t interactions = 0;
  std::int64_t sessions = 0;
  std::int64_t active_sessions = 0;
};

AgentsFigures agents_figures(database::Connection& connection);

/// Each type with its agents, most first.
std::vector<std::pair<std::string, std::int64_t>> agents_by_type(database::Connection& connection);

}  // namespace parley::leads
