#pragma once

// The tables of the leads module, each declared once: a struct, and its binding to columns. Names,
// order and types are those of the databases that exist already. Values and pure functions; any
// thread.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/json.h"
#include "schema/declare.h"

namespace parley::leads {

/// An AI persona that talks to leads.
struct AgentRow {
  std::int64_t id = 0;
  std::string name;
  std::optional<std::string> description;
  std::string type;
  std::optional<std::string> use_case;
  std::string prompt_template;
  std::optional<std::string> prompt_template_name;
  std::optional<Json> prompt_variables;
  std::optional<Json> personality_traits;
  std::optional<std::string> personality_style;
  std::optional<std::string> response_length;
  std::optional<std::string> custom_personality_instructions;
  std::string model;
  std::string temperature;
  std::int64_t max_tokens = 0;
  std::optional<Json> knowledge;
  std::optional<Json> enabled_tools;
  std::optional<Json> tool_configs;
  std::optional<Json> triggers;
  std::optional<Json> actions;
  std::optional<Json> workflow_steps;
  std::optional<Json> integrations;
  std::optional<Json> sample_conversations;
  std::optional<Json> conversation_settings;
  bool is_active = false;
  bool is_public = false;
  std::optional<std::string> created_by;
  std::int64_t total_interactions = 0;
  std::optional<std::string> success_rate;
  std::optional<std::string> avg_response_time;
  Timestamp created_at{};
  Timestamp updated_at{};
  std::optional<Timestamp> last_used_at;
};

struct LeadRow {
  std::int64_t id = 0;
  std::optional<std::string> name;
  std::optional<std::string> first_name;
  std::optional<std::string> last_name;
  std::string email;  ///< May be empty.
  std::optional<std::string> phone;
  std::optional<std::string> company;
  std::optional<std::string> address;
  std::optional<std::string> external_id;
  std::optional<std::string> service_requested;
  std::string status;
  std::string source;
  std::optional<Timestamp> created_at;
  std::optional<Timestamp> updated_at;
  std::optional<Json> notes;
  std::optional<Json> interaction_history;
};

/// A conversation of one agent with one lead.
struct AgentSessionRow {
  std::int64_t id = 0;
  std::int64_t agent_id = 0;
  std::int64_t lead_id = 0;
  std::string trigger_type;
  std::string session_status;
  std::optional<Json> initial_context;
  std::optional<Json> session_metadata;
  std::int64_t message_count = 0;
  std::optional<Timestamp> last_message_at;
  std::optional<std::string> last_message_from;
  std::optional<std::string> session_goal;
  std::optional<std::string> completion_reason;
  std::optional<std::string> response_time_avg;
  std::optional<std::string> satisfaction_score;
  std::optional<std::string> escalated_to;
  std::optional<std::string> escalation_reason;
  std::int64_t auto_timeout_hours = 0;
  std::int64_t max_message_count = 0;
  std::optional<Json> active_follow_up_sequences;
  std::optional<Timestamp> last_follow_up_trigger;
  std::optional<Json> follow_up_sequence_state;
  Timestamp created_at{};
  Timestamp updated_at{};
  std::optional<Timestamp> ended_at;
};

struct MessageRow {
  std::int64_t id = 0;
  std::int64_t agent_session_id = 0;
  std::int64_t lead_id = 0;
  std::optional<std::int64_t> agent_id;  ///< Only of what an agent wrote.
  std::string content;
  std::string message_type;
  std::string sender_type;
  std::optional<std::string> sender_name;
  std::string message_status;
  std::optional<std::string> delivery_status;
  std::optional<std::string> error_message;
  std::optional<std::string> external_message_id;
  std::optional<std::string> external_conversation_id;
  std::optional<std::string> external_platform;
  std::optional<Json> message_metadata;
  std::optional<std::string> prompt_used;
  std::optional<std::string> model_used;
  std::optional<std::int64_t> response_time_ms;
  std::optional<Json> token_usage;
  std::optional<std::int64_t> parent_message_id;
  std::optional<std::string> thread_id;
  std::optional<Timestamp> created_at;
  std::optional<Timestamp> updated_at;
  std::optional<Timestamp> sent_at;
  std::optional<Timestamp> delivered_at;
  std::optional<Timestamp> read_at;
  std::optional<bool> is_flagged;
  std::optional<std::string> flagged_reason;
  std::optional<std::string> quality_score;  ///< `0.0` to `1.0`, as text.
};

/// A message that an agent will write when the lead stays silent.
struct FollowUpTaskRow {
  std::int64_t id = 0;
  std::int64_t agent_session_id = 0;
  std::int64_t lead_id = 0;
  std::int64_t agent_id = 0;
  std::string workflow_step_id;
  std::string task_type;
  std::optional<std::string> sequence_name;
  std::optional<std::int64_t> sequence_position;
  std::optional<std::int64_t> total_sequence_steps;
  std::string trigger_event;
  double delay_minutes = 0;  ///< With fractions; negative is before.
  double original_delay = 0;
  std::string original_unit;
  Timestamp scheduled_at{};
  std::optional<Timestamp> executed_at;
  std::string status;
  std::optional<std::string> failure_reason;
  std::optional<std::string> message_template;
  std::optional<std::string> template_type;
  std::optional<std::int64_t> generated_message_id;
  std::optional<Json> trigger_context;
  std::optional<Json> execution_metadata;
  std::optional<Json> conditions;
  std::optional<std::int64_t> depends_on_task_id;
  std::int64_t retry_count = 0;
  std::int64_t max_retries = 0;
  std::optional<Timestamp> next_retry_at;
  std::optional<Timestamp> created_at;
  std::optional<Timestamp> updated_at;
};

/// The original kept its targets in memory; these two tables are where other programs on the
/// database may look for them. What is sent goes through the webhooks of all modules
/// (`store_02_webhooks`), so nothing here is read or written.
struct OutboundUrlRow {
  std::int64_t id = 0;
  std::string url;
  Timestamp created_at{};
};

struct OutboundDeliveryRow {
  std::int64_t id = 0;
  std::int64_t url_id = 0;
  std::string event_type;
  Json payload;
  std::int64_t attempts = 0;
  Timestamp next_at{};
  std::optional<std::int64_t> status_code;
  std::string state;  ///< `queued`, `done`, `dead`.
  Timestamp created_at{};
};

/// Work that outlives a request: the first message of a session, or a reply.
struct JobRow {
  std::int64_t id = 0;
  std::string kind;
  std::int64_t session_id = 0;
  std::optional<std::int64_t> message_id;  ///< What a reply answers.
  std::string state;
  std::int64_t attempts = 0;
  Timestamp next_at{};  ///< Due then; of a running job, when its holder counts as dead.
  std::optional<std::string> last_error;
  Timestamp created_at{};
};

/// A name that a transaction holds (rows.h); never there outside of one.
struct NameLockRow {
  std::string name;  ///< SHA-256, in hexadecimal.
};

/// The tables of the core history, in order of creation.
std::vector<schema::Table> core_tables();

/// The tables of the support history, in order of creation.
std::vector<schema::Table> support_tables();

}  // namespace parley::leads

