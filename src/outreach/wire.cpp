#include "outreach/wire.h"

#include <fmt/format.h>

#include "outreach/cells.h"
#include "schema/json_text.h"

namespace parley::outreach {
namespace {

json::array array_of(const std::vector<std::string>& texts) {
  json::array array;
  for (const std::string& text : texts) array.emplace_back(text);
  return array;
}

void append_value(std::string& text, const std::string& value) { schema::append_json(text, value); }
void append_value(std::string& text, Timestamp value) {
  value == schema::kUnreadableTime ? void(text += "null") : schema::append_json(text, value);
}
template <class T>
void append_value(std::string& text, const std::optional<T>& value) {
  value ? append_value(text, *value) : void(text += "null");
}

}  // namespace

Json time_json(const std::optional<Timestamp>& time) {
  const bool is_known = time && *time != schema::kUnreadableTime;
  return is_known ? schema::to_json(*time) : Json(nullptr);
}

JsonObject session_json(const SessionView& view) {
  const SessionSummaryRow& session = view.session;
  JsonObject object = schema::to_json_object(session);
  object["start_time"] = time_json(session.start_time);
  object["end_time"] = time_json(session.end_time);
  object["success_rate"] = rounded(session.success_rate.value_or(0));
  object["average_send_time"] = rounded(average_send_time(session));
  object["errors"] = array_of(view.errors);
  object["channels_used"] = array_of(list_in(session.channels_used));
  object["templates_used"] = array_of(list_in(session.templates_used));
  return object;
}

std::string entry_text(const MessageLogRow& message) {
  std::string text = "{";
  schema::for_each_column<MessageLogRow>([&](const auto& declared) {
    if (!declared.is_on_wire) return;
    // Of the type, not of `declared`: a reference parameter is no constant expression in g++ 12.
    constexpr auto kMember = std::remove_cvref_t<decltype(declared)>::member;
    if (text.size() > 1) text += ',';
    text += '"';
    text += declared.json_name();
    text += "\":";
    if constexpr (schema::same_member<kMember, &MessageLogRow::metadata>()) {
      text += to_text(object_in(message.metadata));
    } else if constexpr (schema::same_member<kMember, &MessageLogRow::response_received>()) {
      text += message.response_received.value_or(0) == 0 ? "false" : "true";
    } else {
      append_value(text, message.*kMember);
    }
  });
  return text + '}';
}

std::string system_log_text(const SystemLogRow& line) {
  JsonObject object = schema::to_json_object(line);
  object["timestamp"] = time_json(line.timestamp);
  return to_text(std::move(object));
}

JsonObject stats_json(const QuickStats& stats) {
  return {{"messages_last_30_days", stats.messages},
          {"success_rate_30_days", rounded(stats.success_rate, 1)},
          {"most_used_channel", stats.most_used_channel},
          {"sessions_last_30_days", stats.sessions},
          {"current_session_active", stats.has_open_session}};
}

JsonObject retention_json(const RetentionAnswer& answer) {
  const Deleted& deleted = answer.deleted;
  return {{"deleted",
           {{"messages", deleted.messages},
            {"sessions", deleted.sessions},
            {"reports", deleted.reports},
            {"deliveries", deleted.deliveries}}},
          {"total", deleted.total()},
          {"cutoff", time_json(answer.cutoff)},
          {"dry_run", answer.deletion == Deletion::DryRun}};
}

std::string list_text(const std::vector<std::string>& items,
                      const std::optional<std::string>& next) {
  std::string text = R"({"data":[)";
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (i > 0) text += ',';
    text += items[i];
  }
  text += next ? R"(],"has_more":true,"next":)" : R"(],"has_more":false,"next":)";
  append_value(text, next);
  return text + '}';
}

}  // namespace parley::outreach
