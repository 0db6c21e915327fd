#pragma once

// The tables of sending that the original had no counterpart of, declared as those of tables.h:
// what messages of the queue say, and whose the ids of providers are. Values; any thread.

#include <cstdint>
#include <optional>
#include <string>

#include "base/clock.h"
#include "outreach/tables.h"
#include "schema/declare.h"

namespace parley::outreach {

/// The template of messages that were queued together, kept while one of them may still be sent.
struct SendTemplateRow {
  std::int64_t id = 0;
  std::string session_id;
  std::string channel;  ///< The configured channel that sends them.
  std::string body;     ///< JSON, as text.
  Timestamp created_at{};
};

/// What a message of the queue is made of, beside its row in `message_logs`. Kept until it is sent,
/// so that one that failed can be tried again.
struct SendContentRow {
  std::string log_id;
  std::int64_t template_id = 0;
  std::optional<std::string> fields;  ///< A JSON object of texts: the recipient's further values.
};

/// Whose an id of a provider is: that of a logged message, or, with an empty log_id, that of a
/// delivery which a user has reported.
struct MessageIdRow {
  std::string message_id;
  std::string log_id;
  std::string user_id;
};

}  // namespace parley::outreach

namespace parley::schema {

template <>
inline constexpr auto declaration<outreach::SendTemplateRow> = [] {
  using Row = outreach::SendTemplateRow;
  return table<Row>("send_templates",
                    columns(column<&Row::id>("id", word::integer()).primary_key().auto_increment(),
                            column<&Row::session_id>("session_id", word::text(outreach::kKeyText)),
                            column<&Row::channel>("channel", word::text(outreach::kKeyText)),
                            column<&Row::body>("body", word::text(outreach::kLongText)),
                            column<&Row::created_at>("created_at", word::instant())));
}();

template <>
inline constexpr auto declaration<outreach::SendContentRow> = [] {
  using Row = outreach::SendContentRow;
  return table<Row>(
      "send_contents",
      columns(column<&Row::log_id>("log_id", word::text(outreach::kKeyText)).primary_key(),
              column<&Row::template_id>("template_id", word::integer()),
              nullable<&Row::fields>("fields", word::text(outreach::kLongText))),
      index<&Row::template_id>("idx_send_contents_template_id"));
}();

template <>
inline constexpr auto declaration<outreach::MessageIdRow> = [] {
  using Row = outreach::MessageIdRow;
  return table<Row>(
      "message_ids",
      columns(column<&Row::message_id>("message_id", word::text(outreach::kKeyText)).primary_key(),
              column<&Row::log_id>("log_id", word::text(outreach::kKeyText)).primary_key(),
              column<&Row::user_id>("user_id", word::text(outreach::kKeyText))),
      index<&Row::log_id>("idx_message_ids_log_id"));
}();

}  // namespace parley::schema
