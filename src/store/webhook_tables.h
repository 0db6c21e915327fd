#pragma once

// The tables of outgoing webhooks (src/api/webhooks), which every module has beside its event log:
// who is subscribed, what is to be delivered to them, and what became of each attempt. They belong
// to the module's support history. Values; any thread.

#include <cstdint>
#include <optional>
#include <string>

#include "base/clock.h"
#include "schema/declare.h"

namespace parley::store {

/// Where somebody wants events sent to.
struct WebhookSubscriptionRow {
  std::string id;
  std::string url;
  std::string secret;  ///< `whsec_…`: signs, so it is kept as it is.
  std::string format;  ///< What bodies look like.
  std::string kinds;   ///< The wanted kinds of events with commas; empty: all.
  std::string owner;   ///< The account that subscribed: its eyes decide what is sent.
  std::optional<std::string> tenant;  ///< The only one whose events are sent; absent: all.
  Timestamp created_at{};
  std::optional<Timestamp> disabled_at;
  std::optional<std::string> disabled_reason;
  std::int64_t log_offset = 0;  ///< Events up to here have become messages.
};

/// One event on its way to one subscription.
struct WebhookMessageRow {
  std::string id;  ///< The receiver's `webhook-id`, the same in every attempt.
  std::string subscription_id;
  std::optional<std::int64_t> event_offset;  ///< Absent: a test.
  std::string kind;
  std::string topic;
  std::string payload;
  std::string state;  ///< waiting, pending, delivered, dead.
  std::int64_t attempts = 0;
  Timestamp next_attempt_at{};
  Timestamp created_at{};
  std::optional<Timestamp> finished_at;
  std::optional<std::int64_t> last_status;
  std::optional<std::string> last_error;
};

/// What became of one attempt.
struct WebhookAttemptRow {
  std::int64_t id = 0;
  std::string message_id;
  std::int64_t number = 0;
  Timestamp started_at{};
  std::int64_t duration_ms = 0;
  std::optional<std::int64_t> status;  ///< Absent: there was no answer.
  std::optional<std::string> error;    ///< Absent: it was taken.
};

}  // namespace parley::store

namespace parley::schema {

template <>
inline constexpr auto declaration<store::WebhookSubscriptionRow> = [] {
  using Row = store::WebhookSubscriptionRow;
  return table<Row>(
      "webhook_subscriptions",
      columns(column<&Row::id>("id", word::string(36)).primary_key(),
              column<&Row::url>("url", word::string(2048)),
              column<&Row::secret>("secret", word::string(100)).off_wire(),
              column<&Row::format>("format", word::string(50)).off_wire(),
              column<&Row::kinds>("kinds", word::string(2000)),
              column<&Row::owner>("owner", word::string(255)),
              nullable<&Row::tenant>("tenant", word::string(255)),
              column<&Row::created_at>("created_at", word::instant()),
              nullable<&Row::disabled_at>("disabled_at", word::instant()),
              nullable<&Row::disabled_reason>("disabled_reason", word::string(255)),
              column<&Row::log_offset>("log_offset", word::big_integer()).off_wire()));
}();

template <>
inline constexpr auto declaration<store::WebhookMessageRow> = [] {
  using Row = store::WebhookMessageRow;
  return table<Row>(
      "webhook_messages",
      columns(column<&Row::id>("id", word::string(36)).primary_key(),
              column<&Row::subscription_id>("subscription_id", word::string(36)).off_wire(),
              nullable<&Row::event_offset>("event_offset", word::big_integer()).off_wire(),
              column<&Row::kind>("kind", word::string(64)),
              column<&Row::topic>("topic", word::string(64)),
              column<&Row::payload>("payload", word::text(1 << 22)).off_wire(),
              column<&Row::state>("state", word::string(10)),
              column<&Row::attempts>("attempts", word::integer()),
              column<&Row::next_attempt_at>("next_attempt_at", word::instant()),
              column<&Row::created_at>("created_at", word::instant()),
              nullable<&Row::finished_at>("finished_at", word::instant()),
              nullable<&Row::last_status>("last_status", word::integer()),
              nullable<&Row::last_error>("last_error", word::string(255))),
      unique_index<&Row::subscription_id, &Row::event_offset>("ux_webhook_messages_event"),
      index<&Row::subscription_id, &Row::state, &Row::next_attempt_at>("idx_webhook_messages_due"),
      index<&Row::subscription_id, &Row::topic, &Row::state>("idx_webhook_messages_topic"),
      index<&Row::subscription_id, &Row::created_at>("idx_webhook_messages_created"),
      index<&Row::finished_at>("idx_webhook_messages_finished"));
}();

template <>
inline constexpr auto declaration<store::WebhookAttemptRow> = [] {
  using Row = store::WebhookAttemptRow;
  return table<Row>(
      "webhook_attempts",
      columns(column<&Row::id>("id", word::integer()).primary_key().auto_increment().off_wire(),
              column<&Row::message_id>("message_id", word::string(36)).off_wire(),
              column<&Row::number>("number", word::integer()),
              column<&Row::started_at>("started_at", word::instant()),
              column<&Row::duration_ms>("duration_ms", word::integer()),
              nullable<&Row::status>("status", word::integer()),
              nullable<&Row::error>("error", word::string(255))),
      index<&Row::message_id>("idx_webhook_attempts_message"));
}();

}  // namespace parley::schema
