#pragma once

// The tables of the chat module, each declared once: a struct, and its binding to columns. Names,
// order and types are those of the databases that exist already. Values and pure functions; any
// thread.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/json.h"
#include "schema/declare.h"

namespace parley::chat {

/// The characters that a long text may have; where the engine must know, it is a MEDIUMTEXT.
inline constexpr int kLongText = 1'000'000;

/// The names of the enums, and how long the text is that holds a value where there are none.
inline constexpr std::string_view kRole = "role";
inline constexpr std::string_view kConnectionType = "connectiontype";
inline constexpr int kEnumText = 20;

/// Somebody who may sign in.
struct UserRow {
  std::string id;
  std::string email;  ///< Lower case.
  std::optional<std::string> first_name;
  std::optional<std::string> last_name;
  std::optional<std::string> password_hash;
  std::optional<std::string> google_sub;
  bool is_active = false;
  std::optional<Timestamp> email_verified_at;
  Timestamp created_at{};
};

/// What members share: agents, and the chats with them.
struct AccountRow {
  std::string id;
  std::string name;
  std::optional<std::string>
      owner_user_id;  ///< Goes to NULL with the person, so that the others keep their chats.
  Timestamp created_at{};
};

struct MembershipRow {
  std::string id;
  std::string account_id;
  std::string user_id;
  std::string role;
  std::optional<Json> manage_schema_ids;  ///< Kept from the original, unused.
  std::optional<Json> manage_agent_ids;  ///< The agents of a restricted member; null or empty: all.
  Timestamp created_at{};
};

/// A data connector that answers questions; not a person.
struct AgentRow {
  std::string id;
  std::string name;
  std::optional<std::string> description;
  std::string status;
  std::optional<std::string> model_type;
  std::optional<std::string> api_key;
  std::optional<std::string> system_instructions;
  std::string connection_type;
  Json connection_config;
  std::string account_id;
  std::optional<std::string> created_by;
  Timestamp created_at{};
  std::optional<Timestamp> updated_at;
  bool custom_tone_schema_enabled = false;
  bool custom_tone_rows_enabled = false;
  std::optional<std::string> custom_tone_schema;
  std::optional<std::string> custom_tone_rows;
  std::optional<Json> recommended_questions;
};

/// A conversation of one user with one agent.
struct ChatRow {
  std::string id;
  std::string title;
  std::string agent_id;
  std::string user_id;
  std::string account_id;
  Timestamp created_at{};
  Timestamp updated_at{};
};

/// A question, or an answer with the queries that were tried for it.
struct ChatMessageRow {
  std::string id;
  std::string chat_id;
  std::string role;  ///< `user`, `assistant`.
  std::string content;
  std::optional<std::string> action;        ///< `DESCRIBE`, `QUERY`, `ERROR`.
  std::optional<std::string> dax_attempts;  ///< A JSON array, as text.
  std::optional<std::string> final_dax;     ///< The query that succeeded.
  std::optional<std::string> resolution_note;
  std::optional<std::string> error;
  Timestamp created_at{};
};

struct RefreshTokenRow {
  std::string id;
  std::string user_id;
  std::string account_id;
  std::string jti;
  std::string token_hash;  ///< SHA-256, hex.
  std::optional<std::string> user_agent;
  std::optional<std::string> ip;
  Timestamp expires_at{};
  std::optional<Timestamp> revoked_at;
  Timestamp created_at{};
};

struct InvitationRow {
  std::string id;
  std::string account_id;
  std::string email;
  std::string role;
  std::string token_hash;
  Timestamp expires_at{};
  std::optional<Timestamp> accepted_at;
  std::optional<Json> manage_schema_ids;
  std::optional<Json> manage_agent_ids;
  Timestamp created_at{};
};

struct EmailVerificationRow {
  std::string id;
  std::string user_id;
  std::string token_hash;
  Timestamp expires_at{};
  std::optional<Timestamp> consumed_at;
  Timestamp created_at{};
};

struct PasswordResetRow {
  std::string id;
  std::string user_id;
  std::string token_hash;
  Timestamp expires_at{};
  std::optional<Timestamp> consumed_at;
  Timestamp created_at{};
};

/// What lets visitors of a web site ask an agent.
struct AgentCredentialRow {
  std::string id;
  std::string agent_id;
  std::string account_id;
  Timestamp created_at{};
  bool is_active = false;
  std::optional<std::string> token_hash;
  std::optional<std::string> raw_token;
  std::optional<Json> theme;
};

/// An answer that is still to be given: a job of the server, whoever waits for it. Goes with the
/// commit of the answer. Without foreign keys, so that the core history can go back a step by
/// itself; a run whose chat has gone is found out when it is taken.
struct RunRow {
  std::string id;  ///< Also the id that the answer will have.
  std::string chat_id;
  std::string question_id;
  std::optional<std::string> node;      ///< Who works on it…
  std::optional<Timestamp> held_until;  ///< …and until when others leave it alone.
  Timestamp give_up_at{};               ///< From then on the answer is an error.
  std::optional<std::string> key_id;    ///< Of the request that may be repeated.
  std::optional<std::string> request_hash;
  Timestamp created_at{};
};

/// The enums of the core history.
std::vector<schema::Enum> core_enums();

/// The tables of the core history, in order of creation.
std::vector<schema::Table> core_tables();

/// The tables of the support history, in order of creation, those of the store with them.
std::vector<schema::Table> support_tables();

}  // namespace parley::chat

