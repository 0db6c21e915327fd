#include "outreach/wire_schema.h"

#include "api/operation_parts.h"
#include "outreach/records.h"
#include "outreach/tables.h"
#include "outreach/vocabulary.h"
#include "schema/json_schema.h"

namespace parley::outreach {
namespace {

using namespace json_schema;
using api::words_schema;

JsonObject number() { return {{"type", "number"}}; }
JsonObject time_or_null() { return nullable(text_of("date-time")); }
JsonObject any_text() { return text(kTextCharactersMax); }

}  // namespace

JsonObject session_schema() {
  return named("OutreachSession", with_fields(schema::json_schema_of<SessionSummaryRow>(),
                                              {{"start_time", time_or_null()},
                                               {"success_rate", number()},
                                               {"average_send_time", number()},
                                               {"errors", list_of(text())},
                                               {"channels_used", list_of(text())},
                                               {"templates_used", list_of(text())}}));
}

JsonObject entry_schema() {
  return named("OutreachMessage", with_fields(schema::json_schema_of<MessageLogRow>(),
                                              {{"timestamp", time_or_null()},
                                               {"response_received", boolean()},
                                               {"metadata", any_object()}}));
}

JsonObject system_log_schema() {
  return named("OutreachSystemLog", with_fields(schema::json_schema_of<SystemLogRow>(),
                                                {{"timestamp", time_or_null()}}));
}

JsonObject stats_schema() {
  return object({{"messages_last_30_days", integer(0)},
                 {"success_rate_30_days", number()},
                 {"most_used_channel", text()},
                 {"sessions_last_30_days", integer(0)},
                 {"current_session_active", boolean()},
                 {"database_available", boolean()},
                 {"database_path", nullable(text())},
                 {"operation_count", integer(0)}});
}

JsonObject report_schema() {
  const JsonObject list{{"type", "array"}};
  return named("OutreachReport", object({{"report_id", text()},
                                         {"generated_at", text_of("date-time")},
                                         {"user_id", text()},
                                         {"date_range", list_of(text_of("date-time"))},
                                         {"total_messages_sent", integer(0)},
                                         {"total_sessions", integer(0)},
                                         {"channels_used", list_of(text())},
                                         {"templates_used", list_of(text())},
                                         {"overall_success_rate", number()},
                                         {"success_by_channel", any_object()},
                                         {"success_by_template", any_object()},
                                         {"success_by_day", any_object()},
                                         {"average_messages_per_session", number()},
                                         {"average_session_duration", number()},
                                         {"peak_sending_hours", list_of(integer(0, 23))},
                                         {"busiest_days", list_of(text())},
                                         {"common_errors", list},
                                         {"error_trends", any_object()},
                                         {"top_companies", list},
                                         {"repeat_recipients", list},
                                         {"template_performance", any_object()},
                                         {"recommendations", list_of(text())}}));
}

JsonObject health_schema() {
  return named("OutreachHealth", object({{"database_available", boolean()},
                                         {"database_path", nullable(text())},
                                         {"database_exists", boolean()},
                                         {"database_size", integer(0)},
                                         {"operation_count", integer(0)},
                                         {"last_maintenance", time_or_null()},
                                         {"tables", any_object()},
                                         {"indexes", list_of(text())},
                                         {"errors", list_of(text())}}));
}

JsonObject record_schema() {
  const JsonObject of_template = object({{"id", text(255, 1)}, {"name", text(255, 1)}});
  const JsonObject recipient = object({{"name", text(255, 1)},
                                       optional("email", text(255)),
                                       optional("phone", text(255)),
                                       optional("company", text(255))});
  return named("OutreachRecord", object({optional("session_id", text(255)),
                                         {"channel", words_schema<Channel>()},
                                         {"template", of_template},
                                         {"recipient", recipient},
                                         optional("status", words_schema<MessageStatus>()),
                                         optional("message_id", any_text()),
                                         optional("delivery_status", any_text()),
                                         optional("error_message", any_text()),
                                         optional("sent_at", text_of("date-time")),
                                         optional("timestamp", text_of("date-time")),
                                         optional("content", any_text()),
                                         optional("content_preview", any_text()),
                                         optional("has_attachments", boolean()),
                                         optional("metadata", any_object())}));
}

JsonObject status_change_schema() {
  return object({{"status", words_schema<MessageStatus>()},
                 optional("message_id", any_text()),
                 optional("delivery_status", any_text()),
                 optional("error_message", any_text())});
}

JsonObject list_schema(const JsonObject& item) {
  return object({{"data", list_of(item)}, {"has_more", boolean()}, {"next", nullable(text())}});
}

}  // namespace parley::outreach
