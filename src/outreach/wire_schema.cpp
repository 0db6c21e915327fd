#include "outreach/wire_schema.h"

#include "api/operation_parts.h"
#include "outreach/records.h"
#include "outreach/tables.h"
#include "outreach/vocabulary.h"
#include "schema/json_schema.h"

namespace parley::outreach {
namespace {

using api::words_schema;
using json_schema::any_object;
using json_schema::boolean;
using json_schema::integer;
using json_schema::list_of;
using json_schema::named;
using json_schema::nullable;
using json_schema::object;
using json_schema::optional;
using json_schema::text;
using json_schema::text_of;
using json_schema::with_fields;

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