namespace parley::schema {

template <>
inline constexpr auto declaration<chat::UserRow> = [] {
  using Row = chat::UserRow;
  return table<Row>(
      "users",
      columns(column<&Row::id>("id", word::uuid()).primary_key(),
              column<&Row::email>("email", word::string(320)),
              nullable<&Row::first_name>("first_name", word::string(120)),
              nullable<&Row::last_name>("last_name", word::string(120)),
              nullable<&Row::password_hash>("password_hash", word::string(255)).off_wire(),
              nullable<&Row::google_sub>("google_sub", word::string(128)).unique(),
              column<&Row::is_active>("is_active", word::boolean()).default_to(false),
              nullable<&Row::email_verified_at>("email_verified_at", word::instant()),
              column<&Row::created_at>("created_at", word::instant()).default_to(now)),
      unique_index<&Row::email>("ix_users_email"));
}();

template <>
inline constexpr auto declaration<chat::AccountRow> = [] {
  using Row = chat::AccountRow;
  return table<Row>(
      "accounts",
      columns(column<&Row::id>("id", word::uuid()).primary_key(),
              column<&Row::name>("name", word::string(255)),
              nullable<&Row::owner_user_id>("owner_user_id", word::uuid()),
              column<&Row::created_at>("created_at", word::instant()).default_to(now)),
      unique_key<&Row::owner_user_id>("uq_account_owner"),
      foreign_key<&Row::owner_user_id, &chat::UserRow::id>().on_delete(ReferenceAction::SetNull));
}();

template <>
inline constexpr auto declaration<chat::MembershipRow> = [] {
  using Row = chat::MembershipRow;
  return table<Row>(
      "memberships",
      columns(column<&Row::id>("id", word::uuid()).primary_key(),
              column<&Row::account_id>("account_id", word::uuid()),
              column<&Row::user_id>("user_id", word::uuid()),
              column<&Row::role>("role", word::enumeration(chat::kRole, chat::kEnumText))
                  .default_to("MEMBER"),
              nullable<&Row::manage_schema_ids>("manage_schema_ids", word::json()),
              nullable<&Row::manage_agent_ids>("manage_agent_ids", word::json()),
              column<&Row::created_at>("created_at", word::instant()).default_to(now)),
      unique_key<&Row::account_id, &Row::user_id>("uq_membership"),
      foreign_key<&Row::account_id, &chat::AccountRow::id>().on_delete(ReferenceAction::Cascade),
      foreign_key<&Row::user_id, &chat::UserRow::id>().on_delete(ReferenceAction::Cascade),
      index<&Row::user_id>("ix_memberships_user_id"));
}();

template <>
inline constexpr auto declaration<chat::AgentRow> = [] {
  using Row = chat::AgentRow;
  return table<Row>(
      "agents",
      columns(
          column<&Row::id>("id", word::uuid()).primary_key(),
          column<&Row::name>("name", word::string(255)),
          nullable<&Row::description>("description", word::text(chat::kLongText)),
          column<&Row::status>("status", word::string(50)).default_to("active"),
          nullable<&Row::model_type>("model_type", word::string(100)),
          nullable<&Row::api_key>("api_key", word::string(500)),
          nullable<&Row::system_instructions>("system_instructions", word::text(chat::kLongText)),
          column<&Row::connection_type>("connection_type",
                                        word::enumeration(chat::kConnectionType, chat::kEnumText)),
          column<&Row::connection_config>("connection_config", word::json()),
          column<&Row::account_id>("account_id", word::uuid()),
          nullable<&Row::created_by>("created_by", word::uuid()),
          column<&Row::created_at>("created_at", word::instant()).default_to(now),
          nullable<&Row::updated_at>("updated_at", word::instant()),
          column<&Row::custom_tone_schema_enabled>("custom_tone_schema_enabled", word::boolean())
              .default_to(false),
          column<&Row::custom_tone_rows_enabled>("custom_tone_rows_enabled", word::boolean())
              .default_to(false),
          nullable<&Row::custom_tone_schema>("custom_tone_schema", word::text(chat::kLongText)),
          nullable<&Row::custom_tone_rows>("custom_tone_rows", word::text(chat::kLongText)),
          nullable<&Row::recommended_questions>("recommended_questions", word::json())),
      foreign_key<&Row::account_id, &chat::AccountRow::id>().on_delete(ReferenceAction::Cascade),
      foreign_key<&Row::created_by, &chat::UserRow::id>().on_delete(ReferenceAction::SetNull),
      index<&Row::account_id>("ix_agents_account_id"),
      index<&Row::created_by>("ix_agents_created_by"));
}();

template <>
inline constexpr auto declaration<chat::ChatRow> = [] {
  using Row = chat::ChatRow;
  return table<Row>(
      "chats",
      columns(
          column<&Row::id>("id", word::uuid()).primary_key(),
          column<&Row::title>("title", word::string(255)).default_to("New Chat"),
          column<&Row::agent_id>("agent_id", word::uuid()),
          column<&Row::user_id>("user_id", word::uuid()),
          column<&Row::account_id>("account_id", word::uuid()),
          column<&Row::created_at>("created_at", word::instant()).default_to(now),
          column<&Row::updated_at>("updated_at", word::instant()).default_to(now).on_update_now()),
      foreign_key<&Row::agent_id, &chat::AgentRow::id>().on_delete(ReferenceAction::Cascade),
      foreign_key<&Row::user_id, &chat::UserRow::id>().on_delete(ReferenceAction::Cascade),
      foreign_key<&Row::account_id, &chat::AccountRow::id>().on_delete(ReferenceAction::Cascade),
      index<&Row::agent_id>("ix_chats_agent_id"), index<&Row::user_id>("ix_chats_user_id"),
      index<&Row::account_id>("ix_chats_account_id"));
}();

template <>
inline constexpr auto declaration<chat::ChatMessageRow> = [] {
  using Row = chat::ChatMessageRow;
  return table<Row>(
      "chat_messages",
      columns(column<&Row::id>("id", word::uuid()).primary_key(),
              column<&Row::chat_id>("chat_id", word::uuid()),
              column<&Row::role>("role", word::string(20)),
              column<&Row::content>("content", word::text(chat::kLongText)),
              nullable<&Row::action>("action", word::string(50)),
              nullable<&Row::dax_attempts>("dax_attempts", word::text(chat::kLongText)),
              nullable<&Row::final_dax>("final_dax", word::text(chat::kLongText)),
              nullable<&Row::resolution_note>("resolution_note", word::text(chat::kLongText)),
              nullable<&Row::error>("error", word::text(chat::kLongText)),
              column<&Row::created_at>("created_at", word::instant()).default_to(now)),
      foreign_key<&Row::chat_id, &chat::ChatRow::id>().on_delete(ReferenceAction::Cascade),
      index<&Row::chat_id>("ix_chat_messages_chat_id"));
}();

template <>
inline constexpr auto declaration<chat::RefreshTokenRow> = [] {
  using Row = chat::RefreshTokenRow;
  return table<Row>(
      "refresh_tokens",
      columns(column<&Row::id>("id", word::uuid()).primary_key(),
              column<&Row::user_id>("user_id", word::uuid()),
              column<&Row::account_id>("account_id", word::uuid()),
              column<&Row::jti>("jti", word::string(64)),
              column<&Row::token_hash>("token_hash", word::string(128)).unique(),
              nullable<&Row::user_agent>("user_agent", word::string(255)),
              nullable<&Row::ip>("ip", word::string(64)),
              column<&Row::expires_at>("expires_at", word::instant()),
              nullable<&Row::revoked_at>("revoked_at", word::instant()),
              column<&Row::created_at>("created_at", word::instant()).default_to(now)),
      foreign_key<&Row::user_id, &chat::UserRow::id>().on_delete(ReferenceAction::Cascade),
      foreign_key<&Row::account_id, &chat::AccountRow::id>().on_delete(ReferenceAction::Cascade),
      index<&Row::jti>("ix_refresh_tokens_jti"));
}();

template <>
inline constexpr auto declaration<chat::InvitationRow> = [] {
  using Row = chat::InvitationRow;
  return table<Row>(
      "invitations",
      columns(column<&Row::id>("id", word::uuid()).primary_key(),
              column<&Row::account_id>("account_id", word::uuid()),
              column<&Row::email>("email", word::string(320)),
              column<&Row::role>("role", word::enumeration(chat::kRole, chat::kEnumText)),
              column<&Row::token_hash>("token_hash", word::string(128)).unique(),
              column<&Row::expires_at>("expires_at", word::instant()),
              nullable<&Row::accepted_at>("accepted_at", word::instant()),
              nullable<&Row::manage_schema_ids>("manage_schema_ids", word::json()),
              nullable<&Row::manage_agent_ids>("manage_agent_ids", word::json()),
              column<&Row::created_at>("created_at", word::instant()).default_to(now)),
      foreign_key<&Row::account_id, &chat::AccountRow::id>().on_delete(ReferenceAction::Cascade));
}();

template <>
inline constexpr auto declaration<chat::EmailVerificationRow> = [] {
  using Row = chat::EmailVerificationRow;
  return table<Row>(
      "email_verifications",
      columns(column<&Row::id>("id", word::uuid()).primary_key(),
              column<&Row::user_id>("user_id", word::uuid()),
              column<&Row::token_hash>("token_hash", word::string(128)).unique(),
              column<&Row::expires_at>("expires_at", word::instant()),
              nullable<&Row::consumed_at>("consumed_at", word::instant()),
              column<&Row::created_at>("created_at", word::instant()).default_to(now)),
      foreign_key<&Row::user_id, &chat::UserRow::id>().on_delete(ReferenceAction::Cascade),
      index<&Row::user_id>("ix_email_verifications_user_id"));
}();

template <>
inline constexpr auto declaration<chat::PasswordResetRow> = [] {
  using Row = chat::PasswordResetRow;
  return table<Row>(
      "password_resets",
      columns(column<&Row::id>("id", word::uuid()).primary_key(),
              column<&Row::user_id>("user_id", word::uuid()),
              column<&Row::token_hash>("token_hash", word::string(128)).unique(),
              column<&Row::expires_at>("expires_at", word::instant()),
              nullable<&Row::consumed_at>("consumed_at", word::instant()),
              column<&Row::created_at>("created_at", word::instant()).default_to(now)),
      foreign_key<&Row::user_id, &chat::UserRow::id>().on_delete(ReferenceAction::Cascade),
      index<&Row::user_id>("ix_password_resets_user_id"));
}();

template <>
inline constexpr auto declaration<chat::AgentCredentialRow> = [] {
  using Row = chat::AgentCredentialRow;
  return table<Row>(
      "agent_credentials",
      columns(column<&Row::id>("id", word::uuid()).primary_key(),
              column<&Row::agent_id>("agent_id", word::uuid()),
              column<&Row::account_id>("account_id", word::uuid()),
              column<&Row::created_at>("created_at", word::instant()).default_to(now),
              column<&Row::is_active>("is_active", word::boolean()).default_to(true),
              nullable<&Row::token_hash>("token_hash", word::string(128)).off_wire(),
              nullable<&Row::raw_token>("raw_token", word::string(200)).off_wire(),
              nullable<&Row::theme>("theme", word::json())),
      unique_key<&Row::agent_id>("uq_agent_credentials_agent_id"),
      foreign_key<&Row::agent_id, &chat::AgentRow::id>().on_delete(ReferenceAction::Cascade),
      foreign_key<&Row::account_id, &chat::AccountRow::id>().on_delete(ReferenceAction::Cascade),
      index<&Row::agent_id>("ix_agent_credentials_agent_id"),
      index<&Row::account_id>("ix_agent_credentials_account_id"),
      index<&Row::token_hash>("ix_agent_credentials_token_hash"));
}();

template <>
inline constexpr auto declaration<chat::RunRow> = [] {
  using Row = chat::RunRow;
  return table<Row>(
      "chat_runs",
      columns(column<&Row::id>("id", word::uuid()).primary_key(),
              column<&Row::chat_id>("chat_id", word::uuid()),
              column<&Row::question_id>("question_id", word::uuid()),
              nullable<&Row::node>("node", word::string(36)),
              nullable<&Row::held_until>("held_until", word::instant()),
              column<&Row::give_up_at>("give_up_at", word::instant()),
              nullable<&Row::key_id>("key_id", word::string(64)),
              nullable<&Row::request_hash>("request_hash", word::string(64)),
              column<&Row::created_at>("created_at", word::instant()).default_to(now)),
      index<&Row::chat_id>("ix_chat_runs_chat_id"), index<&Row::key_id>("ix_chat_runs_key_id"),
      index<&Row::created_at>("ix_chat_runs_created_at"));
}();

}  // namespace parley::schema