namespace parley::schema {

template <>
inline constexpr auto declaration<leads::AgentRow> = [] {
  using Row = leads::AgentRow;
  return table<Row>(
      "agents",
      columns(
          column<&Row::id>("id", word::integer()).primary_key().auto_increment(),
          column<&Row::name>("name", word::string(255)),
          nullable<&Row::description>("description", word::text()),
          column<&Row::type>("type", word::string(50)).default_to("conversational"),
          nullable<&Row::use_case>("use_case", word::string(100)).default_to("general_sales"),
          column<&Row::prompt_template>("prompt_template", word::text()),
          nullable<&Row::prompt_template_name>("prompt_template_name", word::string(100)),
          nullable<&Row::prompt_variables>("prompt_variables", word::json()).default_to("{}"),
          nullable<&Row::personality_traits>("personality_traits", word::json()).default_to("[]"),
          nullable<&Row::personality_style>("personality_style", word::string(100))
              .default_to("professional"),
          nullable<&Row::response_length>("response_length", word::string(50))
              .default_to("moderate"),
          nullable<&Row::custom_personality_instructions>("custom_personality_instructions",
                                                          word::text()),
          column<&Row::model>("model", word::string(100)).default_to("gpt-3.5-turbo"),
          column<&Row::temperature>("temperature", word::string(10)).default_to("0.7"),
          column<&Row::max_tokens>("max_tokens", word::integer()).default_to(500),
          nullable<&Row::knowledge>("knowledge", word::json()).default_to("[]"),
          nullable<&Row::enabled_tools>("enabled_tools", word::json()).default_to("[]"),
          nullable<&Row::tool_configs>("tool_configs", word::json()).default_to("{}"),
          nullable<&Row::triggers>("triggers", word::json()).default_to("[]"),
          nullable<&Row::actions>("actions", word::json()).default_to("[]"),
          nullable<&Row::workflow_steps>("workflow_steps", word::json()).default_to("[]"),
          nullable<&Row::integrations>("integrations", word::json()).default_to("[]"),
          nullable<&Row::sample_conversations>("sample_conversations", word::json())
              .default_to("[]"),
          nullable<&Row::conversation_settings>("conversation_settings", word::json())
              .default_to("{}"),
          column<&Row::is_active>("is_active", word::boolean()).default_to(true),
          column<&Row::is_public>("is_public", word::boolean()).default_to(false),
          nullable<&Row::created_by>("created_by", word::string(255)).default_to("system"),
          column<&Row::total_interactions>("total_interactions", word::integer()).default_to(0),
          nullable<&Row::success_rate>("success_rate", word::string(10)).default_to("0.0"),
          nullable<&Row::avg_response_time>("avg_response_time", word::string(10))
              .default_to("0.0"),
          column<&Row::created_at>("created_at", word::instant()).default_to(now),
          column<&Row::updated_at>("updated_at", word::instant()).default_to(now).on_update_now(),
          nullable<&Row::last_used_at>("last_used_at", word::instant())));
}();

template <>
inline constexpr auto declaration<leads::LeadRow> = [] {
  using Row = leads::LeadRow;
  return table<Row>(
      "leads",
      columns(
          column<&Row::id>("id", word::integer()).primary_key().auto_increment(),
          nullable<&Row::name>("name", word::string(255)),
          nullable<&Row::first_name>("first_name", word::string(255)),
          nullable<&Row::last_name>("last_name", word::string(255)),
          column<&Row::email>("email", word::string(255)),
          nullable<&Row::phone>("phone", word::string(50)),
          nullable<&Row::company>("company", word::string(255)),
          nullable<&Row::address>("address", word::text()),
          nullable<&Row::external_id>("external_id", word::string(255)),
          nullable<&Row::service_requested>("service_requested", word::string(255)),
          column<&Row::status>("status", word::string(50)).default_to("new"),
          column<&Row::source>("source", word::string(100)),
          nullable<&Row::created_at>("created_at", word::instant()).default_to(now),
          nullable<&Row::updated_at>("updated_at", word::instant()).default_to(now).on_update_now(),
          nullable<&Row::notes>("notes", word::json()).default_to("[]"),
          nullable<&Row::interaction_history>("interaction_history", word::json())
              .default_to("[]")),
      index<&Row::external_id>("idx_leads_external_id"),
      index<&Row::status, &Row::source>("idx_leads_status_source"),
      index<&Row::email>("ix_leads_email"), index<&Row::created_at>("ix_leads_created_at"));
}();

template <>
inline constexpr auto declaration<leads::AgentSessionRow> = [] {
  using Row = leads::AgentSessionRow;
  return table<Row>(
      "agent_sessions",
      columns(
          column<&Row::id>("id", word::integer()).primary_key().auto_increment(),
          column<&Row::agent_id>("agent_id", word::integer()),
          column<&Row::lead_id>("lead_id", word::integer()),
          column<&Row::trigger_type>("trigger_type", word::string(100)),
          column<&Row::session_status>("session_status", word::string(50)).default_to("active"),
          nullable<&Row::initial_context>("initial_context", word::json()).default_to("{}"),
          nullable<&Row::session_metadata>("session_metadata", word::json()).default_to("{}"),
          column<&Row::message_count>("message_count", word::integer()).default_to(0),
          nullable<&Row::last_message_at>("last_message_at", word::instant()),
          nullable<&Row::last_message_from>("last_message_from", word::string(50)),
          nullable<&Row::session_goal>("session_goal", word::string(255)),
          nullable<&Row::completion_reason>("completion_reason", word::string(100)),
          nullable<&Row::response_time_avg>("response_time_avg", word::string(10))
              .default_to("0.0"),
          nullable<&Row::satisfaction_score>("satisfaction_score", word::string(10)),
          nullable<&Row::escalated_to>("escalated_to", word::string(255)),
          nullable<&Row::escalation_reason>("escalation_reason", word::text()),
          column<&Row::auto_timeout_hours>("auto_timeout_hours", word::integer()).default_to(48),
          column<&Row::max_message_count>("max_message_count", word::integer()).default_to(100),
          nullable<&Row::active_follow_up_sequences>("active_follow_up_sequences", word::json()),
          nullable<&Row::last_follow_up_trigger>("last_follow_up_trigger", word::instant()),
          nullable<&Row::follow_up_sequence_state>("follow_up_sequence_state", word::json()),
          column<&Row::created_at>("created_at", word::instant()).default_to(now),
          column<&Row::updated_at>("updated_at", word::instant()).default_to(now).on_update_now(),
          nullable<&Row::ended_at>("ended_at", word::instant())),
      foreign_key<&Row::agent_id, &leads::AgentRow::id>(),
      foreign_key<&Row::lead_id, &leads::LeadRow::id>(),
      index<&Row::agent_id, &Row::lead_id>("idx_agent_sessions_agent_lead"),
      index<&Row::session_status>("idx_agent_sessions_status"),
      index<&Row::trigger_type>("idx_agent_sessions_trigger"),
      index<&Row::lead_id, &Row::session_status>("idx_agent_sessions_lead_status"),
      index<&Row::last_message_at>("idx_agent_sessions_last_message"));
}();

template <>
inline constexpr auto declaration<leads::MessageRow> = [] {
  using Row = leads::MessageRow;
  return table<Row>(
      "messages",
      columns(
          column<&Row::id>("id", word::integer()).primary_key().auto_increment(),
          column<&Row::agent_session_id>("agent_session_id", word::integer()),
          column<&Row::lead_id>("lead_id", word::integer()),
          nullable<&Row::agent_id>("agent_id", word::integer()),
          column<&Row::content>("content", word::text()),
          column<&Row::message_type>("message_type", word::string(50)).default_to("text"),
          column<&Row::sender_type>("sender_type", word::string(20)),
          nullable<&Row::sender_name>("sender_name", word::string(255)),
          column<&Row::message_status>("message_status", word::string(50)).default_to("sent"),
          nullable<&Row::delivery_status>("delivery_status", word::string(50)),
          nullable<&Row::error_message>("error_message", word::text()),
          nullable<&Row::external_message_id>("external_message_id", word::string(255)),
          nullable<&Row::external_conversation_id>("external_conversation_id", word::string(255)),
          nullable<&Row::external_platform>("external_platform", word::string(100)),
          nullable<&Row::message_metadata>("message_metadata", word::json()).default_to("{}"),
          nullable<&Row::prompt_used>("prompt_used", word::text()),
          nullable<&Row::model_used>("model_used", word::string(100)),
          nullable<&Row::response_time_ms>("response_time_ms", word::integer()),
          nullable<&Row::token_usage>("token_usage", word::json()),
          nullable<&Row::parent_message_id>("parent_message_id", word::integer()),
          nullable<&Row::thread_id>("thread_id", word::string(255)),
          nullable<&Row::created_at>("created_at", word::instant()).default_to(now),
          nullable<&Row::updated_at>("updated_at", word::instant()).default_to(now).on_update_now(),
          nullable<&Row::sent_at>("sent_at", word::instant()),
          nullable<&Row::delivered_at>("delivered_at", word::instant()),
          nullable<&Row::read_at>("read_at", word::instant()),
          nullable<&Row::is_flagged>("is_flagged", word::boolean()).default_to(false),
          nullable<&Row::flagged_reason>("flagged_reason", word::string(255)),
          nullable<&Row::quality_score>("quality_score", word::string(10))),
      foreign_key<&Row::agent_session_id, &leads::AgentSessionRow::id>(),
      foreign_key<&Row::lead_id, &leads::LeadRow::id>(),
      foreign_key<&Row::agent_id, &leads::AgentRow::id>(),
      foreign_key<&Row::parent_message_id, &leads::MessageRow::id>(),
      index<&Row::agent_session_id, &Row::created_at>("idx_messages_session_created")
          .descending<&Row::created_at>(),
      index<&Row::lead_id, &Row::created_at>("idx_messages_lead_created")
          .descending<&Row::created_at>(),
      index<&Row::external_conversation_id>("idx_messages_external_conv"),
      index<&Row::sender_type, &Row::message_status>("idx_messages_sender_status"));
}();

template <>
inline constexpr auto declaration<leads::FollowUpTaskRow> = [] {
  using Row = leads::FollowUpTaskRow;
  return table<Row>(
      "follow_up_tasks",
      columns(column<&Row::id>("id", word::integer()).primary_key().auto_increment(),
              column<&Row::agent_session_id>("agent_session_id", word::integer()),
              column<&Row::lead_id>("lead_id", word::integer()),
              column<&Row::agent_id>("agent_id", word::integer()),
              column<&Row::workflow_step_id>("workflow_step_id", word::string(255)),
              column<&Row::task_type>("task_type", word::string(100)),
              nullable<&Row::sequence_name>("sequence_name", word::string(100)),
              nullable<&Row::sequence_position>("sequence_position", word::integer()),
              nullable<&Row::total_sequence_steps>("total_sequence_steps", word::integer()),
              column<&Row::trigger_event>("trigger_event", word::string(100)),
              column<&Row::delay_minutes>("delay_minutes", word::double_number()),
              column<&Row::original_delay>("original_delay", word::double_number()),
              column<&Row::original_unit>("original_unit", word::string(20)),
              column<&Row::scheduled_at>("scheduled_at", word::instant()),
              nullable<&Row::executed_at>("executed_at", word::instant()),
              column<&Row::status>("status", word::string(50)).default_to("pending"),
              nullable<&Row::failure_reason>("failure_reason", word::text()),
              nullable<&Row::message_template>("message_template", word::text()),
              nullable<&Row::template_type>("template_type", word::string(100)),
              nullable<&Row::generated_message_id>("generated_message_id", word::integer()),
              nullable<&Row::trigger_context>("trigger_context", word::json()),
              nullable<&Row::execution_metadata>("execution_metadata", word::json()),
              nullable<&Row::conditions>("conditions", word::json()),
              nullable<&Row::depends_on_task_id>("depends_on_task_id", word::integer()),
              column<&Row::retry_count>("retry_count", word::integer()).default_to(0),
              column<&Row::max_retries>("max_retries", word::integer()).default_to(3),
              nullable<&Row::next_retry_at>("next_retry_at", word::instant()),
              nullable<&Row::created_at>("created_at", word::instant()).default_to(now),
              nullable<&Row::updated_at>("updated_at", word::instant())
                  .default_to(now)
                  .on_update_now()),
      foreign_key<&Row::agent_session_id, &leads::AgentSessionRow::id>(),
      foreign_key<&Row::lead_id, &leads::LeadRow::id>(),
      foreign_key<&Row::agent_id, &leads::AgentRow::id>(),
      foreign_key<&Row::generated_message_id, &leads::MessageRow::id>(),
      foreign_key<&Row::depends_on_task_id, &leads::FollowUpTaskRow::id>(),
      index<&Row::agent_session_id>("ix_follow_up_tasks_agent_session_id"),
      index<&Row::status>("ix_follow_up_tasks_status"),
      index<&Row::scheduled_at>("ix_follow_up_tasks_scheduled_at"));
}();

template <>
inline constexpr auto declaration<leads::OutboundUrlRow> = [] {
  using Row = leads::OutboundUrlRow;
  return table<Row>(
      "outbound_urls",
      columns(column<&Row::id>("id", word::integer()).primary_key().auto_increment(),
              column<&Row::url>("url", word::string(700)).unique(),
              column<&Row::created_at>("created_at", word::instant()).default_to(now)));
}();

template <>
inline constexpr auto declaration<leads::OutboundDeliveryRow> = [] {
  using Row = leads::OutboundDeliveryRow;
  return table<Row>(
      "outbound_deliveries",
      columns(column<&Row::id>("id", word::integer()).primary_key().auto_increment(),
              column<&Row::url_id>("url_id", word::integer()),
              column<&Row::event_type>("event_type", word::string(50)),
              column<&Row::payload>("payload", word::json()),
              column<&Row::attempts>("attempts", word::integer()).default_to(0),
              column<&Row::next_at>("next_at", word::instant()),
              nullable<&Row::status_code>("status_code", word::integer()),
              column<&Row::state>("state", word::string(20)).default_to("queued"),
              column<&Row::created_at>("created_at", word::instant()).default_to(now)),
      foreign_key<&Row::url_id, &leads::OutboundUrlRow::id>().on_delete(ReferenceAction::Cascade),
      index<&Row::state, &Row::next_at>("idx_outbound_deliveries_due"));
}();

template <>
inline constexpr auto declaration<leads::JobRow> = [] {
  using Row = leads::JobRow;
  return table<Row>(
      "jobs",
      columns(column<&Row::id>("id", word::integer()).primary_key().auto_increment(),
              column<&Row::kind>("kind", word::string(50)),
              column<&Row::session_id>("session_id", word::integer()),
              column<&Row::state>("state", word::string(20)).default_to("queued"),
              column<&Row::attempts>("attempts", word::integer()).default_to(0),
              column<&Row::next_at>("next_at", word::instant()),
              nullable<&Row::last_error>("last_error", word::text()),
              column<&Row::created_at>("created_at", word::instant()).default_to(now),
              nullable<&Row::message_id>("message_id", word::integer())),
      foreign_key<&Row::session_id, &leads::AgentSessionRow::id>().on_delete(
          ReferenceAction::Cascade),
      foreign_key<&Row::message_id, &leads::MessageRow::id>().on_delete(ReferenceAction::Cascade),
      index<&Row::state, &Row::next_at>("idx_jobs_due"));
}();

template <>
inline constexpr auto declaration<leads::NameLockRow> = table<leads::NameLockRow>(
    "name_locks",
    columns(column<&leads::NameLockRow::name>("name", word::string(64)).primary_key()));

}  // namespace parley::schema
