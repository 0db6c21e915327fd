#include "leads/conversation_requests.h"

#include <fmt/format.h>

#include <initializer_list>

#include "api/fields.h"
#include "base/error.h"
#include "base/text.h"
#include "http/url.h"
#include "leads/conversation.h"
#include "leads/problems.h"
#include "leads/stored_json.h"
#include "leads/vocabulary.h"

namespace parley::leads {
namespace {

using api::BodyReader;
using api::kIntegerMax;
using api::kNameCharactersMax;
using api::QueryReader;

/// What the platform calls the business that the lead writes to.
constexpr std::string_view kBusiness = "business";

JsonObject required_object(BodyReader& body, std::string_view field) {
  body.require(field);
  return body.optional_object(field).value_or(JsonObject{});
}

/// Notes a text that is made of others and does not fit where it is kept.
void require_fitting(BodyReader& body, std::string_view field, std::string_view text) {
  if (code_points(text) > kNameCharactersMax) {
    body.errors().add(field, "too_long",
                      fmt::format("must have at most {} characters", kNameCharactersMax));
  }
}

/// The first of the fields of the metadata that is a text.
std::optional<std::string> metadata_text(BodyReader& body, const JsonObject& metadata,
                                         std::initializer_list<std::string_view> fields,
                                         std::size_t characters_max) {
  for (const std::string_view field : fields) {
    const auto text = text_at(metadata, field);
    if (!text) continue;
    if (code_points(*text) > characters_max) {
      body.errors().add(fmt::format("metadata/{}", field), "too_long",
                        fmt::format("must have at most {} characters", characters_max));
    }
    return text;
  }
  return std::nullopt;
}

LeadKey lead_key_in(BodyReader& body) {
  const bool has_id = body.find("lead_id") != nullptr;
  const bool has_external = body.find("lead_external_id") != nullptr;
  if (has_id == has_external) {
    body.errors().add("lead_id", has_id ? "ambiguous" : "required",
                      "or lead_external_id must be given, one of the two");
    return {};
  }
  if (has_id) return body.integer("lead_id", 0, kIntegerMax);
  return body.text("lead_external_id", kNameCharactersMax);
}

JsonObject platform_metadata(std::string_view lead_id, std::string_view sender,
                             std::string_view timestamp) {
  return {{"platform", kPlatform},
          {"yelp_lead_id", lead_id},
          {"sender", sender},
          {"timestamp", timestamp}};
}

/// The parts with their lengths before them, so that no two lists make the same text.
std::string identity_of(std::initializer_list<std::string_view> parts) {
  std::string identity;
  for (const std::string_view part : parts) {
    identity += fmt::format("{}:{}", part.size(), part);
  }
  return identity;
}

}  // namespace

PlatformLead read_platform_lead(const http::Request& request) {
  BodyReader body(request.body);
  PlatformLead lead{
      .id = body.text("id", kNameCharactersMax),
      .business_id = body.text("business_id", kNameCharactersMax),
      .conversation_id = body.text("conversation_id", kNameCharactersMax),
      .time_created = body.text("time_created", kNameCharactersMax),
      .last_event_time = body.text("last_event_time", kNameCharactersMax),
      .email = body.text_or_empty("temporary_email_address", kNameCharactersMax),
      .email_expiry = body.text_or_empty("temporary_email_address_expiry", kNameCharactersMax),
      .phone = body.text_or_empty("temporary_phone_number", kPhoneCharactersMax),
      .phone_expiry = body.text_or_empty("temporary_phone_number_expiry", kNameCharactersMax),
      .user = required_object(body, "user"),
      .project = required_object(body, "project")};
  require_fitting(body, "user/display_name", text_at(lead.user, "display_name").value_or(""));
  require_fitting(body, "project/job_names", services_of(lead.project));
  body.finish();
  return lead;
}

RouteRequest read_platform_message(const http::Request& request) {
  BodyReader body(request.body);
  const std::string lead_id = body.text("yelp_lead_id", kNameCharactersMax);
  const std::string conversation = body.text("conversation_id", kNameCharactersMax);
  const std::string content = body.text("message_content", kMessageCharactersMax);
  const std::string sender = body.text("sender", kNameCharactersMax);
  const std::string timestamp = body.text("timestamp", kNameCharactersMax);
  body.finish();
  const bool is_owner = sender == kBusiness || sender == word(SenderType::BusinessOwner);
  return {.lead = lead_id,
          .incoming = {.from = is_owner ? From::Owner : From::Lead,
                       .content = content,
                       .conversation_id = conversation,
                       .platform = std::string(kPlatform),
                       .metadata = platform_metadata(lead_id, sender, timestamp)},
          .identity = identity_of({lead_id, conversation, content, timestamp})};
}

RouteRequest read_route(const http::Request& request) {
  BodyReader body(request.body);
  RouteRequest route{.lead = lead_key_in(body),
                     .incoming = {.content = body.text("message", kMessageCharactersMax)},
                     .identity = {}};
  Incoming& incoming = route.incoming;
  incoming.message_type =
      word(body.optional_word<MessageType>("message_type").value_or(MessageType::Text));
  incoming.metadata = body.optional_object("metadata").value_or(JsonObject{});
  incoming.from = sender_in(incoming.metadata);
  incoming.conversation_id = metadata_text(
      body, incoming.metadata, {"external_conversation_id", "conversation_id"}, kNameCharactersMax);
  incoming.platform = metadata_text(body, incoming.metadata, {"external_platform", "platform"},
                                    kPlatformCharactersMax);
  metadata_text(body, incoming.metadata, {"business_owner_name"}, kNameCharactersMax);
  body.finish();
  return route;
}

RouteRequest read_simulation(const http::Request& request) {
  QueryReader query(request);
  const auto lead_id = query.optional_number("lead_id", 0, kIntegerMax);
  const auto message = query.text("message", kMessageCharactersMax);
  if (!lead_id) query.errors().add("lead_id", "required", "is required");
  if (!message || !has_visible_character(*message)) {
    query.errors().add("message", "required", "is required");
  }
  query.finish();
  return {.lead = *lead_id,
          .incoming = {.content = *message, .metadata = JsonObject{{"simulated", true}}},
          .identity = {}};
}

AgentResponse read_agent_response(const http::Request& request) {
  BodyReader body(request.body);
  AgentResponse response{
      .session_id = body.integer("session_id", 0, kIntegerMax),
      .response = body.text("response", kMessageCharactersMax),
      .metadata = body.optional_object("response_metadata").value_or(JsonObject{})};
  body.finish();
  return response;
}

MessageWindow read_message_window(const http::Request& request, std::int64_t limit) {
  QueryReader query(request);
  MessageWindow window{.limit = query.number("limit", limit, 1, kListMax),
                       .since = {},
                       .since_id = query.optional_number("since_id", 0, kIntegerMax)};
  const std::optional<std::string> since = query.text("since_timestamp", kNameCharactersMax);
  query.finish();
  if (!since) return window;
  window.since = api::time_in(*since);
  if (!window.since) throw invalid_timestamp();
  return window;
}

std::int64_t read_conversation_limit(const http::Request& request) {
  QueryReader query(request);
  const std::int64_t limit = query.number("limit", kConversationsAtOnce, 1, kListMax);
  query.finish();
  return limit;
}

Takeover read_takeover(const http::Request& request) {
  Takeover takeover;
  if (trim(request.body).empty()) return takeover;
  BodyReader body(request.body);
  if (auto reason = body.optional_text("reason", kMessageCharactersMax))
    takeover.reason = *std::move(reason);
  if (auto owner = body.optional_text("business_owner_id", kNameCharactersMax))
    takeover.owner_id = *std::move(owner);
  body.finish();
  return takeover;
}

std::optional<std::string> read_external_message_id(const http::Request& request) {
  QueryReader query(request);
  auto id = query.text("external_message_id", kNameCharactersMax);
  query.finish();
  if (id || trim(request.body).empty()) return id;
  BodyReader body(request.body);
  id = body.optional_text("external_message_id", kNameCharactersMax);
  body.finish();
  return id;
}

std::string read_url(const http::Request& request) {
  BodyReader body(request.body);
  std::string url = body.text("url", kUrlCharactersMax);
  if (!url.empty()) {
    try {
      http::parse_url(url);
    } catch (const Error& error) {
      body.errors().add("url", "invalid_url", fmt::format("cannot be used: {}", error.what()));
    }
  }
  body.finish();
  return url;
}

}  // namespace parley::leads
