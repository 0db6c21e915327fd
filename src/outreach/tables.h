#pragma once

// The tables of the outreach module, each declared once: a struct, and its binding to columns.
// Names, order and indexes are those of the files that exist already. Values and pure functions;
// any thread.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/json.h"
#include "schema/declare.h"

namespace parley::outreach {

/// The characters of a text that is a key or in an index, and of one that is neither: MySQL and
/// MariaDB make a VARCHAR of the one and a MEDIUMTEXT of the other.
inline constexpr int kKeyText = 255;
inline constexpr int kLongText = 1'000'000;

/// One message to one recipient, and what became of it.
struct MessageLogRow {
  std::string id;
  Timestamp timestamp{};
  std::string user_id;
  std::string session_id;
  std::string channel;
  std::string template_id;
  std::string template_name;
  std::string recipient_email;
  std::string recipient_name;
  std::optional<std::string> recipient_phone;
  std::optional<std::string> recipient_company;
  std::string message_status;
  std::optional<std::string> message_id;  ///< Its id at the provider.
  std::optional<std::string> delivery_status;
  std::optional<std::string> error_message;
  std::optional<Timestamp> sent_at;
  std::optional<Timestamp> delivered_at;
  std::optional<Timestamp> read_at;
  std::optional<std::int64_t> response_received;
  std::optional<std::string> content_preview;
  std::optional<std::string> metadata;  ///< A JSON object, as text.
  std::optional<Timestamp> created_at;
  std::optional<Timestamp> updated_at;
};

/// One run of messages, with its figures.
struct SessionSummaryRow {
  std::string session_id;
  std::string user_id;
  Timestamp start_time{};
  std::optional<Timestamp> end_time;
  std::optional<std::string> channel;
  std::optional<std::string> template_used;
  std::optional<std::int64_t> total_messages;
  std::optional<std::int64_t> successful_messages;
  std::optional<std::int64_t> failed_messages;
  std::optional<std::int64_t> pending_messages;
  std::optional<std::int64_t> cancelled_messages;
  std::optional<double> success_rate;
  std::optional<std::string> channels_used;     ///< A JSON array, as text.
  std::optional<std::string> templates_used;    ///< A JSON array, as text.
  std::optional<std::string> session_metadata;  ///< JSON, as text.
  std::optional<Timestamp> created_at;
  std::optional<Timestamp> updated_at;
};

struct AnalyticsCacheRow {
  std::string report_id;
  std::string user_id;
  Timestamp generated_at{};
  Timestamp date_range_start{};
  Timestamp date_range_end{};
  std::string report_data;
  std::optional<Timestamp> created_at;
};

struct SystemLogRow {
  std::string id;
  Timestamp timestamp{};
  std::string level;
  std::string component;
  std::string message;
  std::optional<std::string> details;
  std::optional<std::string> user_id;
  std::optional<std::string> session_id;
  std::optional<Timestamp> created_at;
};

/// What the provider said of one message: the side file of the original.
struct DeliveryRecordRow {
  std::string message_id;
  std::string phone_number;
  std::optional<std::string> template_name;
  std::optional<std::string> message_content;
  std::string status;
  std::optional<Timestamp> sent_at;
  std::optional<Timestamp> delivered_at;
  std::optional<Timestamp> read_at;
  std::optional<Timestamp> failed_at;
  std::optional<std::string> error_code;
  std::optional<std::string> error_message;
  std::optional<std::int64_t> retry_count;
  std::optional<std::int64_t> max_retries;
  Timestamp created_at{};
  Timestamp updated_at{};
  std::optional<std::string> conversation_id;
  std::optional<std::string> pricing_model;
};

/// A callback of a provider, kept as it came.
struct InboundEventRow {
  std::int64_t id = 0;
  std::string source;
  std::string external_id;
  std::string status_raw;
  std::string status;
  std::optional<Timestamp> provider_time;
  Timestamp received_at{};
  std::string dedupe_hash;
  std::optional<std::string> payload;
  std::optional<std::string> log_id;
  std::optional<Timestamp> applied_at;
};

struct QuotaUsageRow {
  std::string user_id;
  std::string quota_type;
  Timestamp window_start{};
  std::int64_t used = 0;
  std::int64_t burst_used = 0;
};

/// One change of the status of a message.
struct StatusEventRow {
  std::int64_t id = 0;
  std::string log_id;
  std::string status;
  std::string source;  ///< `api`, `sender`, `callback`.
  std::optional<Timestamp> provider_time;
  Timestamp recorded_at{};
  std::optional<std::string> error_message;
};

/// A message that waits to be sent.
struct SendQueueRow {
  std::string log_id;
  std::string channel;
  std::int64_t attempts = 0;
  Timestamp next_at{};
  std::optional<std::string> claimed_by;
  std::optional<Timestamp> claimed_at;
  std::optional<std::string> last_error;
};

/// The tables of the core history, in order of creation.
std::vector<schema::Table> core_tables();

/// The tables of the support history, in order of creation.
std::vector<schema::Table> support_tables();

}  // namespace parley::outreach

