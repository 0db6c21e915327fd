#pragma once

// The JSON shapes of the answers. Fields that a table has come from its declaration; only what is
// computed, or hidden, is named here. Times carry the offset `+00:00`, as the existing clients know
// them. Pure functions; any thread.

#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "chat/tables.h"
#include "chat/vocabulary.h"

namespace parley::chat {

/// What a secret looks like from outside; sent back, it keeps the stored one.
inline constexpr std::string_view kMask = "********";

/// `2025-03-15T10:00:00.000000+00:00`.
std::string wire_time(Timestamp time);

/// ChatOut: with the count in lists, null elsewhere.
JsonObject chat_json(const ChatRow& chat, std::optional<std::int64_t> message_count = {});

/// ChatMessageOut.
JsonObject message_json(const ChatMessageRow& message);

/// The chat with all its messages.
JsonObject conversation_json(const ChatRow& chat, const std::vector<ChatMessageRow>& messages);

/// AgentOut: every column, secrets masked.
JsonObject agent_json(const AgentRow& agent);

/// The configuration with its secrets masked.
Json masked_config(const Json& config);

/// A credential, with the link of its token under `app_base_url` and a full theme.
JsonObject credential_json(const AgentCredentialRow& credential, const std::string& app_base_url);

/// `<app_base_url>/embed/chatbot?token=…`.
std::string embed_url(const std::string& app_base_url, const std::string& token);

/// The theme that stands for none, and a stored one completed with it.
JsonObject default_theme();
JsonObject full_theme(const std::optional<Json>& theme);

/// The account behind a token.
struct OwnMembership {
  MembershipRow membership;
  std::string account_name;
};
JsonObject profile_json(const UserRow& user, const std::vector<OwnMembership>& memberships);

}  // namespace parley::chat
