#pragma once

// Agents, the data connectors of an account: finding, listing, making and changing them. Functions
// run inside a transaction given by the store, and throw `http::Problem` for what the caller must
// hear. The connection's thread.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "chat/auth.h"
#include "chat/tables.h"
#include "chat/vocabulary.h"
#include "store/connection.h"
#include "store/unit_of_work.h"

namespace parley::chat {

/// A part of a list.
struct Window {
  std::int64_t skip = 0;
  std::int64_t limit = 100;
};
inline constexpr std::int64_t kWindowLimit = 100;
inline constexpr std::int64_t kWindowLimitMax = 1000;

inline constexpr std::string_view kActiveStatus = "active";

/// The agent of that id, in whatever account.
std::optional<AgentRow> find_agent(database::Connection& connection, const std::string& id);

/// The agent `agent_id` of the path, in the caller's account. The first throws 404 and then 403 for
/// an agent that the caller may not use; the second the other way round.
AgentRow agent_then_access(database::Connection& connection, const Caller& caller);
AgentRow access_then_agent(database::Connection& connection, const Caller& caller);

/// Throws 403 when the caller may not use the agent of the path, whether or not there is one.
void require_access(const Caller& caller);

struct AgentPage {
  std::vector<AgentRow> agents;
  std::int64_t total = 0;
};
/// Those that the caller may use, newest first.
AgentPage list_agents(database::Connection& connection, const Caller& caller, const Window& window);

/// What an agent is made of. Absent members get their defaults, or stay.
struct AgentFields {
  std::optional<std::string> name;
  std::optional<std::optional<std::string>> description;
  std::optional<std::string> status;
  std::optional<std::optional<std::string>> model_type;
  std::optional<std::optional<std::string>> api_key;
  std::optional<std::optional<std::string>> system_instructions;
  std::optional<ConnectionType> connection_type;
  std::optional<Json> connection_config;
  std::optional<bool> custom_tone_schema_enabled;
  std::optional<bool> custom_tone_rows_enabled;
  std::optional<std::optional<std::string>> custom_tone_schema;
  std::optional<std::optional<std::string>> custom_tone_rows;
  std::optional<std::optional<Json>> recommended_questions;
};

/// Throws 400 for a configuration that lacks something. A restricted member may use what they make.
AgentRow create_agent(store::UnitOfWork& unit, const Caller& caller, const AgentFields& fields,
                      Timestamp now);
AgentRow change_agent(store::UnitOfWork& unit, AgentRow agent, const AgentFields& fields,
                      Timestamp now);

/// Chats, messages and credentials go along.
void delete_agent(store::UnitOfWork& unit, const AgentRow& agent);

}  // namespace parley::chat
