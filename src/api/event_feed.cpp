#include "api/event_feed.h"

#include <fmt/format.h>

#include "base/log.h"

namespace parley::api {

class Subscription {
 public:
  Subscription(std::shared_ptr<http::Channel> its_channel, std::shared_ptr<const Viewer> its_viewer,
               std::set<std::string> its_topics)
      : channel(std::move(its_channel)),
        viewer(std::move(its_viewer)),
        topics(std::move(its_topics)) {}

  bool wants(const std::string& topic) const { return topics.empty() || topics.contains(topic); }

  const std::shared_ptr<http::Channel> channel;
  const std::shared_ptr<const Viewer> viewer;
  const std::set<std::string> topics;

  // Under the feed's mutex.
  enum class State {
    CatchingUp,  ///< A page of the log is being read for it.
    Paused,      ///< Its client must take what it was sent before more is read.
    Live         ///< Goes along with the tail.
  } state = State::CatchingUp;
  std::int64_t sent_offset = 0;
  std::string epoch;
};

namespace {

constexpr std::size_t kEventsPerPage = 200;
constexpr std::size_t kWaitingBytesMax = 128 << 10;  ///< Of a client that catches up.

/// An event made ready for all who may see it.
struct Prepared {
  const store::LoggedEvent* logged;
  JsonObject audience;
  http::SharedMessage message;
};

http::SharedMessage message_of(const std::string& epoch, const store::LoggedEvent& event) {
  return http::PushMessage::make(event_text(epoch, event), event.event.kind,
                                 store::Cursor{epoch, event.offset}.text());
}

JsonObject audience_of(const store::Event& event) { return parse_json(event.audience).as_object(); }

bool is_for(const Subscription& subscription, const store::Event& event,
            const JsonObject& audience) {
  return subscription.wants(event.topic) && subscription.viewer->may_see(audience);
}

using Closing = std::vector<std::pair<std::shared_ptr<http::Channel>, std::uint16_t>>;

/// What of the events goes to a subscriber that goes along.
void collect(const Subscription& subscription, std::span<const Prepared> prepared,
             std::vector<http::Delivery>& deliveries, Closing& closing) {
  for (const Prepared& each : prepared) {
    if (each.logged->offset <= subscription.sent_offset) continue;
    if (is_for(subscription, each.logged->event, each.audience))
      deliveries.push_back({subscription.channel, each.message, http::Importance::Durable});
    if (subscription.viewer->is_outdated_by(each.logged->event))
      closing.emplace_back(subscription.channel, kResume);
  }
}

}  // namespace

Beginning beginning_of(const store::LogState& state, const std::optional<std::string>& cursor) {
  if (!cursor) return {state.end, true};
  const auto wanted = store::Cursor::parse(*cursor);
  if (wanted && state.reaches(*wanted)) return {*wanted, true};
  return {state.end, false};
}

std::string event_text(const std::string& epoch, const store::LoggedEvent& event) {
  return fmt::format(
      R"({{"type":"event","cursor":"{}:{}","event":"{}","created_at":"{}","data":{}}})", epoch,
      event.offset, event.event.kind, format_rfc3339(event.created_at), event.event.data);
}

EventFeed::EventFeed(store::Store& store,
                     std::function<std::unique_ptr<database::Connection>()> open,
                     const Clock& clock, std::chrono::milliseconds look_every)
    : store_(store), clock_(clock) {
  store_.write_and_wait([](store::UnitOfWork& unit) { store::open_log(unit.connection); });
  store_.read_and_wait([this](database::Connection& connection) {
    last_ = store::log_state(connection).value().end;
  });
  tail_ = std::make_unique<store::EventTail>(
      std::move(open),
      store::EventTail::Options{
          .listener = [this](
                          const store::Cursor& end,
                          std::span<const store::LoggedEvent> events) { distribute(end, events); },
          .is_wanted = [this] { return subscribers() > 0; },
          .look_every = look_every});
  store_.on_committed([this](std::vector<store::LoggedEvent> events) {
    tell_watcher();
    if (subscribers() > 0) tail_->committed(std::move(events));
  });
}

EventFeed::~EventFeed() {
  store_.on_committed({});
  tail_.reset();
  std::unique_lock lock(mutex_);
  is_ending_ = true;
  nobody_holds_.wait(lock, [this] { return holds_ == 0; });
}

void EventFeed::watch(std::function<void()> watcher) {
  const std::scoped_lock lock(watcher_mutex_);
  watcher_ = std::move(watcher);
}

void EventFeed::tell_watcher() {
  const std::scoped_lock lock(watcher_mutex_);
  if (watcher_) watcher_();
}

std::shared_ptr<const void> EventFeed::hold() {
  {
    const std::scoped_lock lock(mutex_);
    ++holds_;
  }
  return {this, [](EventFeed* feed) { feed->let_go(); }};
}

// Told under the lock, because the one who waits destroys both next.
void EventFeed::let_go() {
  const std::scoped_lock lock(mutex_);
  --holds_;
  nobody_holds_.notify_all();
}

std::shared_ptr<Subscription> EventFeed::subscribe(std::shared_ptr<http::Channel> channel,
                                                   std::shared_ptr<const Viewer> viewer,
                                                   Wish wish) {
  auto subscription =
      std::make_shared<Subscription>(std::move(channel), std::move(viewer), std::move(wish.topics));
  {
    const std::scoped_lock lock(mutex_);
    subscriptions_.insert(subscription);
  }
  const auto state = std::make_shared<store::LogState>();
  store_.read(
      [state](database::Connection& connection) {
        *state = store::log_state(connection).value_or(store::LogState{});
      },
      [this, subscription, state, cursor = std::move(wish.cursor),
       held = hold()](std::exception_ptr error) {
        if (error) return subscription->channel->close(kResume, "the event log cannot be read");
        begin(subscription, cursor, *state);
      });
  return subscription;
}

void EventFeed::begin(const std::shared_ptr<Subscription>& subscription,
                      const std::optional<std::string>& cursor, const store::LogState& state) {
  const auto [start, recovered] = beginning_of(state, cursor);
  {
    const std::scoped_lock lock(mutex_);
    subscription->epoch = start.epoch;
    subscription->sent_offset = start.offset;
  }
  const JsonObject answer{
      {"type", "subscribed"}, {"cursor", start.text()}, {"recovered", recovered}};
  subscription->channel->send(http::PushMessage::make(to_text(answer), "subscribed", start.text()),
                              http::Importance::Durable);
  catch_up(subscription);
}

/// Reads the next page for a subscriber that is behind, or lets it go along from here, or waits for
/// its client.
void EventFeed::catch_up(const std::shared_ptr<Subscription>& subscription) {
  if (!subscription->channel->is_open()) return;
  std::int64_t after = 0;
  bool is_paused = false;
  {
    const std::scoped_lock lock(mutex_);
    if (is_ending_) return;
    if (subscription->epoch == last_.epoch && subscription->sent_offset >= last_.offset) {
      subscription->state = Subscription::State::Live;
      return;
    }
    is_paused = subscription->channel->waiting_bytes() > kWaitingBytesMax;
    subscription->state = is_paused ? Subscription::State::Paused : Subscription::State::CatchingUp;
    after = subscription->sent_offset;
  }
  if (is_paused) {
    // The client may have taken everything just before the pause was noted.
    if (subscription->channel->waiting_bytes() == 0) drained(subscription);
    return;
  }
  const auto page = std::make_shared<std::vector<store::LoggedEvent>>();
  store_.read(
      [page, after](database::Connection& connection) {
        *page = store::events_after(connection, after, std::int64_t{kEventsPerPage});
      },
      [this, subscription, page, held = hold()](std::exception_ptr error) {
        if (error) return subscription->channel->close(kResume, "the event log cannot be read");
        send_page(subscription, std::move(*page));
      });
}

void EventFeed::send_page(const std::shared_ptr<Subscription>& subscription,
                          std::vector<store::LoggedEvent> page) {
  for (const store::LoggedEvent& each : page) {
    if (!is_for(*subscription, each.event, audience_of(each.event))) continue;
    subscription->channel->send(message_of(subscription->epoch, each), http::Importance::Durable);
  }
  {
    const std::scoped_lock lock(mutex_);
    // Nothing there although the tail has told of it: the log has begun anew.
    subscription->sent_offset = page.empty() ? last_.offset : page.back().offset;
  }
  catch_up(subscription);
}

void EventFeed::drained(const std::shared_ptr<Subscription>& subscription) {
  {
    const std::scoped_lock lock(mutex_);
    if (subscription->state != Subscription::State::Paused) return;
    subscription->state = Subscription::State::CatchingUp;
  }
  catch_up(subscription);
}

void EventFeed::drop(const std::shared_ptr<Subscription>& subscription) {
  const std::scoped_lock lock(mutex_);
  subscriptions_.erase(subscription);
}

/// What the tail tells of. Subscribers that are still catching up find it in the log, and so does
/// one that has come while the tail told nobody.
void EventFeed::distribute(const store::Cursor& end, std::span<const store::LoggedEvent> events) {
  // So many at once are taken from the log, at the pace of each client.
  const bool is_burst = events.size() > kEventsPerPage;
  const std::int64_t first = events.empty() || is_burst ? end.offset + 1 : events.front().offset;
  std::vector<Prepared> prepared;
  for (const store::LoggedEvent& each : events) {
    if (!is_burst)
      prepared.push_back({&each, audience_of(each.event), message_of(end.epoch, each)});
  }
  std::vector<http::Delivery> deliveries;
  Closing closing;
  std::vector<std::shared_ptr<Subscription>> behind;
  const Timestamp now = clock_.now();
  {
    const std::scoped_lock lock(mutex_);
    const bool is_same_log = last_.epoch == end.epoch && last_.offset <= end.offset;
    last_ = end;
    for (const auto& each : subscriptions_) {
      if (each->state != Subscription::State::Live) continue;
      if (!is_same_log || now >= each->viewer->valid_until()) {
        closing.emplace_back(each->channel, is_same_log ? kTokenExpired : kResume);
      } else if (each->sent_offset + 1 < first) {
        each->state = Subscription::State::CatchingUp;
        behind.push_back(each);
      } else {
        collect(*each, prepared, deliveries, closing);
        each->sent_offset = std::max(each->sent_offset, end.offset);
      }
    }
  }
  tell_watcher();
  http::deliver(deliveries);
  for (const auto& each : behind) catch_up(each);
  for (const auto& [channel, code] : closing) {
    channel->close(code, code == kTokenExpired ? "the token has expired" : "come back");
  }
}

void EventFeed::tell_transient(std::string_view kind, const std::string& topic,
                               const JsonObject& audience, const JsonObject& data) {
  const JsonObject told{{"type", "event"}, {"event", kind}, {"transient", true}, {"data", data}};
  const http::SharedMessage message = http::PushMessage::make(to_text(told), kind);
  std::vector<http::Delivery> deliveries;
  {
    const std::scoped_lock lock(mutex_);
    for (const auto& each : subscriptions_) {
      if (each->wants(topic) && each->viewer->may_see(audience))
        deliveries.push_back({each->channel, message, http::Importance::Transient});
    }
  }
  http::deliver(deliveries);
}

std::string EventFeed::cursor_of(const Subscription& subscription) const {
  const std::scoped_lock lock(mutex_);
  return store::Cursor{subscription.epoch, subscription.sent_offset}.text();
}

std::size_t EventFeed::subscribers() const {
  const std::scoped_lock lock(mutex_);
  return subscriptions_.size();
}

}  // namespace parley::api
