#include "outreach/callbacks.h"

#include <algorithm>
#include <map>
#include <set>

#include "base/crypto.h"
#include "base/error.h"
#include "outreach/deliveries.h"
#include "outreach/message_ids.h"
#include "outreach/statuses.h"
#include "store/query.h"

namespace parley::outreach {
namespace {

using store::equals;
using store::set;

/// The status of a body that could not be read.
constexpr const char* kUnreadable = "unreadable";

std::set<std::string> known_hashes(database::Connection& connection,
                                   const std::vector<std::string>& hashes) {
  std::set<std::string> known;
  for (const InboundEventRow& row :
       store::select<InboundEventRow>()
           .where(store::one_of<&InboundEventRow::dedupe_hash>(std::span(hashes)))
           .all(connection)) {
    known.insert(row.dedupe_hash);
  }
  return known;
}

/// The same callback may come to two nodes at once: the second one looks again.
std::int64_t insert_new(database::Connection& connection, const InboundEventRow& row) {
  try {
    return store::insert(connection, row);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::UniqueViolation) throw;
    throw Error(ErrorCode::SerializationFailure, "Another node has just stored the same callback");
  }
}

InboundEventRow row_of(const std::string& source, const ProviderEvent& event, std::string hash,
                       Timestamp now) {
  return {.source = source,
          .external_id = event.external_id,
          .status_raw = event.status_raw,
          .status = word(event.status),
          .provider_time = event.provider_time,
          .received_at = now,
          .dedupe_hash = std::move(hash),
          .payload = event.payload,
          .log_id = std::nullopt,
          .applied_at = std::nullopt};
}

/// The event that a row keeps; nothing when it never was one.
std::optional<ProviderEvent> event_in(const InboundEventRow& row) {
  if (row.status_raw == kUnreadable || !row.payload) return std::nullopt;
  return read_event(parse_json(*row.payload));
}

StatusChange change_of(const ProviderEvent& event, MessageStatus status,
                       const std::string& log_id) {
  return {.log_id = log_id,
          .status = status,
          .message_id = event.external_id,
          .delivery_status = event.status_raw,
          .error_message = event.error_message,
          .source = StatusSource::Callback,
          .provider_time = event.provider_time,
          .rule = StatusRule::ByRank};
}

/// The logged messages that the event is about: those with its id, else the one that we named to
/// the provider, whose answer may have been lost.
std::set<std::string> logs_of(database::Connection& connection, const ProviderEvent& event,
                              const std::vector<MessageIdRow>& owners) {
  std::set<std::string> logs;
  for (const MessageIdRow& owner : owners) {
    if (owner.message_id == event.external_id && !owner.log_id.empty()) logs.insert(owner.log_id);
  }
  if (!logs.empty() || event.log_id.empty()) return logs;
  const auto message = store::select<MessageLogRow>()
                           .where(equals<&MessageLogRow::id>(event.log_id))
                           .first(connection);
  if (message && message->message_id.value_or("").empty()) logs.insert(message->id);
  return logs;
}

void mark_applied(database::Connection& connection, const InboundEventRow& row,
                  const std::set<std::string>& logs, Timestamp now) {
  store::update(
      connection, equals<&InboundEventRow::id>(row.id), set<&InboundEventRow::applied_at>(now),
      set<&InboundEventRow::log_id>(logs.empty() ? std::nullopt : std::optional(*logs.begin())));
}

std::size_t apply_rows(store::UnitOfWork& unit, const std::vector<InboundEventRow>& rows,
                       Timestamp now) {
  std::vector<std::string> ids;
  for (const InboundEventRow& row : rows) ids.push_back(row.external_id);
  const std::vector<MessageIdRow> owners = owners_of(unit.connection, ids);
  std::vector<StatusChange> changes;
  std::size_t applied = 0;
  for (const InboundEventRow& row : rows) {
    const std::optional<ProviderEvent> event = event_in(row);
    if (!event) continue;
    const std::set<std::string> logs = logs_of(unit.connection, *event, owners);
    const bool is_delivery = apply_to_delivery(unit, *event, now);
    if (logs.empty() && !is_delivery) continue;
    ++applied;
    mark_applied(unit.connection, row, logs, now);
    // A log has no word for what else providers say, and stays as it is.
    const auto status = parse_word<MessageStatus>(word(event->status));
    for (const std::string& log_id : logs) {
      if (status) changes.push_back(change_of(*event, *status, log_id));
    }
  }
  if (!changes.empty()) change_statuses(unit, std::nullopt, changes, now);
  return applied;
}

std::vector<InboundEventRow> unapplied(database::Connection& connection,
                                       const store::Condition<InboundEventRow>& which) {
  return store::select<InboundEventRow>()
      .where(all_of(which, store::is_null<&InboundEventRow::applied_at>()))
      .order_by<&InboundEventRow::id>()
      .for_update()
      .all(connection);
}

}  // namespace

StoredEvents store_events(store::UnitOfWork& unit, const std::string& source,
                          std::span<const ProviderEvent> events, Timestamp now) {
  std::vector<std::string> hashes;
  for (const ProviderEvent& event : events) hashes.push_back(dedupe_hash(source, event));
  std::set<std::string> known = known_hashes(unit.connection, hashes);
  StoredEvents stored;
  for (std::size_t i = 0; i < events.size(); ++i) {
    if (!known.insert(hashes[i]).second) {
      ++stored.duplicates;
      continue;
    }
    stored.ids.push_back(insert_new(unit.connection, row_of(source, events[i], hashes[i], now)));
  }
  return stored;
}

void store_unreadable(store::UnitOfWork& unit, const std::string& source, std::string_view body,
                      Timestamp now) {
  const std::vector<std::string> hash{to_hex(sha256(source + "\n\n" + std::string(body)))};
  if (!known_hashes(unit.connection, hash).empty()) return;
  insert_new(unit.connection, {.source = source,
                               .external_id = "",
                               .status_raw = kUnreadable,
                               .status = word(DeliveryStatus::Unknown),
                               .provider_time = std::nullopt,
                               .received_at = now,
                               .dedupe_hash = hash.front(),
                               .payload = std::string(body),
                               .log_id = std::nullopt,
                               .applied_at = now});
}

std::size_t apply_events(store::UnitOfWork& unit, std::span<const std::int64_t> ids,
                         Timestamp now) {
  if (ids.empty()) return 0;
  return apply_rows(unit, unapplied(unit.connection, store::one_of<&InboundEventRow::id>(ids)),
                    now);
}

void apply_waiting(store::UnitOfWork& unit, std::span<const std::string> message_ids,
                   Timestamp now) {
  const auto rows =
      unapplied(unit.connection, store::one_of<&InboundEventRow::external_id>(message_ids));
  if (!rows.empty()) apply_rows(unit, rows, now);
}

std::vector<InboundEventRow> unapplied_events(database::Connection& connection, std::int64_t after,
                                              std::int64_t count_max) {
  return store::select<InboundEventRow>()
      .where(all_of(store::is_null<&InboundEventRow::applied_at>(),
                    store::greater<&InboundEventRow::id>(after)))
      .order_by<&InboundEventRow::id>()
      .limit(count_max)
      .all(connection);
}

}  // namespace parley::outreach
