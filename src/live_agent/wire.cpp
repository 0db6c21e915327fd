#include "live_agent/wire.h"

#include <fmt/format.h>

#include "live_agent/preview.h"
#include "schema/json_text.h"

namespace parley::live_agent {
namespace {

/// The fields of `object` named, in this order.
JsonObject only(const JsonObject& object, std::initializer_list<std::string_view> fields) {
  JsonObject picked;
  for (const std::string_view field : fields) picked[field] = object.at(field);
  return picked;
}

template <class Items, class ToJson>
json::array array_of(const Items& items, ToJson to_json) {
  json::array array;
  for (const auto& item : items) array.push_back(to_json(item));
  return array;
}

JsonObject counts_json(const StatusCounts& counts, std::string_view suffix) {
  JsonObject object;
  const auto put = [&](std::string_view name, std::int64_t value) {
    object[std::string(name) + std::string(suffix)] = value;
  };
  put("total", counts.total);
  put("pending", counts.pending);
  put("active", counts.active);
  put("resolved", counts.resolved);
  put("closed", counts.closed);
  return object;
}

Json time_json(const std::optional<Timestamp>& time) {
  return time ? schema::to_json(*time) : Json(nullptr);
}

JsonObject paged(std::string_view name, json::array items, std::int64_t total,
                 const api::Page& page) {
  JsonObject object;
  object[name] = std::move(items);
  object["total"] = total;
  object["page"] = page.number;
  object["per_page"] = page.size;
  return object;
}

constexpr std::string_view kMetadata = "metadata";

std::string metadata_text(const std::optional<Json>& stored) {
  return stored ? to_text(metadata_on_wire(stored)) : "null";
}

/// `[…]` of what `to_text` makes of each.
template <class Items, class ToText>
std::string texts_of(const Items& items, ToText to_text) {
  std::string text = "[";
  for (const auto& item : items) {
    if (text.size() > 1) text += ',';
    text += to_text(item);
  }
  return text + ']';
}

}  // namespace

JsonObject session_json(const SessionView& view) {
  JsonObject object = schema::to_json_object(view.session);
  object["preview"] =
      view.last_text ? Json(json::string(preview_of(*view.last_text))) : Json(nullptr);
  object["metadata"] = metadata_on_wire(view.session.metadata);
  return object;
}

JsonObject message_json(const MessageRow& message) {
  JsonObject object = schema::to_json_object(message);
  object["metadata"] = metadata_on_wire(message.message_metadata);
  return object;
}

std::string session_text(const SessionView& view) {
  std::string text = "{";
  schema::append_json_fields(text, view.session, {kMetadata, metadata_text(view.session.metadata)});
  text += ",\"preview\":";
  view.last_text ? schema::append_json(text, preview_of(*view.last_text))
                 : schema::append_json(text, Json(nullptr));
  return text + '}';
}

std::string message_text(const MessageRow& message) {
  constexpr std::size_t kOtherFields = 512;
  std::string text;
  text.reserve(message.message_text.size() + kOtherFields);
  text += '{';
  schema::append_json_fields(text, message, {kMetadata, metadata_text(message.message_metadata)});
  return text + '}';
}

std::string session_page_text(const SessionPage& found, const api::Page& page) {
  return fmt::format(R"({{"sessions":{},"total":{},"page":{},"per_page":{}}})",
                     texts_of(found.sessions, session_text), found.total, page.number, page.size);
}

std::string message_page_text(const MessagePage& found, const api::Page& page,
                              const SessionRow& session) {
  return fmt::format(
      R"({{"messages":{},"total":{},"page":{},"per_page":{},"session":{}}})",
      texts_of(found.messages, message_text), found.total, page.number, page.size,
      to_text(JsonObject{{"session_id", session.id}, {"status", word(status_of(session.status))}}));
}

std::string polled_messages_text(const PolledMessages& polled, const std::string& session_id) {
  return fmt::format(
      R"({{"success":true,"data":{{"session_id":"{}","messages":{},"total":{},"has_more":{}}}}})",
      session_id, texts_of(polled.page.messages, message_text), polled.page.total, polled.has_more);
}

JsonObject profile_json(const UserRow& user) {
  JsonObject object = schema::to_json_object(user);
  object["name"] = display_name(user);
  return object;
}

JsonObject agent_json(const Agent& agent) {
  JsonObject object = schema::to_json_object(agent.user);
  if (object["agent_rights"].is_null()) object["agent_rights"] = JsonObject{};
  const JsonObject presence = schema::to_json_object(agent.profile.value_or(ProfileRow{}));
  for (const std::string_view field : {"is_online", "status", "last_seen"}) {
    object[field] = presence.at(field);
  }
  return object;
}

JsonObject presence_json(const ProfileRow& profile) {
  return only(schema::to_json_object(profile),
              {"agent_id", "agent_name", "is_online", "status", "last_seen", "updated_at"});
}

JsonObject agent_page_json(const AgentPage& found, const api::Page& page) {
  return paged("agents", array_of(found.agents, agent_json), found.total, page);
}

JsonObject statistics_json(const Statistics& statistics) {
  JsonObject object = counts_json(statistics.counts, "_sessions");
  object["average_response_time_seconds"] = statistics.average_response_time_seconds;
  object["date_range"] =
      JsonObject{{"from", time_json(statistics.from)}, {"to", time_json(statistics.to)}};
  object["sessions_by_date"] = array_of(statistics.by_day, [](const DayCounts& day) {
    JsonObject entry = counts_json(day.counts, "");
    entry["date"] = day.date;
    return entry;
  });
  return object;
}

JsonObject envelope(const std::string& message, JsonObject data) {
  JsonObject object{{"success", true}};
  if (!message.empty()) object["message"] = message;
  object["data"] = std::move(data);
  return object;
}

}  // namespace parley::live_agent
