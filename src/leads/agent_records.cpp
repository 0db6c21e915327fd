#include "leads/agent_records.h"

#include "base/text.h"
#include "leads/events.h"
#include "leads/lead_records.h"
#include "leads/problems.h"
#include "leads/queries.h"
#include "leads/rows.h"
#include "store/references.h"

namespace parley::leads {
namespace {

using store::equals;
using store::Order;
using store::set;

constexpr std::string_view kName = "agent.name";

void require_free_name(store::UnitOfWork& unit, const std::string& name) {
  hold_name(unit.connection, kName, name);
  // Locked, so that InnoDB finds what was committed while this one waited for the name.
  if (store::select<AgentRow>()
          .where(equals<&AgentRow::name>(name))
          .order_by<&AgentRow::id>()
          .for_update()
          .first(unit.connection)) {
    throw refused("name_taken", "Agent with this name already exists");
  }
}

AgentRow locked_agent_of(store::UnitOfWork& unit, std::int64_t id) {
  std::optional<AgentRow> agent = lock_agent(unit.connection, id);
  if (!agent) throw agent_not_found(id);
  if (agent->type == kHoldingType) {
    throw http::conflict("holding_agent",
                         "This agent holds messages for others and is the server's");
  }
  return *std::move(agent);
}

store::Condition<AgentRow> matches(const AgentFilter& filter) {
  std::vector<store::Condition<AgentRow>> conditions{is_listed()};
  if (filter.type) conditions.push_back(equals<&AgentRow::type>(*filter.type));
  if (filter.is_active) conditions.push_back(equals<&AgentRow::is_active>(*filter.is_active));
  if (filter.search) {
    conditions.push_back(any_of(contains<&AgentRow::name>(*filter.search),
                                contains<&AgentRow::description>(*filter.search)));
  }
  return all_of(conditions);
}

http::Problem in_use(std::string_view what) {
  return http::conflict("agent_in_use", "The agent still has " + std::string(what) +
                                            ": set is_active to false instead of deleting it");
}

void require_unused(database::Connection& connection, std::int64_t id) {
  if (store::exists(connection, equals<&AgentSessionRow::agent_id>(id))) throw in_use("sessions");
  if (store::exists(connection, equals<&MessageRow::agent_id>(id))) throw in_use("messages");
  if (store::exists(connection, equals<&FollowUpTaskRow::agent_id>(id))) {
    throw in_use("follow-ups");
  }
  const std::vector<std::string_view> own{schema::table_name<AgentSessionRow>(),
                                          schema::table_name<MessageRow>(),
                                          schema::table_name<FollowUpTaskRow>()};
  const std::vector<std::string> others =
      store::tables_pointing_at<&AgentRow::id>(connection, equals<&AgentRow::id>(id), own);
  if (!others.empty()) throw in_use("rows in " + join(others, ", "));
}

}  // namespace

AgentRow fresh_agent() {
  return {.type = "text",
          .use_case = "general_sales",
          .prompt_variables = JsonObject{},
          .personality_traits = json::array{},
          .personality_style = "professional",
          .response_length = "moderate",
          .model = "gpt-3.5-turbo",
          .temperature = "0.7",
          .max_tokens = 500,
          .knowledge = json::array{},
          .enabled_tools = json::array{},
          .tool_configs = JsonObject{},
          .triggers = json::array{},
          .actions = json::array{},
          .workflow_steps = json::array{},
          .integrations = json::array{},
          .sample_conversations = json::array{},
          .conversation_settings = JsonObject{},
          .is_active = true,
          .created_by = "user",
          .success_rate = "0.0",
          .avg_response_time = "0.0"};
}

AgentRow add_agent(store::UnitOfWork& unit, AgentRow agent, Timestamp now) {
  require_free_name(unit, agent.name);
  agent.created_at = now;
  agent.updated_at = now;
  agent.id = store::insert(unit.connection, agent);
  unit.events.push_back(agent_created(agent));
  return agent;
}

AgentRow agent_of(database::Connection& connection, std::int64_t id) {
  std::optional<AgentRow> agent = find_agent(connection, id);
  if (!agent) throw agent_not_found(id);
  return *std::move(agent);
}

AgentPage list_agents(database::Connection& connection, const AgentFilter& filter) {
  const auto condition = matches(filter);
  return {.agents = store::select<AgentRow>()
                        .where(condition)
                        .order_by<&AgentRow::id>(Order::Descending)
                        .limit(filter.page.size)
                        .offset(filter.page.offset())
                        .all(connection),
          .total = store::count(connection, condition)};
}

AgentRow change_agent(store::UnitOfWork& unit, std::int64_t id, const AgentChange& change,
                      Timestamp now) {
  const AgentRow before = locked_agent_of(unit, id);
  if (change.name && *change.name != before.name) require_free_name(unit, *change.name);
  auto assignments = change.assignments;
  assignments.push_back(set<&AgentRow::updated_at>(now));
  store::update(unit.connection, equals<&AgentRow::id>(id), assignments);
  AgentRow after = locked_agent_of(unit, id);
  unit.events.push_back(agent_updated(after));
  return after;
}

AgentRow remove_agent(store::UnitOfWork& unit, std::int64_t id) {
  AgentRow agent = locked_agent_of(unit, id);
  require_unused(unit.connection, id);
  store::erase(unit.connection, equals<&AgentRow::id>(id));
  unit.events.push_back(agent_deleted(agent));
  return agent;
}

AgentFigures agent_figures(database::Connection& connection, std::int64_t id) {
  return {.agent = agent_of(connection, id),
          .sessions = session_figures(connection, equals<&AgentSessionRow::agent_id>(id)),
          .messages = store::count(connection, equals<&MessageRow::agent_id>(id))};
}

AgentsFigures agents_figures(database::Connection& connection) {
  AgentsFigures figures{
      .total = store::count(connection, is_listed()),
      .active = store::count(connection, all_of(is_listed(), equals<&AgentRow::is_active>(true))),
      .interactions = count_interactions(connection)};
  const SessionFigures sessions = session_figures(connection);
  figures.sessions = sessions.total;
  figures.active_sessions = sessions.active;
  return figures;
}

std::vector<std::pair<std::string, std::int64_t>> agents_by_type(database::Connection& connection) {
  LeadCounts counts = store::count_by<&AgentRow::type>(connection, is_listed());
  sort_by_count(counts);
  return counts;
}

}  // namespace parley::leads
