#include "outreach/export_format.h"

#include <fmt/format.h>

#include "base/text.h"
#include "outreach/wire.h"

namespace parley::outreach {
namespace {

constexpr std::string_view kLineEnd = "\r\n";

/// Empty for a time that there is not, or that cannot be read.
std::string time_text(const std::optional<Timestamp>& time) {
  if (!time || *time == schema::kUnreadableTime) return {};
  std::string text = format_rfc3339(*time);
  text[10] = ' ';
  text.pop_back();
  return text;
}

// ---- CSV (RFC 4180). ----

void append_cell(std::string& text, std::string_view cell, CsvCells cells) {
  const bool is_formula = cells == CsvCells::Safe && !cell.empty() &&
                          std::string_view("=+-@").find(cell.front()) != std::string_view::npos;
  const bool needs_quotes = cell.find_first_of(",\"\r\n") != std::string_view::npos;
  if (needs_quotes) text += '"';
  if (is_formula) text += '\'';
  for (const char c : cell) {
    if (c == '"') text += '"';
    text += c;
  }
  if (needs_quotes) text += '"';
}

void append_line(std::string& text, std::initializer_list<std::string_view> cells, CsvCells how) {
  std::string_view separator;
  for (const std::string_view cell : cells) {
    text += separator;
    append_cell(text, cell, how);
    separator = ",";
  }
  text += kLineEnd;
}

std::string_view or_empty(const std::optional<std::string>& text) {
  return text ? std::string_view(*text) : std::string_view();
}

void append_csv(std::string& text, const MessageLogRow& message, CsvCells cells) {
  const std::string_view recipient = message.recipient_email.empty()
                                         ? or_empty(message.recipient_phone)
                                         : std::string_view(message.recipient_email);
  append_line(text,
              {time_text(message.timestamp), message.channel, message.template_name, recipient,
               or_empty(message.recipient_company), message.message_status,
               or_empty(message.error_message), time_text(message.sent_at)},
              cells);
}

void append_csv(std::string& text, const SessionSummaryRow& session, CsvCells cells) {
  append_line(text,
              {session.session_id, time_text(session.start_time), time_text(session.end_time),
               or_empty(session.channel), or_empty(session.template_used),
               std::to_string(session.total_messages.value_or(0)),
               std::to_string(session.successful_messages.value_or(0)),
               std::to_string(session.failed_messages.value_or(0)),
               fmt::format("{:.1f}%", session.success_rate.value_or(0))},
              cells);
}

// ---- JSON with an indent of two. ----

void append_indent(std::string& text, int depth) {
  text += '\n';
  text.append(static_cast<std::size_t>(depth) * 2, ' ');
}

void append_pretty(std::string& text, const Json& value, int depth) {
  const auto append_items = [&](char open, char close, const auto& items, auto append_item) {
    text += open;
    bool is_first = true;
    for (const auto& item : items) {
      if (!is_first) text += ',';
      is_first = false;
      append_indent(text, depth + 1);
      append_item(item);
    }
    if (!is_first) append_indent(text, depth);
    text += close;
  };
  if (const auto* array = value.if_array()) {
    append_items('[', ']', *array, [&](const Json& item) { append_pretty(text, item, depth + 1); });
  } else if (const auto* object = value.if_object()) {
    append_items('{', '}', *object, [&](const auto& field) {
      text += to_text(Json(field.key())) + ": ";
      append_pretty(text, field.value(), depth + 1);
    });
  } else {
    text += to_text(value);
  }
}

/// The times of a wire object in the form of an export.
void restore_times(JsonObject& object, std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names) {
    Json& value = object[name];
    if (!value.is_string()) continue;
    const auto time = parse_timestamp(value.get_string());
    value = json::string(time_text(time));
  }
}

JsonObject message_object(const MessageLogRow& message) {
  JsonObject object = parse_json(entry_text(message)).as_object();
  restore_times(object, {"timestamp", "sent_at", "delivered_at", "read_at"});
  return object;
}

JsonObject session_object(const SessionView& view) {
  JsonObject object = session_json(view);
  restore_times(object, {"start_time", "end_time"});
  return object;
}

void append_item(std::string& text, const ExportRequest& request, JsonObject object,
                 std::string_view kind, Place place) {
  if (request.format == ExportFormat::Ndjson) {
    JsonObject line{{"type", kind}};
    for (auto& field : object) line[field.key()] = std::move(field.value());
    text += to_text(std::move(line)) + '\n';
    return;
  }
  if (place == Place::Later) text += ',';
  append_indent(text, 2);
  append_pretty(text, std::move(object), 2);
}

std::string list_end(bool had_rows) { return had_rows ? "\n  ]" : "]"; }

}  // namespace

std::optional<ExportFormat> parse_export_format(std::string_view text) {
  const std::string word = lower(text);
  if (word == "json") return ExportFormat::Json;
  if (word == "csv") return ExportFormat::Csv;
  if (word == "ndjson") return ExportFormat::Ndjson;
  return std::nullopt;
}

std::string_view content_type_of(ExportFormat format) {
  switch (format) {
    case ExportFormat::Json: return "application/json";
    case ExportFormat::Csv: return "text/csv; charset=utf-8";
    case ExportFormat::Ndjson: return "application/x-ndjson";
  }
  return {};
}

std::string export_begin(const ExportRequest& request, const std::string& user_id, Timestamp now) {
  switch (request.format) {
    case ExportFormat::Json:
      return fmt::format(
          "{{\n  \"export_date\": \"{}\",\n  \"user_id\": {},\n  \"days_exported\": {},\n"
          "  \"messages\": [",
          time_text(now), to_text(Json(user_id)), request.days);
    case ExportFormat::Csv:
      return "Message Logs\r\n"
             "Timestamp,Channel,Template,Recipient,Company,Status,Error,Sent At\r\n";
    case ExportFormat::Ndjson: return {};
  }
  return {};
}

std::string export_middle(const ExportRequest& request, bool had_rows) {
  switch (request.format) {
    case ExportFormat::Json: return list_end(had_rows) + ",\n  \"sessions\": [";
    case ExportFormat::Csv:
      return "\r\nSession Summaries\r\n"
             "Session ID,Start Time,End Time,Channel,Template,Total,Successful,Failed,Success "
             "Rate\r\n";
    case ExportFormat::Ndjson: return {};
  }
  return {};
}

std::string export_end(const ExportRequest& request, bool had_rows) {
  return request.format == ExportFormat::Json ? list_end(had_rows) + "\n}" : std::string();
}

void append_export(std::string& text, const ExportRequest& request, const MessageLogRow& message,
                   Place place) {
  if (request.format == ExportFormat::Csv) return append_csv(text, message, request.cells);
  append_item(text, request, message_object(message), "message", place);
}

void append_export(std::string& text, const ExportRequest& request, const SessionView& view,
                   Place place) {
  if (request.format == ExportFormat::Csv) return append_csv(text, view.session, request.cells);
  append_item(text, request, session_object(view), "session", place);
}

}  // namespace parley::outreach