namespace parley::schema {

template <>
inline constexpr auto declaration<outreach::MessageLogRow> = [] {
  using Row = outreach::MessageLogRow;
  return table<Row>(
      "message_logs",
      columns(
          column<&Row::id>("id", word::text(outreach::kKeyText)).primary_key(),
          column<&Row::timestamp>("timestamp", word::instant()).iso_text(),
          column<&Row::user_id>("user_id", word::text(outreach::kKeyText)),
          column<&Row::session_id>("session_id", word::text(outreach::kKeyText)),
          column<&Row::channel>("channel", word::text(outreach::kKeyText)),
          column<&Row::template_id>("template_id", word::text(outreach::kLongText)),
          column<&Row::template_name>("template_name", word::text(outreach::kLongText)),
          column<&Row::recipient_email>("recipient_email", word::text(outreach::kKeyText)),
          column<&Row::recipient_name>("recipient_name", word::text(outreach::kLongText)),
          nullable<&Row::recipient_phone>("recipient_phone", word::text(outreach::kLongText)),
          nullable<&Row::recipient_company>("recipient_company", word::text(outreach::kLongText)),
          column<&Row::message_status>("message_status", word::text(outreach::kKeyText)),
          nullable<&Row::message_id>("message_id", word::text(outreach::kLongText)),
          nullable<&Row::delivery_status>("delivery_status", word::text(outreach::kLongText)),
          nullable<&Row::error_message>("error_message", word::text(outreach::kLongText)),
          nullable<&Row::sent_at>("sent_at", word::instant()).iso_text(),
          nullable<&Row::delivered_at>("delivered_at", word::instant()).iso_text(),
          nullable<&Row::read_at>("read_at", word::instant()).iso_text(),
          nullable<&Row::response_received>("response_received", word::integer()).default_to(0),
          nullable<&Row::content_preview>("content_preview", word::text(outreach::kLongText)),
          nullable<&Row::metadata>("metadata", word::text(outreach::kLongText)),
          nullable<&Row::created_at>("created_at", word::instant())
              .left_to_database()
              .default_to(now),
          nullable<&Row::updated_at>("updated_at", word::instant())
              .left_to_database()
              .default_to(now)
              .on_update_now("update_message_logs_timestamp")),
      index<&Row::timestamp>("idx_message_logs_timestamp"),
      index<&Row::user_id>("idx_message_logs_user_id"),
      index<&Row::session_id>("idx_message_logs_session_id"),
      index<&Row::message_status>("idx_message_logs_status"),
      index<&Row::channel>("idx_message_logs_channel"),
      index<&Row::recipient_email>("idx_message_logs_recipient"),
      index<&Row::user_id, &Row::timestamp>("idx_message_logs_user_timestamp"));
}();

template <>
inline constexpr auto declaration<outreach::SessionSummaryRow> = [] {
  using Row = outreach::SessionSummaryRow;
  return table<Row>(
      "session_summaries",
      columns(
          column<&Row::session_id>("session_id", word::text(outreach::kKeyText)).primary_key(),
          column<&Row::user_id>("user_id", word::text(outreach::kKeyText)),
          column<&Row::start_time>("start_time", word::instant()).iso_text(),
          nullable<&Row::end_time>("end_time", word::instant()).iso_text(),
          nullable<&Row::channel>("channel", word::text(outreach::kLongText)),
          nullable<&Row::template_used>("template_used", word::text(outreach::kLongText)),
          nullable<&Row::total_messages>("total_messages", word::integer()).default_to(0),
          nullable<&Row::successful_messages>("successful_messages", word::integer()).default_to(0),
          nullable<&Row::failed_messages>("failed_messages", word::integer()).default_to(0),
          nullable<&Row::pending_messages>("pending_messages", word::integer()).default_to(0),
          nullable<&Row::cancelled_messages>("cancelled_messages", word::integer()).default_to(0),
          nullable<&Row::success_rate>("success_rate", word::double_number()).default_to("0.0"),
          nullable<&Row::channels_used>("channels_used", word::text(outreach::kLongText)),
          nullable<&Row::templates_used>("templates_used", word::text(outreach::kLongText)),
          nullable<&Row::session_metadata>("session_metadata", word::text(outreach::kLongText))
              .off_wire(),
          nullable<&Row::created_at>("created_at", word::instant())
              .left_to_database()
              .default_to(now),
          nullable<&Row::updated_at>("updated_at", word::instant())
              .left_to_database()
              .default_to(now)
              .on_update_now("update_session_summaries_timestamp")),
      index<&Row::user_id>("idx_session_summaries_user_id"),
      index<&Row::start_time>("idx_session_summaries_start_time"),
      index<&Row::user_id, &Row::start_time>("idx_session_summaries_user_start"));
}();

template <>
inline constexpr auto declaration<outreach::AnalyticsCacheRow> = [] {
  using Row = outreach::AnalyticsCacheRow;
  return table<Row>(
      "analytics_cache",
      columns(column<&Row::report_id>("report_id", word::text(outreach::kKeyText)).primary_key(),
              column<&Row::user_id>("user_id", word::text(outreach::kKeyText)),
              column<&Row::generated_at>("generated_at", word::instant()).iso_text(),
              column<&Row::date_range_start>("date_range_start", word::instant()).iso_text(),
              column<&Row::date_range_end>("date_range_end", word::instant()).iso_text(),
              column<&Row::report_data>("report_data", word::text(outreach::kLongText)),
              nullable<&Row::created_at>("created_at", word::instant())
                  .left_to_database()
                  .default_to(now)),
      index<&Row::user_id>("idx_analytics_cache_user_id"),
      index<&Row::generated_at>("idx_analytics_cache_generated_at"));
}();

template <>
inline constexpr auto declaration<outreach::SystemLogRow> = [] {
  using Row = outreach::SystemLogRow;
  return table<Row>(
      "system_logs",
      columns(column<&Row::id>("id", word::text(outreach::kKeyText)).primary_key(),
              column<&Row::timestamp>("timestamp", word::instant()).iso_text(),
              column<&Row::level>("level", word::text(outreach::kKeyText)),
              column<&Row::component>("component", word::text(outreach::kKeyText)),
              column<&Row::message>("message", word::text(outreach::kLongText)),
              nullable<&Row::details>("details", word::text(outreach::kLongText)),
              nullable<&Row::user_id>("user_id", word::text(outreach::kKeyText)),
              nullable<&Row::session_id>("session_id", word::text(outreach::kLongText)),
              nullable<&Row::created_at>("created_at", word::instant())
                  .left_to_database()
                  .default_to(now)),
      index<&Row::timestamp>("idx_system_logs_timestamp"),
      index<&Row::level>("idx_system_logs_level"),
      index<&Row::component>("idx_system_logs_component"),
      index<&Row::user_id>("idx_system_logs_user_id"));
}();

template <>
inline constexpr auto declaration<outreach::DeliveryRecordRow> = [] {
  using Row = outreach::DeliveryRecordRow;
  return table<Row>(
      "delivery_records",
      columns(column<&Row::message_id>("message_id", word::text(outreach::kKeyText)).primary_key(),
              column<&Row::phone_number>("phone_number", word::text(outreach::kKeyText)),
              nullable<&Row::template_name>("template_name", word::text(outreach::kLongText)),
              nullable<&Row::message_content>("message_content", word::text(outreach::kLongText)),
              column<&Row::status>("status", word::text(outreach::kKeyText)),
              nullable<&Row::sent_at>("sent_at", word::instant()).iso_text(),
              nullable<&Row::delivered_at>("delivered_at", word::instant()).iso_text(),
              nullable<&Row::read_at>("read_at", word::instant()).iso_text(),
              nullable<&Row::failed_at>("failed_at", word::instant()).iso_text(),
              nullable<&Row::error_code>("error_code", word::text(outreach::kLongText)),
              nullable<&Row::error_message>("error_message", word::text(outreach::kLongText)),
              nullable<&Row::retry_count>("retry_count", word::integer()).default_to(0),
              nullable<&Row::max_retries>("max_retries", word::integer()).default_to(3),
              column<&Row::created_at>("created_at", word::instant()).iso_text(),
              column<&Row::updated_at>("updated_at", word::instant()).iso_text(),
              nullable<&Row::conversation_id>("conversation_id", word::text(outreach::kLongText)),
              nullable<&Row::pricing_model>("pricing_model", word::text(outreach::kLongText))),
      index<&Row::status>("idx_status"), index<&Row::created_at>("idx_created_at"),
      index<&Row::phone_number>("idx_phone_number"));
}();

template <>
inline constexpr auto declaration<outreach::InboundEventRow> = [] {
  using Row = outreach::InboundEventRow;
  return table<Row>(
      "inbound_events",
      columns(column<&Row::id>("id", word::integer()).primary_key().auto_increment(),
              column<&Row::source>("source", word::text(outreach::kKeyText)),
              column<&Row::external_id>("external_id", word::text(outreach::kKeyText)),
              column<&Row::status_raw>("status_raw", word::text(outreach::kLongText)),
              column<&Row::status>("status", word::text(outreach::kKeyText)),
              nullable<&Row::provider_time>("provider_time", word::instant()),
              column<&Row::received_at>("received_at", word::instant()),
              column<&Row::dedupe_hash>("dedupe_hash", word::string(64)).unique(),
              nullable<&Row::payload>("payload", word::text(outreach::kLongText)),
              nullable<&Row::log_id>("log_id", word::text(outreach::kKeyText)),
              nullable<&Row::applied_at>("applied_at", word::instant())),
      index<&Row::external_id>("idx_inbound_external"));
}();

template <>
inline constexpr auto declaration<outreach::QuotaUsageRow> = [] {
  using Row = outreach::QuotaUsageRow;
  return table<Row>(
      "quota_usage",
      columns(column<&Row::user_id>("user_id", word::text(outreach::kKeyText)).primary_key(),
              column<&Row::quota_type>("quota_type", word::string(50)).primary_key(),
              column<&Row::window_start>("window_start", word::instant()).primary_key(),
              column<&Row::used>("used", word::integer()).default_to(0),
              column<&Row::burst_used>("burst_used", word::integer()).default_to(0)));
}();

template <>
inline constexpr auto declaration<outreach::StatusEventRow> = [] {
  using Row = outreach::StatusEventRow;
  return table<Row>(
      "message_status_events",
      columns(column<&Row::id>("id", word::integer()).primary_key().auto_increment(),
              column<&Row::log_id>("log_id", word::text(outreach::kKeyText)),
              column<&Row::status>("status", word::string(20)),
              column<&Row::source>("source", word::string(20)),
              nullable<&Row::provider_time>("provider_time", word::instant()),
              column<&Row::recorded_at>("recorded_at", word::instant()),
              nullable<&Row::error_message>("error_message", word::text(outreach::kLongText))),
      index<&Row::log_id>("idx_message_status_events_log_id"));
}();

template <>
inline constexpr auto declaration<outreach::SendQueueRow> = [] {
  using Row = outreach::SendQueueRow;
  return table<Row>(
      "send_queue",
      columns(column<&Row::log_id>("log_id", word::text(outreach::kKeyText)).primary_key(),
              column<&Row::channel>("channel", word::text(outreach::kKeyText)),
              column<&Row::attempts>("attempts", word::integer()).default_to(0),
              column<&Row::next_at>("next_at", word::instant()),
              nullable<&Row::claimed_by>("claimed_by", word::text(outreach::kKeyText)),
              nullable<&Row::claimed_at>("claimed_at", word::instant()),
              nullable<&Row::last_error>("last_error", word::text(outreach::kLongText))),
      index<&Row::next_at>("idx_send_queue_next_at"));
}();

}  // namespace parley::schema
