#pragma once

// What the endpoints of the conversation read from their requests, as values for the services.
// Every function throws the 422 problem that names all wrong fields, 400 for a time that is none,
// or 404 for a path that names no possible row. Pure functions; any thread.

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "http/message.h"
#include "leads/conversation_views.h"
#include "leads/intake.h"
#include "leads/routing.h"
#include "leads/takeover.h"

namespace parley::leads {

inline constexpr std::int64_t kMessagesAtOnce = 50;
inline constexpr std::int64_t kResponsesAtOnce = 10;
inline constexpr std::int64_t kConversationsAtOnce = 10;
inline constexpr std::int64_t kListMax = 500;
inline constexpr std::size_t kPlatformCharactersMax = 100;
inline constexpr std::size_t kPhoneCharactersMax = 50;
inline constexpr std::size_t kUrlCharactersMax = 700;

PlatformLead read_platform_lead(const http::Request& request);

/// A lead by its own id or by the platform's.
using LeadKey = std::variant<std::int64_t, std::string>;

struct RouteRequest {
  LeadKey lead;
  Incoming incoming;
  /// What is the same when the platform sends a message again; empty where that is not asked.
  std::string identity;
};
RouteRequest read_platform_message(const http::Request& request);
RouteRequest read_route(const http::Request& request);
RouteRequest read_simulation(const http::Request& request);

struct AgentResponse {
  std::int64_t session_id = 0;
  std::string response;
  JsonObject metadata;
};
AgentResponse read_agent_response(const http::Request& request);

MessageWindow read_message_window(const http::Request& request, std::int64_t limit);
std::int64_t read_conversation_limit(const http::Request& request);
Takeover read_takeover(const http::Request& request);
/// Of the query, else of the body.
std::optional<std::string> read_external_message_id(const http::Request& request);
/// An http or https URL.
std::string read_url(const http::Request& request);

}  // namespace parley::leads
