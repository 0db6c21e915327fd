#include "chat/wire.h"

#include <fmt/format.h>

#include <array>
#include <type_traits>
#include <utility>

#include "schema/declare.h"

namespace parley::chat {
namespace {

constexpr auto kSecretKeys = std::to_array<std::string_view>({"client_secret", "password"});

/// The row as its declaration says, times with an offset.
template <schema::Declared Row>
JsonObject row_json(const Row& row) {
  JsonObject object = schema::to_json_object(row);
  schema::for_each_column<Row>([&](const auto& declared) {
    using Field = std::remove_cvref_t<decltype(row.*(declared.member))>;
    if constexpr (std::is_same_v<typename schema::OptionalOf<Field>::type, Timestamp>) {
      Json& value = object[declared.json_name()];
      if (value.is_string()) {
        std::string text(value.get_string());
        text.replace(text.size() - 1, 1, "+00:00");
        value = json::string(text);
      }
    }
  });
  return object;
}

}  // namespace

std::string wire_time(Timestamp time) {
  std::string text = format_rfc3339(time);
  return text.replace(text.size() - 1, 1, "+00:00");
}

JsonObject chat_json(const ChatRow& chat, std::optional<std::int64_t> message_count) {
  JsonObject object = row_json(chat);
  object["message_count"] = message_count ? Json(*message_count) : Json(nullptr);
  return object;
}

JsonObject message_json(const ChatMessageRow& message) { return row_json(message); }

JsonObject conversation_json(const ChatRow& chat, const std::vector<ChatMessageRow>& messages) {
  JsonObject object = row_json(chat);
  json::array list;
  list.reserve(messages.size());
  for (const ChatMessageRow& message : messages) list.push_back(message_json(message));
  object["messages"] = std::move(list);
  return object;
}

Json masked_config(const Json& config) {
  if (!config.is_object()) return config;
  JsonObject masked = config.get_object();
  for (const std::string_view key : kSecretKeys) {
    if (Json* secret = masked.if_contains(key); secret != nullptr && !secret->is_null()) {
      *secret = kMask;
    }
  }
  return masked;
}

JsonObject agent_json(const AgentRow& agent) {
  JsonObject object = row_json(agent);
  if (agent.api_key && !agent.api_key->empty()) object["api_key"] = kMask;
  object["connection_config"] = masked_config(agent.connection_config);
  return object;
}

std::string embed_url(const std::string& app_base_url, const std::string& token) {
  return fmt::format("{}/embed/chatbot?token={}", app_base_url, token);
}

JsonObject default_theme() {
  return {{"primary", "#2563eb"}, {"accent", "#7c3aed"},      {"background", "#ffffff"},
          {"surface", "#f8fafc"}, {"textPrimary", "#0f172a"}, {"border", "#e2e8f0"},
          {"success", "#16a34a"}};
}

JsonObject full_theme(const std::optional<Json>& theme) {
  JsonObject full = default_theme();
  if (!theme || !theme->is_object()) return full;
  for (auto& field : full) {
    const Json* chosen = theme->get_object().if_contains(field.key());
    if (chosen != nullptr && chosen->is_string()) field.value() = *chosen;
  }
  return full;
}

JsonObject credential_json(const AgentCredentialRow& credential, const std::string& app_base_url) {
  JsonObject object = row_json(credential);
  object["embed_url"] = credential.raw_token
                            ? Json(json::string(embed_url(app_base_url, *credential.raw_token)))
                            : Json(nullptr);
  object["theme"] = full_theme(credential.theme);
  return object;
}

JsonObject profile_json(const UserRow& user, const std::vector<OwnMembership>& memberships) {
  json::array list;
  for (const OwnMembership& each : memberships) {
    list.push_back(JsonObject{{"account_id", each.membership.account_id},
                              {"role", each.membership.role},
                              {"account_name", each.account_name}});
  }
  const JsonObject row = row_json(user);
  JsonObject profile;
  for (const std::string_view name : {"id", "email", "first_name", "last_name", "is_active"}) {
    profile[name] = row.at(name);
  }
  profile["memberships"] = std::move(list);
  profile["is_subscribed"] = false;
  return profile;
}

}  // namespace parley::chat
