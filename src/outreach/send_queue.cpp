#include "outreach/send_queue.h"

#include <algorithm>
#include <array>

#include "base/overloaded.h"
#include "http/message.h"
#include "outreach/deliveries.h"
#include "outreach/send_contents.h"
#include "outreach/sending_events.h"
#include "outreach/statuses.h"
#include "store/query.h"

namespace parley::outreach {
namespace {

using store::equals;
using store::set;

constexpr const char* kUnknown = "unknown";
constexpr const char* kQueued = "queued";
constexpr const char* kRetrying = "retrying";

constexpr std::array<std::chrono::seconds, 6> kPauses{
    std::chrono::seconds(15),  std::chrono::seconds(60),   std::chrono::seconds(300),
    std::chrono::seconds(900), std::chrono::seconds(3600), std::chrono::seconds(3 * 3600)};

store::Condition<SendQueueRow> is_that(const SendQueueRow& row) {
  return equals<&SendQueueRow::log_id>(row.log_id);
}

/// As this process knows it: each claim moves `next_at`.
store::Condition<SendQueueRow> is_unchanged(const SendQueueRow& row) {
  return all_of(is_that(row), equals<&SendQueueRow::next_at>(row.next_at));
}

store::Condition<SendQueueRow> is_due(const std::string& channel, Timestamp now) {
  return all_of(store::less_or_equal<&SendQueueRow::next_at>(now),
                equals<&SendQueueRow::channel>(channel));
}

std::optional<MessageLogRow> find_log(database::Connection& connection, const std::string& id) {
  return store::select<MessageLogRow>()
      .where(equals<&MessageLogRow::id>(id))
      .for_update()
      .first(connection);
}

void change(store::UnitOfWork& unit, StatusChange change, Timestamp now) {
  change.source = StatusSource::Sender;
  change_statuses(unit, std::nullopt, std::span(&change, 1), now);
}

void leave_queue(database::Connection& connection, const SendQueueRow& row) {
  store::erase(connection, is_that(row));
}

/// What is needed to try again is not kept.
void leave_for_good(database::Connection& connection, const SendQueueRow& row) {
  leave_queue(connection, row);
  forget_content(connection, row.log_id);
}

/// Nobody knows whether it was sent: a person decides.
void set_aside(store::UnitOfWork& unit, const SendQueueRow& row, Timestamp now) {
  leave_queue(unit.connection, row);
  change(unit,
         {.log_id = row.log_id, .status = MessageStatus::Sending, .delivery_status = kUnknown},
         now);
}

/// The worker that had it is gone; the message may have gone out.
bool may_have_been_sent(database::Connection& connection, const SendQueueRow& row) {
  if (!row.claimed_by) return false;
  const auto log = find_log(connection, row.log_id);
  return log && log->message_status == word(MessageStatus::Sending);
}

bool claim(database::Connection& connection, SendQueueRow& row, const Claimant& claimant,
           Timestamp now) {
  const auto unclaimed = is_unchanged(row);
  row.claimed_by = claimant.worker;
  row.claimed_at = now;
  row.next_at = now + claimant.lease;
  return store::update(connection, unclaimed, set<&SendQueueRow::claimed_by>(row.claimed_by),
                       set<&SendQueueRow::claimed_at>(row.claimed_at),
                       set<&SendQueueRow::next_at>(row.next_at)) == 1;
}

/// Pending, or under way at a time whose end nobody knows, where that may be repeated. Whatever
/// else somebody made of it: it is not to be sent.
bool is_to_be_sent(const std::optional<MessageLogRow>& log, const Carrier& carrier) {
  if (!log) return false;
  return log->message_status == word(MessageStatus::Pending) ||
         (log->message_status == word(MessageStatus::Sending) && carrier.may_repeat());
}

void postpone(database::Connection& connection, const SendQueueRow& row, Timestamp until,
              const std::string& why) {
  store::update(connection, is_that(row), set<&SendQueueRow::next_at>(until),
                set<&SendQueueRow::claimed_by>(std::nullopt),
                set<&SendQueueRow::claimed_at>(std::nullopt), set<&SendQueueRow::last_error>(why));
}

void record_accepted(store::UnitOfWork& unit, const BegunMessage& begun, const Accepted& accepted,
                     Timestamp now) {
  if (begun.log.channel == word(Channel::Whatsapp)) {
    follow_sent(unit, begun.log, accepted.message_id,
                begun.message.text.whatsapp_content.value_or(""), now);
  }
  leave_for_good(unit.connection, begun.row);
  change(unit,
         {.log_id = begun.row.log_id,
          .status = MessageStatus::Sent,
          .message_id = accepted.message_id,
          .delivery_status = word(MessageStatus::Sent),
          // A callback may have come before this.
          .rule = StatusRule::ByRank},
         now);
}

void record_failed(store::UnitOfWork& unit, const BegunMessage& begun, const std::string& reason,
                   const std::string& code, Timestamp now) {
  leave_queue(unit.connection, begun.row);
  change(unit,
         {.log_id = begun.row.log_id,
          .status = MessageStatus::Failed,
          .delivery_status = code.empty() ? word(MessageStatus::Failed) : code,
          .error_message = reason},
         now);
}

void record_transient(store::UnitOfWork& unit, const BegunMessage& begun, const std::string& reason,
                      const std::string& code, int retries_max, Timestamp now) {
  if (begun.row.attempts > retries_max) return record_failed(unit, begun, reason, code, now);
  postpone(unit.connection, begun.row, now + pause_after(begun.row.attempts), reason);
  change(
      unit,
      {.log_id = begun.row.log_id, .status = MessageStatus::Pending, .delivery_status = kRetrying},
      now);
}

http::Problem nothing_to_retry(const MessageLogRow& message) {
  return http::conflict("not_failed", "The message is " + message.message_status +
                                          ": only one that failed, or whose outcome is unknown, "
                                          "is sent again");
}

bool needs_decision(const MessageLogRow& message) {
  const bool is_lost =
      message.message_status == word(MessageStatus::Sending) && message.delivery_status == kUnknown;
  return is_lost || message.message_status == word(MessageStatus::Failed);
}

}  // namespace

void put_in_queue(database::Connection& connection, std::span<const std::string> log_ids,
                  const std::string& channel, Timestamp now) {
  std::vector<SendQueueRow> rows;
  for (const std::string& log_id : log_ids) {
    // Apart by a moment, so that they are sent in this order, and all due already.
    rows.push_back({.log_id = log_id,
                    .channel = channel,
                    .attempts = 0,
                    .next_at = now - std::chrono::microseconds(log_ids.size() - rows.size()),
                    .claimed_by = std::nullopt,
                    .claimed_at = std::nullopt,
                    .last_error = std::nullopt});
  }
  store::insert_many(connection, rows);
}

std::vector<std::string> queued_among(database::Connection& connection,
                                      std::span<const std::string> log_ids) {
  std::vector<std::string> queued;
  for (const SendQueueRow& row : store::select<SendQueueRow>()
                                     .where(store::one_of<&SendQueueRow::log_id>(log_ids))
                                     .all(connection)) {
    queued.push_back(row.log_id);
  }
  return queued;
}

bool has_due(database::Connection& connection, const std::string& channel, Timestamp now) {
  return store::exists(connection, is_due(channel, now));
}

std::vector<SendQueueRow> claim_due(store::UnitOfWork& unit, const Claimant& claimant,
                                    std::int64_t count_max, Timestamp now) {
  std::vector<SendQueueRow> claimed;
  for (SendQueueRow& row : store::select<SendQueueRow>()
                               .where(is_due(claimant.channel, now))
                               .order_by<&SendQueueRow::next_at>()
                               .limit(count_max)
                               .all(unit.connection)) {
    const bool is_doubtful = may_have_been_sent(unit.connection, row);
    if (!claim(unit.connection, row, claimant, now)) continue;
    if (is_doubtful && claimant.repeat == Repeat::Forbidden) {
      set_aside(unit, row, now);
    } else {
      claimed.push_back(std::move(row));
    }
  }
  return claimed;
}

void release(database::Connection& connection, const SendQueueRow& row, Timestamp due) {
  store::update(connection, is_unchanged(row), set<&SendQueueRow::next_at>(due),
                set<&SendQueueRow::claimed_by>(std::nullopt),
                set<&SendQueueRow::claimed_at>(std::nullopt));
}

Begin begin_sending(store::UnitOfWork& unit, const SendQueueRow& claimed, const Claimant& claimant,
                    const Carrier& carrier, const Quotas& quotas, Timestamp now) {
  BegunMessage begun{.row = claimed, .log = {}, .message = {}};
  // The row first: who has it decides, and everybody locks in this order.
  begun.row.attempts += 1;
  begun.row.claimed_at = now;
  begun.row.next_at = now + claimant.lease;
  const bool is_ours = store::update(unit.connection, is_unchanged(claimed),
                                     set<&SendQueueRow::attempts>(begun.row.attempts),
                                     set<&SendQueueRow::claimed_at>(begun.row.claimed_at),
                                     set<&SendQueueRow::next_at>(begun.row.next_at)) == 1;
  if (!is_ours) return {};
  std::optional<MessageLogRow> log = find_log(unit.connection, claimed.log_id);
  std::optional<OutgoingMessage> message;
  if (is_to_be_sent(log, carrier)) message = outgoing_message(unit.connection, *log);
  if (!message) {
    leave_for_good(unit.connection, claimed);
    return {};
  }
  begun.log = *std::move(log);
  begun.message = *std::move(message);
  const QuotaRequest wanted{
      .user_id = begun.log.user_id,
      .channel = parse_word<Channel>(begun.log.channel).value_or(Channel::Email)};
  const QuotaAnswer answer = quotas.acquire(unit.connection, wanted, now);
  if (const auto* denied = std::get_if<QuotaDenied>(&answer)) {
    postpone(unit.connection, claimed, denied->next_available, "waits for its quota");
    store::update(unit.connection, is_that(claimed),
                  set<&SendQueueRow::attempts>(claimed.attempts));
    return {.begun = std::nullopt, .denied = *denied, .user_id = wanted.user_id};
  }
  append_quota_alerts(unit, wanted, std::get<QuotaTaken>(answer));
  change(unit,
         {.log_id = claimed.log_id,
          .status = MessageStatus::Sending,
          .message_id = carrier.message_id_of(begun.message).value_or(""),
          .delivery_status = word(MessageStatus::Sending)},
         now);
  return {.begun = std::move(begun), .denied = std::nullopt, .user_id = wanted.user_id};
}

void put_off(database::Connection& connection, const std::string& log_id, Timestamp due) {
  store::update(
      connection,
      all_of(equals<&SendQueueRow::log_id>(log_id), store::is_null<&SendQueueRow::claimed_by>()),
      set<&SendQueueRow::next_at>(due));
}

void record_outcome(store::UnitOfWork& unit, const BegunMessage& begun, const SendOutcome& outcome,
                    Repeat repeat, int retries_max, Timestamp now) {
  std::visit(
      overloaded{[&](const Accepted& accepted) { record_accepted(unit, begun, accepted, now); },
                 [&](const Refused& refused) {
                   if (refused.kind == Refused::Kind::Permanent)
                     return record_failed(unit, begun, refused.reason, refused.code, now);
                   record_transient(unit, begun, refused.reason, refused.code, retries_max, now);
                 },
                 [&](const Unknown& unknown) {
                   if (repeat == Repeat::Allowed)
                     return record_transient(unit, begun, unknown.reason, "", retries_max, now);
                   set_aside(unit, begun.row, now);
                 }},
      outcome);
}

std::chrono::seconds pause_after(std::int64_t attempts) {
  const auto last = static_cast<std::int64_t>(kPauses.size()) - 1;
  return kPauses.at(static_cast<std::size_t>(std::clamp<std::int64_t>(attempts - 1, 0, last)));
}

MessageLogRow retry_message(store::UnitOfWork& unit, const MessageLogRow& message, Timestamp now) {
  if (!needs_decision(message)) throw nothing_to_retry(message);
  const auto channel = channel_of_content(unit.connection, message.id);
  if (!channel) {
    throw http::conflict("not_kept",
                         "What this message said is not kept, as it was sent elsewhere");
  }
  const std::vector<std::string> ids{message.id};
  if (queued_among(unit.connection, ids).empty()) put_in_queue(unit.connection, ids, *channel, now);
  const StatusChange change{.log_id = message.id,
                            .status = MessageStatus::Pending,
                            .delivery_status = kQueued,
                            .source = StatusSource::Api};
  return change_statuses(unit, std::nullopt, std::span(&change, 1), now).changed.at(0);
}

void retry_message_if_ours(store::UnitOfWork& unit, const std::string& log_id, Timestamp now) {
  const auto log = find_log(unit.connection, log_id);
  if (log && needs_decision(*log) && channel_of_content(unit.connection, log_id))
    retry_message(unit, *log, now);
}

void forget_templates(database::Connection& connection, Timestamp created_before) {
  constexpr std::int64_t kAtOnce = 100;
  std::int64_t after = 0;
  for (;;) {
    const auto page = store::select<SendTemplateRow>()
                          .where(all_of(store::less<&SendTemplateRow::created_at>(created_before),
                                        store::greater<&SendTemplateRow::id>(after)))
                          .order_by<&SendTemplateRow::id>()
                          .limit(kAtOnce)
                          .all(connection);
    for (const SendTemplateRow& row : page) {
      after = row.id;
      if (!store::exists(connection, equals<&SendContentRow::template_id>(row.id)))
        store::erase(connection, equals<&SendTemplateRow::id>(row.id));
    }
    if (std::ssize(page) < kAtOnce) return;
  }
}

}  // namespace parley::outreach
