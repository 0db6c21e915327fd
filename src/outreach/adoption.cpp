#include "outreach/adoption.h"

#include <array>
#include <string_view>

namespace parley::outreach {
namespace {

using schema::RowRule;
using schema::SqlText;
using schema::SqlTexts;

SqlTexts on_all(std::string sql) { return {SqlText{"", std::move(sql)}}; }

/// Lists that hold plain text become one-element lists of it. Only files of SQLite come from the
/// original.
RowRule list_column(const std::string& column) {
  const std::string broken = column + " IS NULL OR " + column + " = '' OR NOT json_valid(" +
                             column + ") OR json_type(" + column + ") <> 'array'";
  return {.object = "session_summaries." + column,
          .needs = {"session_summaries." + column},
          .count = {SqlText{"sqlite", "SELECT COUNT(*) FROM session_summaries WHERE " + broken}},
          .mend = {SqlText{"sqlite", "UPDATE session_summaries SET " + column + " = CASE WHEN " +
                                         column + " IS NULL OR " + column +
                                         " = '' THEN '[]' ELSE json_array(" + column +
                                         ") END WHERE " + broken}},
          .wanted = "a JSON array",
          .done = "Rewrote session_summaries." + column + " as JSON",
          .is_note = true};
}

/// The figures of a session, from the messages that are there. Sessions whose messages were pruned
/// keep theirs.
RowRule figures() {
  const auto count = [](const std::string& statuses) {
    return "(SELECT COUNT(*) FROM message_logs m WHERE m.session_id = "
           "session_summaries.session_id AND m.message_status IN (" +
           statuses + "))";
  };
  const std::string all =
      "(SELECT COUNT(*) FROM message_logs m WHERE m.session_id = session_summaries.session_id)";
  const std::string good = count("'sent', 'delivered', 'read'");
  const std::string bad = count("'failed'");
  const std::string open = count("'pending', 'sending'");
  const std::string off = count("'cancelled'");
  // Fewer messages than were counted: the others were pruned.
  const std::string whole = all + " > 0 AND COALESCE(total_messages, 0) <= " + all;
  const std::string differs = whole + " AND (COALESCE(total_messages, 0) <> " + all +
                              " OR COALESCE(successful_messages, 0) <> " + good +
                              " OR COALESCE(failed_messages, 0) <> " + bad +
                              " OR COALESCE(pending_messages, 0) <> " + open +
                              " OR COALESCE(cancelled_messages, 0) <> " + off + ")";
  return {.object = "session_summaries.successful_messages",
          .needs = {"session_summaries.total_messages", "session_summaries.successful_messages",
                    "session_summaries.failed_messages", "session_summaries.pending_messages",
                    "session_summaries.cancelled_messages", "session_summaries.success_rate",
                    "message_logs.session_id", "message_logs.message_status"},
          .count = on_all("SELECT COUNT(*) FROM session_summaries WHERE " + differs),
          .mend = on_all("UPDATE session_summaries SET success_rate = " + good + " * 100.0 / " +
                         all + ", total_messages = " + all + ", successful_messages = " + good +
                         ", failed_messages = " + bad + ", pending_messages = " + open +
                         ", cancelled_messages = " + off + " WHERE " + differs),
          .wanted = "the figures of its messages",
          .done = "Recomputed figures of session_summaries"};
}

/// The original wrote the local time of its machine, which is the only form with a `T` and no zone.
RowRule local_time(const std::string& table, const std::string& column) {
  const std::string is_local = "substr(" + column + ", 11, 1) = 'T' AND substr(" + column +
                               ", 20) NOT GLOB '*[-+Zz]*' AND datetime(" + column + ") IS NOT NULL";
  const std::string fraction = "'.' || substr(substr(" + column + ", 21) || '000000', 1, 6)";
  return {.object = table + "." + column,
          .needs = {table + "." + column},
          .count = {SqlText{"sqlite", "SELECT COUNT(*) FROM " + table + " WHERE " + is_local}},
          .mend = {SqlText{"sqlite", "UPDATE " + table + " SET " + column +
                                         " = strftime('%Y-%m-%dT%H:%M:%S', substr(" + column +
                                         ", 1, 19), 'utc') || " + fraction + " || '+00:00' WHERE " +
                                         is_local}},
          .wanted = "UTC",
          .done = "Rewrote local times of " + table + "." + column + " as UTC",
          .is_note = true,
          .option = "--times"};
}

std::vector<RowRule> local_times() {
  std::vector<RowRule> rules;
  for (const char* column : {"timestamp", "sent_at", "delivered_at", "read_at"}) {
    rules.push_back(local_time("message_logs", column));
  }
  for (const char* column : {"start_time", "end_time"}) {
    rules.push_back(local_time("session_summaries", column));
  }
  rules.push_back(local_time("analytics_cache", "generated_at"));
  rules.push_back(local_time("system_logs", "timestamp"));
  return rules;
}

schema::Fill summary(const std::string& column, const std::string& from, const std::string& value) {
  return {"session_summaries", column, from,
          on_all("UPDATE session_summaries SET " + column + " = " + value)};
}

/// A list of the one value that is known, else an empty one.
std::string list_of(const std::string& column) {
  return "CASE WHEN " + column + " IS NULL OR " + column + " = '' THEN '[]' ELSE json_array(" +
         column + ") END";
}

std::vector<std::string> closing_lines() {
  static constexpr auto kStatuses =
      std::to_array<std::pair<std::string_view, std::string_view>>({{"PENDING", "pending"},
                                                                    {"SENDING", "sending"},
                                                                    {"SENT", "sent"},
                                                                    {"DELIVERED", "delivered"},
                                                                    {"READ", "read"},
                                                                    {"FAILED", "failed"},
                                                                    {"CANCELLED", "cancelled"}});
  std::vector<std::string> lines;
  for (const auto& [name, value] : kStatuses) {
    lines.push_back(std::string(name) + ": " + std::string(value));
  }
  lines.emplace_back("✓ MessageStatus.DELIVERED exists: delivered");
  lines.emplace_back("✓ MessageStatus.READ exists: read");
  lines.emplace_back("✓ All MessageStatus values are working correctly!");
  return lines;
}

}  // namespace

schema::AdoptionRules adoption_rules() {
  schema::AdoptionRules rules;
  for (const char* table : {"message_logs", "session_summaries", "analytics_cache", "system_logs",
                            "delivery_records"}) {
    rules.accepted_types.push_back({table, "", "times kept as text are read"});
  }
  constexpr const char* kEarlier = "of an earlier version of the original; kept";
  for (const char* column : {"average_send_time", "errors", "metadata"}) {
    rules.notes.push_back({std::string("session_summaries.") + column, kEarlier});
  }
  rules.notes.push_back({"index idx_message_logs_session on message_logs", kEarlier});
  rules.notes.push_back({"index idx_session_summaries_user on session_summaries", kEarlier});
  rules.fills = {summary("channels_used", "channel", list_of("channel")),
                 summary("channels_used", "", "COALESCE(channels_used, '[]')"),
                 summary("templates_used", "template_used", list_of("template_used")),
                 summary("templates_used", "", "COALESCE(templates_used, '[]')"),
                 summary("session_metadata", "", "'{}'"),
                 summary("channel", "", "'email'"),
                 summary("template_used", "", "'Unknown'"),
                 summary("success_rate", "successful_messages",
                         "CASE WHEN COALESCE(total_messages, 0) = 0 THEN 0.0 ELSE "
                         "successful_messages * 100.0 / total_messages END")};
  constexpr const char* kCreated = "no part of version 1; added by repair --full";
  rules.optional_columns = {{"message_logs", "created_at", kCreated,
                             on_all("UPDATE message_logs SET created_at = timestamp")},
                            {"session_summaries", "created_at", kCreated,
                             on_all("UPDATE session_summaries SET created_at = start_time")},
                            {"analytics_cache", "created_at", kCreated,
                             on_all("UPDATE analytics_cache SET created_at = generated_at")},
                            {"system_logs", "created_at", kCreated,
                             on_all("UPDATE system_logs SET created_at = timestamp")}};
  rules.rows = {list_column("channels_used"), list_column("templates_used"), figures()};
  for (RowRule& rule : local_times()) rules.rows.push_back(std::move(rule));
  for (const char* column : {"channel", "template_used"}) {
    rules.always_written.push_back({"session_summaries", column});
  }
  rules.parents = {"message_logs", "session_summaries"};
  rules.takeover = schema::Takeover::Always;
  rules.closing_lines = closing_lines();
  return rules;
}

}  // namespace parley::outreach
