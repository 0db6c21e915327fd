#include "api/webhooks/outbox.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/ids.h"
#include "base/text.h"
#include "store/query.h"

namespace parley::api::webhooks {
namespace {

using namespace std::chrono_literals;
using store::equals;
using store::LoggedEvent;
using store::set;

constexpr std::int64_t kEventsAtOnce = 200;
constexpr std::int64_t kReplayedAtOnce = 1000;
constexpr std::int64_t kForgottenAtOnce = 500;
constexpr std::size_t kErrorCharactersMax = 255;

store::Condition<Message> is_that(const Message& message) {
  return equals<&Message::id>(message.id);
}

store::Condition<Message> is_of(const std::string& subscription_id) {
  return equals<&Message::subscription_id>(subscription_id);
}

store::Condition<Message> is_in(State state) { return equals<&Message::state>(word(state)); }

store::Condition<Message> is_unfinished() {
  return store::one_of<&Message::state>({word(State::Waiting), word(State::Pending)});
}

bool is_seen(const Viewer& owner, const LoggedEvent& logged) {
  return owner.may_see(parse_json(logged.event.audience).as_object());
}

/// The message of an event; nothing when the subscription is not told of it.
std::optional<Message> message_of(database::Connection& connection, const Subscription& to,
                                  const Viewer& owner, const Format& format,
                                  const LoggedEvent& logged, Timestamp now) {
  if (!wants(to, logged.event.kind) || !is_seen(owner, logged)) return std::nullopt;
  std::optional<std::string> body = format.body(connection, logged);
  if (!body) return std::nullopt;
  return Message{.id = make_uuid(),
                 .subscription_id = to.id,
                 .event_offset = logged.offset,
                 .kind = logged.event.kind,
                 .topic = logged.event.topic,
                 .payload = *std::move(body),
                 .state = word(State::Waiting),
                 .next_attempt_at = now,
                 .created_at = now,
                 .finished_at = std::nullopt,
                 .last_status = std::nullopt,
                 .last_error = std::nullopt};
}

/// The topics among those of the messages that have something unfinished.
std::set<std::string> busy_topics(database::Connection& connection,
                                  const std::string& subscription_id,
                                  const std::vector<Message>& messages) {
  std::set<std::string> topics;
  for (const Message& each : messages) topics.insert(each.topic);
  std::set<std::string> busy;
  if (topics.empty()) return busy;
  for (Message& each : store::select<Message>()
                           .where(all_of(is_of(subscription_id),
                                         store::one_of<&Message::topic>(std::vector<std::string>(
                                             topics.begin(), topics.end())),
                                         is_unfinished()))
                           .for_update()
                           .all(connection)) {
    busy.insert(std::move(each.topic));
  }
  return busy;
}

/// New messages in the order of their events: the first of each topic that is not busy goes at
/// once.
void insert_in_line(database::Connection& connection, const std::string& subscription_id,
                    std::vector<Message>& messages) {
  std::set<std::string> busy = busy_topics(connection, subscription_id, messages);
  for (Message& each : messages) {
    if (busy.insert(each.topic).second) each.state = word(State::Pending);
  }
  store::insert_many(connection, messages);
}

/// Sees to it that the first unfinished message of the topic, and no other, is pending.
void line_up(database::Connection& connection, const std::string& subscription_id,
             const std::string& topic, Timestamp now) {
  const auto of_topic = all_of(is_of(subscription_id), equals<&Message::topic>(topic));
  const auto first = store::select<Message>()
                         .where(all_of(of_topic, is_unfinished()))
                         .order_by<&Message::event_offset>()
                         .order_by<&Message::created_at>()
                         .for_update()
                         .first(connection);
  if (!first) return;
  if (first->state == word(State::Waiting)) {
    store::update(connection, is_that(*first), set<&Message::state>(word(State::Pending)),
                  set<&Message::next_attempt_at>(now));
  }
  store::update(connection,
                all_of(of_topic, is_in(State::Pending), store::not_equals<&Message::id>(first->id)),
                set<&Message::state>(word(State::Waiting)));
}

void record(database::Connection& connection, const Message& message, const Outcome& outcome,
            const std::optional<std::string>& error) {
  store::insert(connection, Attempt{.message_id = message.id,
                                    .number = message.attempts,
                                    .started_at = outcome.started_at,
                                    .duration_ms = outcome.duration.count(),
                                    .status = outcome.status,
                                    .error = error});
}

/// The state that the outcome leads to, and when the next attempt is.
struct Next {
  State state = State::Delivered;
  Timestamp at{};
};

Next next_of(const Message& message, const Outcome& outcome, const Pauses& pauses, double chance,
             Timestamp now) {
  if (!outcome.error) return {State::Delivered, now};
  const auto pause = pause_after(pauses, message.attempts, chance);
  if (outcome.is_gone || !pause) return {State::Dead, now};
  const std::chrono::microseconds wanted =
      std::min<std::chrono::microseconds>(outcome.retry_after.value_or(0ms), kRetryAfterMax);
  return {State::Pending, now + std::max(*pause, wanted)};
}

/// Puts a message into line again, as if nothing had been tried.
void reopen(database::Connection& connection, const Message& message, Timestamp now) {
  store::update(connection, is_that(message), set<&Message::state>(word(State::Waiting)),
                set<&Message::attempts>(0), set<&Message::next_attempt_at>(now),
                set<&Message::finished_at>(std::nullopt));
}

}  // namespace

bool take_events(database::Connection& connection, const Subscription& subscription,
                 const Viewer& owner, const Format& format, Timestamp now) {
  const auto events = store::events_after(connection, subscription.log_offset, kEventsAtOnce);
  if (events.empty()) return false;
  std::vector<Message> messages;
  for (const LoggedEvent& each : events) {
    if (auto message = message_of(connection, subscription, owner, format, each, now))
      messages.push_back(*std::move(message));
  }
  insert_in_line(connection, subscription.id, messages);
  store::update(connection, equals<&Subscription::id>(subscription.id),
                set<&Subscription::log_offset>(events.back().offset));
  return events.size() == static_cast<std::size_t>(kEventsAtOnce);
}

std::vector<Message> claim_due(database::Connection& connection, const std::string& subscription_id,
                               std::int64_t count_max, Timestamp now) {
  std::vector<Message> due =
      store::select<Message>()
          .where(all_of(is_of(subscription_id), is_in(State::Pending),
                        store::less_or_equal<&Message::next_attempt_at>(now)))
          .order_by<&Message::next_attempt_at>()
          .limit(count_max)
          .for_update()
          .all(connection);
  for (Message& each : due) {
    each.attempts += 1;
    store::update(connection, is_that(each), set<&Message::attempts>(each.attempts),
                  set<&Message::next_attempt_at>(now + kClaim));
  }
  return due;
}

bool has_due(database::Connection& connection, const std::string& subscription_id, Timestamp now) {
  return store::exists(connection, all_of(is_of(subscription_id), is_in(State::Pending),
                                          store::less_or_equal<&Message::next_attempt_at>(now)));
}

void settle(database::Connection& connection, const Message& message, const Outcome& outcome,
            const Pauses& pauses, double chance, Timestamp now) {
  std::optional<std::string> error;
  if (outcome.error) error = std::string(first_code_points(*outcome.error, kErrorCharactersMax));
  const auto [state, at] = next_of(message, outcome, pauses, chance, now);
  const bool is_over = state != State::Pending;
  const std::optional<std::int64_t> status = outcome.status;
  // Not when it was asked for anew in the meantime.
  store::update(connection, all_of(is_that(message), equals<&Message::attempts>(message.attempts)),
                set<&Message::state>(word(state)), set<&Message::next_attempt_at>(at),
                set<&Message::finished_at>(is_over ? std::optional(now) : std::nullopt),
                set<&Message::last_status>(status), set<&Message::last_error>(error));
  record(connection, message, outcome, error);
  line_up(connection, message.subscription_id, message.topic, now);
  if (outcome.is_gone)
    disable(connection, message.subscription_id, outcome.error.value_or("gone"), now);
}

void give_back(database::Connection& connection, const Message& message, Timestamp now) {
  store::update(connection, all_of(is_that(message), equals<&Message::attempts>(message.attempts)),
                set<&Message::attempts>(message.attempts - 1), set<&Message::next_attempt_at>(now));
}

Message add_test(database::Connection& connection, const std::string& subscription_id,
                 Timestamp now) {
  const std::string id = make_uuid();
  Message message{.id = id,
                  .subscription_id = subscription_id,
                  .event_offset = std::nullopt,
                  .kind = std::string(kTestKind),
                  .topic = "test:" + id,
                  .payload = fmt::format(R"({{"type":"{}","timestamp":"{}","data":{{}}}})",
                                         kTestKind, format_rfc3339(now)),
                  .state = word(State::Pending),
                  .next_attempt_at = now,
                  .created_at = now,
                  .finished_at = std::nullopt,
                  .last_status = std::nullopt,
                  .last_error = std::nullopt};
  store::insert(connection, message);
  return message;
}

void redeliver(database::Connection& connection, const Message& message, Timestamp now) {
  const bool is_finished =
      message.state == word(State::Delivered) || message.state == word(State::Dead);
  if (is_finished) {
    reopen(connection, message, now);
  } else {
    store::update(connection, is_that(message), set<&Message::next_attempt_at>(now));
  }
  line_up(connection, message.subscription_id, message.topic, now);
}

Replayed replay(database::Connection& connection, const Subscription& subscription,
                const Viewer& owner, const Format& format, const TimeRange& range, Timestamp now) {
  Replayed replayed;
  const auto events = store::events_after(
      connection, store::last_offset_before(connection, range.from), kReplayedAtOnce);
  std::map<std::int64_t, Message> again;  // By the offset of their events.
  std::vector<std::int64_t> offsets;
  for (const LoggedEvent& each : events) offsets.push_back(each.offset);
  for (Message& each :
       store::select<Message>()
           .where(all_of(is_of(subscription.id), store::one_of<&Message::event_offset>(offsets)))
           .for_update()
           .all(connection)) {
    const std::int64_t offset = each.event_offset.value_or(0);
    again.emplace(offset, std::move(each));
  }
  std::set<std::string> topics;
  std::vector<Message> fresh;
  for (const LoggedEvent& each : events) {
    // Those after the subscription's own place come by themselves.
    if (each.created_at >= range.until || each.offset > subscription.log_offset) break;
    const auto known = again.find(each.offset);
    if (known != again.end()) {
      reopen(connection, known->second, now);
    } else if (auto message = message_of(connection, subscription, owner, format, each, now)) {
      fresh.push_back(*std::move(message));
    } else {
      continue;
    }
    topics.insert(each.event.topic);
    ++replayed.messages;
  }
  store::insert_many(connection, fresh);
  for (const std::string& topic : topics) line_up(connection, subscription.id, topic, now);
  const bool is_cut = events.size() == static_cast<std::size_t>(kReplayedAtOnce) &&
                      events.back().created_at < range.until;
  if (is_cut) replayed.next = events.back().created_at + std::chrono::microseconds(1);
  return replayed;
}

MessagePage list_messages(database::Connection& connection, const std::string& subscription_id,
                          std::optional<State> state, const Page& page) {
  const auto condition =
      state ? all_of(is_of(subscription_id), is_in(*state)) : is_of(subscription_id);
  return {.messages = store::select<Message>()
                          .where(condition)
                          .order_by<&Message::created_at>(store::Order::Descending)
                          .order_by<&Message::id>()
                          .limit(page.size)
                          .offset(page.offset())
                          .all(connection),
          .total = store::count(connection, condition)};
}

std::optional<Message> find_message(database::Connection& connection,
                                    const std::string& subscription_id, const std::string& id) {
  return store::select<Message>()
      .where(all_of(equals<&Message::id>(id), is_of(subscription_id)))
      .first(connection);
}

std::vector<Attempt> attempts_of(database::Connection& connection, const std::string& message_id) {
  return store::select<Attempt>()
      .where(equals<&Attempt::message_id>(message_id))
      .order_by<&Attempt::id>()
      .all(connection);
}

bool forget_messages(database::Connection& connection, Timestamp limit) {
  std::vector<std::string> ids;
  for (Message& each : store::select<Message>()
                           .where(store::less<&Message::finished_at>(limit))
                           .limit(kForgottenAtOnce)
                           .all(connection)) {
    ids.push_back(std::move(each.id));
  }
  if (ids.empty()) return false;
  store::erase(connection, store::one_of<&Attempt::message_id>(ids));
  store::erase(connection, store::one_of<&Message::id>(ids));
  return ids.size() == static_cast<std::size_t>(kForgottenAtOnce);
}

}  // namespace parley::api::webhooks
