#include "chat/agents.h"

#include "base/ids.h"
#include "chat/access.h"
#include "chat/agent_config.h"
#include "chat/events.h"
#include "chat/problems.h"
#include "chat/wire.h"
#include "store/query.h"

namespace parley::chat {
namespace {

using store::equals;
using store::set;

constexpr std::string_view kAgentId = "agent_id";

AgentRow agent_of_account(database::Connection& connection, const Caller& caller) {
  std::optional<AgentRow> agent =
      store::select<AgentRow>()
          .where(all_of(equals<&AgentRow::id>(caller.id(kAgentId)),
                        equals<&AgentRow::account_id>(caller.membership.account_id)))
          .first(connection);
  if (!agent) throw agent_not_found();
  return *std::move(agent);
}

template <class T>
void take(T& stored, const std::optional<T>& given) {
  if (given) stored = *given;
}

void require_config(const AgentRow& agent) {
  if (const auto problem = config_problem(agent.connection_type, agent.connection_config)) {
    throw http::bad_request(*problem);
  }
}

/// Tones belong to the answers about a dataset.
void clear_tones_of_databases(AgentRow& agent) {
  if (agent.connection_type != word(ConnectionType::Db)) return;
  agent.custom_tone_schema_enabled = false;
  agent.custom_tone_rows_enabled = false;
  agent.custom_tone_schema.reset();
  agent.custom_tone_rows.reset();
}

void take_fields(AgentRow& agent, const AgentFields& fields) {
  take(agent.name, fields.name);
  take(agent.description, fields.description);
  take(agent.status, fields.status);
  take(agent.model_type, fields.model_type);
  const bool is_mask = fields.api_key && *fields.api_key && **fields.api_key == kMask;
  if (!is_mask) take(agent.api_key, fields.api_key);
  take(agent.system_instructions, fields.system_instructions);
  if (fields.connection_type) agent.connection_type = word(*fields.connection_type);
  if (fields.connection_config) {
    agent.connection_config = unmasked_config(*fields.connection_config, agent.connection_config);
  }
  take(agent.custom_tone_schema_enabled, fields.custom_tone_schema_enabled);
  take(agent.custom_tone_rows_enabled, fields.custom_tone_rows_enabled);
  take(agent.custom_tone_schema, fields.custom_tone_schema);
  take(agent.custom_tone_rows, fields.custom_tone_rows);
  take(agent.recommended_questions, fields.recommended_questions);
  clear_tones_of_databases(agent);
}

void update_row(database::Connection& connection, const AgentRow& agent) {
  store::update(connection, equals<&AgentRow::id>(agent.id), set<&AgentRow::name>(agent.name),
                set<&AgentRow::description>(agent.description),
                set<&AgentRow::status>(agent.status), set<&AgentRow::model_type>(agent.model_type),
                set<&AgentRow::api_key>(agent.api_key),
                set<&AgentRow::system_instructions>(agent.system_instructions),
                set<&AgentRow::connection_type>(agent.connection_type),
                set<&AgentRow::connection_config>(agent.connection_config),
                set<&AgentRow::updated_at>(agent.updated_at),
                set<&AgentRow::custom_tone_schema_enabled>(agent.custom_tone_schema_enabled),
                set<&AgentRow::custom_tone_rows_enabled>(agent.custom_tone_rows_enabled),
                set<&AgentRow::custom_tone_schema>(agent.custom_tone_schema),
                set<&AgentRow::custom_tone_rows>(agent.custom_tone_rows),
                set<&AgentRow::recommended_questions>(agent.recommended_questions));
}

/// The row as it is now, locked: on another node somebody may be changing another field of it.
template <class Row>
std::optional<Row> locked(store::UnitOfWork& unit, const Row& seen) {
  return store::select<Row>().where(equals<&Row::id>(seen.id)).for_update().first(unit.connection);
}

void let_use(store::UnitOfWork& unit, const MembershipRow& seen, const std::string& agent_id) {
  auto membership = locked(unit, seen);
  if (!membership || !usable_agents(*membership)) return;
  membership->manage_agent_ids->as_array().push_back(json::string(agent_id));
  store::update(unit.connection, equals<&MembershipRow::id>(membership->id),
                set<&MembershipRow::manage_agent_ids>(membership->manage_agent_ids));
  unit.events.push_back(member_updated(*membership));
}

}  // namespace

std::optional<AgentRow> find_agent(database::Connection& connection, const std::string& id) {
  return store::select<AgentRow>().where(equals<&AgentRow::id>(id)).first(connection);
}

void require_access(const Caller& caller) {
  if (!may_use(caller.membership, caller.id(kAgentId))) throw no_access_to_agent();
}

AgentRow agent_then_access(database::Connection& connection, const Caller& caller) {
  AgentRow agent = agent_of_account(connection, caller);
  require_access(caller);
  return agent;
}

AgentRow access_then_agent(database::Connection& connection, const Caller& caller) {
  require_access(caller);
  return agent_of_account(connection, caller);
}

AgentPage list_agents(database::Connection& connection, const Caller& caller,
                      const Window& window) {
  auto wanted = equals<&AgentRow::account_id>(caller.membership.account_id);
  if (const auto usable = usable_agents(caller.membership)) {
    std::vector<std::string> ids;
    for (const std::string& id : *usable) {
      if (is_uuid(id)) ids.push_back(id);
    }
    wanted = all_of(wanted, store::one_of<&AgentRow::id>(ids));
  }
  return {.agents = store::select<AgentRow>()
                        .where(wanted)
                        .order_by<&AgentRow::created_at>(store::Order::Descending)
                        .order_by<&AgentRow::id>()
                        .limit(window.limit)
                        .offset(window.skip)
                        .all(connection),
          .total = store::count(connection, wanted)};
}

AgentRow create_agent(store::UnitOfWork& unit, const Caller& caller, const AgentFields& fields,
                      Timestamp now) {
  AgentRow agent;
  agent.id = make_uuid_at(now);
  agent.status = kActiveStatus;
  agent.connection_config = JsonObject{};
  agent.account_id = caller.membership.account_id;
  agent.created_by = caller.user.id;
  agent.created_at = now;
  take_fields(agent, fields);
  require_config(agent);
  store::insert(unit.connection, agent);
  let_use(unit, caller.membership, agent.id);
  unit.events.push_back(agent_created(agent));
  return agent;
}

AgentRow change_agent(store::UnitOfWork& unit, AgentRow agent, const AgentFields& fields,
                      Timestamp now) {
  const auto current = locked(unit, agent);
  if (!current) throw agent_not_found();
  agent = *current;
  take_fields(agent, fields);
  if (fields.connection_type || fields.connection_config) require_config(agent);
  agent.updated_at = now;
  update_row(unit.connection, agent);
  unit.events.push_back(agent_updated(agent));
  return agent;
}

void delete_agent(store::UnitOfWork& unit, const AgentRow& agent) {
  store::erase(unit.connection, equals<&AgentRow::id>(agent.id));
  unit.events.push_back(agent_deleted(agent));
}

}  // namespace parley::chat
