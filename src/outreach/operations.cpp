#include "outreach/operations.h"

#include "outreach/operation_parts.h"
#include "outreach/vocabulary.h"
#include "outreach/wire_schema.h"

namespace parley::outreach::operation {
namespace {

using namespace json_schema;
using api::in_query;
using api::words_schema;
using http::Operation;

constexpr const char* kSessions = "outreach sessions";
constexpr const char* kMessages = "outreach messages";
constexpr const char* kReports = "outreach reports";
constexpr const char* kUpkeep = "outreach upkeep";

}  // namespace

Operation start_session() {
  const JsonObject of_template = object({optional("id", text()),
                                         {"name", text(255, 1)},
                                         optional("subject", text()),
                                         optional("content", text()),
                                         optional("whatsapp_content", text())});
  return writing({.id = "startOutreachSession",
                  .summary = "Begin a run of messages",
                  .tag = kSessions,
                  .body = object({{"channel", words_schema<Channel>()},
                                  optional("template", of_template),
                                  optional("template_name", text(255, 1)),
                                  optional("metadata", any_object())}),
                  .answers = {{201, "The session.", session_schema()}}});
}

Operation list_sessions() {
  Operation operation{.id = "listOutreachSessions",
                      .summary = "Runs of messages, newest first",
                      .tag = kSessions,
                      .answers = {{200, "A page of sessions.", list_schema(session_schema())}}};
  add_list(operation);
  return reading(std::move(operation));
}

Operation show_session() {
  return reading({.id = "showOutreachSession",
                  .summary = "One run of messages with its figures",
                  .tag = kSessions,
                  .parameters = {id_in_path("session_id")},
                  .answers = {{200, "The session.", session_schema()}},
                  .problems = {404}});
}

Operation end_session() {
  return writing({.id = "endOutreachSession",
                  .summary = "End a run; a second time changes nothing",
                  .tag = kSessions,
                  .parameters = {id_in_path("session_id")},
                  .answers = {{200, "The session.", session_schema()}},
                  .problems = {404}});
}

Operation log_message() {
  const JsonObject logged = object({{"log_id", text()},
                                    {"session_id", text()},
                                    {"message_status", words_schema<MessageStatus>()},
                                    {"timestamp", text_of("date-time")}});
  return writing({.id = "logOutreachMessage",
                  .summary = "Log one message",
                  .tag = kMessages,
                  .body = record_schema(),
                  .answers = {{201, "What it is called.", logged}},
                  .problems = {404}});
}

Operation log_batch() {
  const JsonObject logged =
      object({{"log_ids", list_of(text())}, {"session_ids", list_of(text())}});
  return writing({.id = "logOutreachMessages",
                  .summary = "Log many messages, all or none; also as application/x-ndjson, a "
                             "record per line",
                  .tag = kMessages,
                  .body = object({{"messages", list_of(record_schema())}}),
                  .answers = {{201, "What they are called, in order.", logged}},
                  .problems = {404, 413}});
}

Operation list_messages() {
  Operation operation{.id = "listOutreachMessages",
                      .summary = "Logged messages, newest first",
                      .tag = kMessages,
                      .parameters = {in_query("channel", words_schema<Channel>()),
                                     in_query("status", words_schema<MessageStatus>()),
                                     in_query("session_id", text(255)),
                                     in_query("recipient", text(255), "E-mail or phone.")},
                      .answers = {{200, "A page of messages.", list_schema(entry_schema())}}};
  add_list(operation);
  return reading(std::move(operation));
}

Operation show_message() {
  return reading({.id = "showOutreachMessage",
                  .summary = "One logged message",
                  .tag = kMessages,
                  .parameters = {id_in_path("log_id")},
                  .answers = {{200, "The message.", entry_schema()}},
                  .problems = {404}});
}

Operation change_status() {
  return writing({.id = "changeOutreachStatus",
                  .summary = "Say what became of a message",
                  .tag = kMessages,
                  .parameters = {id_in_path("log_id")},
                  .body = status_change_schema(),
                  .answers = {{200, "The message.", entry_schema()}},
                  .problems = {404}});
}

Operation change_statuses() {
  const JsonObject update = with_fields(status_change_schema(), {{"log_id", text(255, 1)}});
  return writing({.id = "changeOutreachStatuses",
                  .summary = "Say what became of many messages",
                  .tag = kMessages,
                  .body = object({{"updates", list_of(update)}}),
                  .answers = {{200, "How many messages changed, and which ids are of none.",
                               object({{"updated", integer(0)}, {"unknown", list_of(text())}})}},
                  .problems = {413}});
}

Operation list_system_logs() {
  Operation operation{.id = "listOutreachSystemLogs",
                      .summary = "What the module did and met, newest first",
                      .tag = kUpkeep,
                      .parameters = {in_query("level", words_schema<LogLevel>()),
                                     in_query("component", words_schema<Component>())},
                      .answers = {{200, "A page of lines.", list_schema(system_log_schema())}}};
  add_list(operation);
  return reading(std::move(operation));
}

Operation show_stats() {
  return reading({.id = "showOutreachStats",
                  .summary = "The last thirty days at a glance",
                  .tag = kReports,
                  .answers = {{200, "The figures.", stats_schema()}}});
}

Operation show_report() {
  Operation operation{
      .id = "showOutreachReport",
      .summary = "What came of the messages of the last days; computed at most once an hour",
      .tag = kReports,
      .parameters = {in_query("force_refresh", api::with_default(json_schema::boolean(), false),
                              "Compute it now.")},
      .answers = {{200, "The report.", report_schema()}}};
  add_days(operation);
  return reading(std::move(operation));
}

Operation export_messages() {
  Operation operation{
      .id = "exportOutreach",
      .summary = "Messages and sessions of the last days as a file of any length",
      .tag = kReports,
      .parameters = {in_query("format", api::with_default(text(), "json"),
                              "json, csv or ndjson, in any letter case."),
                     in_query("csv_safe", api::with_default(json_schema::boolean(), false),
                              "Cells that a spreadsheet would compute are made texts.")},
      .answers = {{200, "The file.", any_object()},
                  {200, "The file.", text(), "text/csv"},
                  {200, "The file, an object per line.", text(), "application/x-ndjson"}},
      .problems = {400}};
  add_days(operation);
  return reading(std::move(operation));
}

Operation delete_old() {
  const JsonObject deleted = object({{"messages", integer(0)},
                                     {"sessions", integer(0)},
                                     {"reports", integer(0)},
                                     {"deliveries", integer(0)}});
  return writing(
      {.id = "deleteOldOutreach",
       .summary = "Delete what is older than so many days",
       .tag = kUpkeep,
       .body = object({optional("days", integer(1)), optional("dry_run", json_schema::boolean())}),
       .answers = {{200, "How many rows went, or would go.",
                    object({{"deleted", deleted},
                            {"total", integer(0)},
                            {"cutoff", text_of("date-time")},
                            {"dry_run", json_schema::boolean()}})}}});
}

Operation show_health() {
  return reading({.id = "showOutreachHealth",
                  .summary = "The state of the database",
                  .tag = kUpkeep,
                  .answers = {{200, "What there is, and what is wrong.", health_schema()}}});
}

Operation repair() {
  return writing({.id = "repairOutreach",
                  .summary = "Mend the schema and the rows; for administrators",
                  .tag = kUpkeep,
                  .answers = {{200, "What was done, and what is still wrong.",
                               object({{"ok", json_schema::boolean()},
                                       {"issues", list_of(text())},
                                       {"actions", list_of(text())}})}}});
}

Operation back_up() {
  return writing({.id = "backUpOutreach",
                  .summary = "Copy the database while it is used; for administrators",
                  .tag = kUpkeep,
                  .body = object({optional("name", text(100))}),
                  .answers = {{200, "The copy, in the backup directory.",
                               object({{"file", text()}, {"size", integer(0)}})}}});
}

Operation show_vocabulary() {
  return reading({.id = "showOutreachVocabulary",
                  .summary = "Every word that fields take",
                  .tag = kUpkeep,
                  .answers = {{200, "Lists of words by field.", any_object()}}});
}

}  // namespace parley::outreach::operation
