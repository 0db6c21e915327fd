#pragma once

// The JSON shapes of the answers. Fields that a table has come from its declaration, so that code
// and wire cannot drift apart; only what is computed is named here. A JSON column is always an
// object or an array, also where an old row has NULL or a text in it. Pure functions; any thread.

#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/json_schema.h"
#include "leads/tables.h"

namespace parley::leads {

JsonObject lead_json(const LeadRow& lead);
JsonObject agent_json(const AgentRow& agent);
JsonObject session_json(const AgentSessionRow& session);
/// All of a message, for events.
JsonObject message_json(const MessageRow& message);
JsonObject task_json(const FollowUpTaskRow& task);

/// A message as lists of conversations show it.
JsonObject item_json(const MessageRow& message);

// Their schemas, for the API's document.
JsonObject lead_schema();
JsonObject agent_schema();
JsonObject session_schema();
JsonObject item_schema();

Json time_json(const std::optional<Timestamp>& time);
template <class T>
Json value_json(const std::optional<T>& value) {
  return value ? schema::to_json(*value) : Json(nullptr);
}

/// `[…]` of what `to_json` makes of each.
template <class Items, class ToJson>
json::array list_json(const Items& items, ToJson to_json) {
  json::array list;
  list.reserve(items.size());
  for (const auto& item : items) list.emplace_back(to_json(item));
  return list;
}

}  // namespace parley::leads
