#pragma once

// The tables of the live-agent module, each declared once: a struct, and its binding to columns.
// Everything else (migrations, verification, queries, the JSON of the wire) is made from these
// declarations. Names, order and types are those of the databases that exist already. Values and
// pure functions; any thread.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/json.h"
#include "schema/declare.h"

namespace parley::live_agent {

/// A conversation between one end user of one tenant and the support.
struct SessionRow {
  std::string id;
  std::string tenant_domain;
  std::string user_account;
  std::optional<std::string> user_name;
  std::optional<std::int64_t>
      assigned_agent_id;  ///< Value of `UserRow::id`, without a foreign key.
  std::optional<std::string> assigned_agent_name;
  std::optional<std::string> status;  ///< NULL in old rows means pending.
  Timestamp created_at{};
  Timestamp updated_at{};
  std::optional<Timestamp> last_message_at;
  std::optional<std::int64_t> unread_count_user;
  std::optional<std::int64_t> unread_count_agent;
  std::optional<Json> metadata;
};

struct MessageRow {
  std::int64_t id = 0;
  std::string session_id;
  std::string sender_type;
  std::optional<std::string> sender_id;  ///< E-mail or account, as text.
  std::optional<std::string> sender_name;
  std::string message_text;
  Timestamp created_at{};
  std::optional<bool> read_by_user;
  std::optional<bool> read_by_agent;
  std::optional<Timestamp> delivered_at;
  std::optional<Timestamp> read_at;
  std::optional<Json> message_metadata;
};

/// Somebody who may log in here.
struct UserRow {
  std::int64_t id = 0;
  std::string email;  ///< Lower case.
  std::optional<std::string> full_name;
  std::string password_hash;
  std::string role;
  bool is_active = true;
  std::optional<Json> agent_rights;
  Timestamp created_at{};
  std::optional<Timestamp> last_login;
};

/// Presence and push token of an agent.
struct ProfileRow {
  std::int64_t id = 0;
  std::string agent_id;  ///< The agent's e-mail, `UserRow::email`.
  std::optional<std::string> agent_name;
  std::optional<std::string> fcm_token;
  std::optional<bool> is_online;
  std::optional<std::string> status;
  std::optional<Timestamp> last_seen;
  std::optional<Timestamp> created_at;
  std::optional<Timestamp> updated_at;
};

/// A push that its receiver has not taken yet.
struct WebhookDeliveryRow {
  std::string id;  ///< `webhook-id`.
  std::string session_id;
  std::string to_side;        ///< `Side`.
  std::string payload;        ///< JSON, without the recipients.
  std::int64_t attempts = 0;  ///< Begun, the one under way included.
  Timestamp next_attempt_at{};
  std::optional<std::string> last_error;
  Timestamp created_at{};
};

/// The tables of the core history, in order of creation: sessions, messages.
std::vector<schema::Table> core_tables();

/// The tables of the support history, in order of creation: users, profiles, those of the store,
/// and the deliveries of webhooks.
std::vector<schema::Table> support_tables();

/// The indexes that the support history adds to the core tables, for polling, lists and dashboards.
std::vector<schema::TableIndex> support_indexes();

}  // namespace parley::live_agent

