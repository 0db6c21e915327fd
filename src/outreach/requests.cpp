#include "outreach/requests.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "api/fields.h"
#include "base/text.h"
#include "outreach/cursor.h"

namespace parley::outreach {
namespace {

using api::BodyReader;
using api::kNameCharactersMax;
using api::QueryReader;

constexpr std::size_t kCursorCharactersMax = 1024;
constexpr std::int64_t kRetentionDaysMax = 36'500;
constexpr std::size_t kBackupNameMax = 100;

/// Reads what all lists have. `kind` and `more` tell the filters of one list from another's.
ListRequest read_list(QueryReader& query, Timestamp now, std::string_view kind,
                      std::string_view more) {
  const std::int64_t days = query.number("days", kDays, 1, kDaysMax);
  ListRequest list{.slice = {.since = now - std::chrono::days(days),
                             .after = {},
                             .limit = query.number("limit", kPerPage, 1, kPerPageMax)},
                   .filters = fmt::format("{}\n{}\n{}", kind, days, more)};
  const auto cursor = query.text("cursor", kCursorCharactersMax);
  query.finish();
  if (cursor) list.slice.after = read_list_cursor(list.filters, *cursor);
  return list;
}

template <class Enum>
std::string text_of(const std::optional<Enum>& choice) {
  return choice ? word(*choice) : std::string();
}

std::string text_or_empty(BodyReader& body, std::string_view field) {
  return body.text_or_empty(field, kTextCharactersMax);
}

StatusChange read_change(BodyReader& body) {
  StatusChange change{.log_id = {}, .status = body.word<MessageStatus>("status")};
  change.message_id = text_or_empty(body, "message_id");
  change.delivery_status = text_or_empty(body, "delivery_status");
  change.error_message = text_or_empty(body, "error_message");
  return change;
}

/// The template of a new session: an object with a name, or the name alone.
std::string template_name_in(BodyReader& body) {
  if (const auto object = body.optional_object("template")) {
    BodyReader of_template(*object, "/template");
    std::string name = of_template.text("name", kNameCharactersMax);
    body.errors().add_all(of_template.errors());
    return name;
  }
  if (auto name = body.optional_text("template_name", kNameCharactersMax)) return *std::move(name);
  body.require("template");
  return {};
}

}  // namespace

NewSession read_new_session(const http::Request& request) {
  BodyReader body(read_object(request), "");
  NewSession session{.channel = body.word<Channel>("channel"),
                     .template_name = template_name_in(body),
                     .metadata = body.optional_object("metadata").value_or(JsonObject{})};
  body.finish();
  return session;
}

StatusChange read_status_change(const http::Request& request) {
  BodyReader body(read_object(request), "");
  StatusChange change = read_change(body);
  change.log_id = api::path_value(request, "log_id");
  body.finish();
  return change;
}

std::vector<StatusChange> read_status_changes(const http::Request& request) {
  BodyReader body(read_object(request), "");
  body.require("updates");
  std::optional<json::array> updates = body.optional_array("updates");
  body.finish();
  if (updates->empty() || updates->size() > kBatchMax) {
    throw http::invalid_field("/updates", "out_of_range",
                              fmt::format("updates must be 1 to {}", kBatchMax));
  }
  std::vector<StatusChange> changes;
  for (const Json& update : *updates) {
    const std::string pointer = fmt::format("/updates/{}", changes.size());
    if (!update.is_object())
      throw http::invalid_field(pointer, "wrong_type", "An object is needed");
    BodyReader of_update(update.get_object(), pointer);
    StatusChange change = read_change(of_update);
    change.log_id = of_update.text("log_id", kNameCharactersMax);
    of_update.finish();
    changes.push_back(std::move(change));
  }
  return changes;
}

std::int64_t read_days(const http::Request& request) {
  QueryReader query(request);
  const std::int64_t days = query.number("days", kDays, 1, kDaysMax);
  query.finish();
  return days;
}

ReportRequest read_report(const http::Request& request) {
  QueryReader query(request);
  const ReportRequest report{.days = query.number("days", kDays, 1, kDaysMax),
                             .is_forced = query.boolean("force_refresh", false)};
  query.finish();
  return report;
}

ExportRequest read_export(const http::Request& request) {
  QueryReader query(request);
  const std::string word = query.text("format", kNameCharactersMax).value_or("json");
  const std::optional<ExportFormat> format = parse_export_format(word);
  ExportRequest wanted{.days = query.number("days", kDays, 1, kDaysMax)};
  if (query.boolean("csv_safe", false)) wanted.cells = CsvCells::Safe;
  query.finish();
  if (!format) throw http::bad_request("Unsupported export format: " + word);
  wanted.format = *format;
  return wanted;
}

RetentionRequest read_retention(const http::Request& request) {
  BodyReader body(read_object(request), "");
  RetentionRequest retention;
  retention.days = body.optional_integer("days", 1, kRetentionDaysMax).value_or(kRetentionDays);
  if (body.optional_boolean("dry_run").value_or(false)) retention.deletion = Deletion::DryRun;
  body.finish();
  return retention;
}

std::string read_backup_name(const http::Request& request) {
  if (request.body.empty()) return {};
  BodyReader body(read_object(request), "");
  const std::string name = body.text_or_empty("name", kBackupNameMax);
  const bool is_plain = std::ranges::all_of(name, [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-' || c == '.';
  });
  if (!is_plain || name.starts_with('.')) {
    body.errors().add("name", "not_a_name", "must be letters, digits, _, - and .");
  }
  body.finish();
  return name;
}

ListRequest read_session_list(const http::Request& request, Timestamp now) {
  QueryReader query(request);
  return read_list(query, now, "sessions", "");
}

MessageListRequest read_message_list(const http::Request& request, Timestamp now) {
  QueryReader query(request);
  MessageFilter filter{.channel = query.optional_word<Channel>("channel"),
                       .status = query.optional_word<MessageStatus>("status"),
                       .session_id = query.text("session_id", kNameCharactersMax),
                       .recipient = query.text("recipient", kNameCharactersMax)};
  if (filter.recipient) filter.recipient = lower(trim(*filter.recipient));
  const std::string filters =
      fmt::format("{}\n{}\n{}\n{}", text_of(filter.channel), text_of(filter.status),
                  filter.session_id.value_or(""), filter.recipient.value_or(""));
  return {read_list(query, now, "messages", filters), std::move(filter)};
}

SystemLogListRequest read_system_log_list(const http::Request& request, Timestamp now) {
  QueryReader query(request);
  const SystemLogFilter filter{.level = query.optional_word<LogLevel>("level"),
                               .component = query.optional_word<Component>("component")};
  const std::string filters = text_of(filter.level) + "\n" + text_of(filter.component);
  return {read_list(query, now, "system_logs", filters), filter};
}

}  // namespace parley::outreach