namespace parley::schema {

template <>
inline constexpr auto declaration<live_agent::SessionRow> = table<live_agent::SessionRow>(
    "live_agent_sessions",
    columns(
        column<&live_agent::SessionRow::id>("id", word::string(36))
            .primary_key()
            .wire("session_id"),
        column<&live_agent::SessionRow::tenant_domain>("tenant_domain", word::string(255)),
        column<&live_agent::SessionRow::user_account>("user_account", word::string(255)),
        nullable<&live_agent::SessionRow::user_name>("user_name", word::string(255)),
        nullable<&live_agent::SessionRow::assigned_agent_id>("assigned_agent_id", word::integer()),
        nullable<&live_agent::SessionRow::assigned_agent_name>("assigned_agent_name",
                                                               word::string(255)),
        nullable<&live_agent::SessionRow::status>("status", word::string(20)).default_to("pending"),
        column<&live_agent::SessionRow::created_at>("created_at", word::datetime()).default_to(now),
        column<&live_agent::SessionRow::updated_at>("updated_at", word::datetime())
            .default_to(now)
            .on_update_now(),
        nullable<&live_agent::SessionRow::last_message_at>("last_message_at", word::datetime()),
        nullable<&live_agent::SessionRow::unread_count_user>("unread_count_user", word::integer())
            .default_to(0),
        nullable<&live_agent::SessionRow::unread_count_agent>("unread_count_agent", word::integer())
            .default_to(0),
        nullable<&live_agent::SessionRow::metadata>("metadata", word::json())),
    index<&live_agent::SessionRow::tenant_domain>("idx_tenant_domain"),
    index<&live_agent::SessionRow::user_account>("idx_user_account"),
    index<&live_agent::SessionRow::status>("idx_status"),
    index<&live_agent::SessionRow::assigned_agent_id>("idx_assigned_agent"));

template <>
inline constexpr auto declaration<live_agent::MessageRow> = table<live_agent::MessageRow>(
    "live_agent_messages",
    columns(
        column<&live_agent::MessageRow::id>("id", word::integer())
            .primary_key()
            .auto_increment()
            .wire("message_id"),
        column<&live_agent::MessageRow::session_id>("session_id", word::string(36)),
        column<&live_agent::MessageRow::sender_type>("sender_type", word::string(10)),
        nullable<&live_agent::MessageRow::sender_id>("sender_id", word::string(255)),
        nullable<&live_agent::MessageRow::sender_name>("sender_name", word::string(255)),
        column<&live_agent::MessageRow::message_text>("message_text", word::text()),
        column<&live_agent::MessageRow::created_at>("created_at", word::datetime()).default_to(now),
        nullable<&live_agent::MessageRow::read_by_user>("read_by_user", word::boolean())
            .default_to(false),
        nullable<&live_agent::MessageRow::read_by_agent>("read_by_agent", word::boolean())
            .default_to(false),
        nullable<&live_agent::MessageRow::delivered_at>("delivered_at", word::datetime()),
        nullable<&live_agent::MessageRow::read_at>("read_at", word::datetime()),
        nullable<&live_agent::MessageRow::message_metadata>("message_metadata", word::json())
            .wire("metadata")),
    foreign_key<&live_agent::MessageRow::session_id, &live_agent::SessionRow::id>().on_delete(
        ReferenceAction::Cascade),
    index<&live_agent::MessageRow::session_id>("idx_session_id"),
    index<&live_agent::MessageRow::created_at>("idx_created_at"));

template <>
inline constexpr auto declaration<live_agent::UserRow> = table<live_agent::UserRow>(
    "users",
    columns(
        column<&live_agent::UserRow::id>("id", word::integer()).primary_key().auto_increment(),
        column<&live_agent::UserRow::email>("email", word::string(255)),
        nullable<&live_agent::UserRow::full_name>("full_name", word::string(255)),
        column<&live_agent::UserRow::password_hash>("password_hash", word::string(255)).off_wire(),
        column<&live_agent::UserRow::role>("role", word::string(20)).default_to("agent"),
        column<&live_agent::UserRow::is_active>("is_active", word::boolean()).default_to(true),
        nullable<&live_agent::UserRow::agent_rights>("agent_rights", word::json()),
        column<&live_agent::UserRow::created_at>("created_at", word::datetime()).default_to(now),
        nullable<&live_agent::UserRow::last_login>("last_login", word::datetime())),
    unique_index<&live_agent::UserRow::email>("ix_users_email"));

template <>
inline constexpr auto declaration<live_agent::ProfileRow> = table<live_agent::ProfileRow>(
    "live_agent_profiles",
    columns(
        column<&live_agent::ProfileRow::id>("id", word::integer()).primary_key().auto_increment(),
        column<&live_agent::ProfileRow::agent_id>("agent_id", word::string(255)).unique(),
        nullable<&live_agent::ProfileRow::agent_name>("agent_name", word::string(255)),
        nullable<&live_agent::ProfileRow::fcm_token>("fcm_token", word::string(512)),
        nullable<&live_agent::ProfileRow::is_online>("is_online", word::boolean())
            .default_to(false),
        nullable<&live_agent::ProfileRow::status>("status", word::string(20)).default_to("offline"),
        nullable<&live_agent::ProfileRow::last_seen>("last_seen", word::datetime()),
        nullable<&live_agent::ProfileRow::created_at>("created_at", word::datetime())
            .default_to(now),
        nullable<&live_agent::ProfileRow::updated_at>("updated_at", word::datetime())
            .default_to(now)
            .on_update_now()),
    index<&live_agent::ProfileRow::agent_id>("idx_agent_id"),
    index<&live_agent::ProfileRow::is_online>("idx_is_online"));

template <>
inline constexpr auto declaration<live_agent::WebhookDeliveryRow> =
    table<live_agent::WebhookDeliveryRow>(
        "webhook_deliveries",
        columns(
            column<&live_agent::WebhookDeliveryRow::id>("id", word::string(36)).primary_key(),
            column<&live_agent::WebhookDeliveryRow::session_id>("session_id", word::string(36)),
            column<&live_agent::WebhookDeliveryRow::to_side>("to_side", word::string(10)),
            column<&live_agent::WebhookDeliveryRow::payload>("payload", word::text(1 << 20)),
            column<&live_agent::WebhookDeliveryRow::attempts>("attempts", word::integer()),
            column<&live_agent::WebhookDeliveryRow::next_attempt_at>("next_attempt_at",
                                                                     word::instant()),
            nullable<&live_agent::WebhookDeliveryRow::last_error>("last_error", word::string(255)),
            column<&live_agent::WebhookDeliveryRow::created_at>("created_at", word::instant())),
        index<&live_agent::WebhookDeliveryRow::next_attempt_at>("idx_webhook_next_attempt"));

}  // namespace parley::schema
