#pragma once

// The events of one namespace on their way to those who listen: each subscriber gets what it may
// see, from its cursor on, in order and once. A subscriber first catches up from the log, at the
// pace at which its client takes it, and then goes along with everybody. Any thread.

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/json.h"
#include "http/channel.h"
#include "store/event_tail.h"
#include "store/store.h"

namespace parley::api {

/// Closing codes of a stream beside those of RFC 6455 (4000 to 4999 are the application's).
inline constexpr std::uint16_t kTokenExpired = 4401;
inline constexpr std::uint16_t kResume = 4008;  ///< Come back with the cursor.

/// Who listens, as its module knows it. Immutable; any thread.
class Viewer {
 public:
  virtual ~Viewer() = default;

  /// True when an event with that audience may be seen.
  virtual bool may_see(const JsonObject& audience) const = 0;

  /// True when the event has changed what the viewer may see, which is then to be found out anew.
  virtual bool is_outdated_by(const store::Event&) const { return false; }

  /// Until when the viewer is who it says.
  virtual Timestamp valid_until() const = 0;
};

/// A subscription; see EventFeed. Ends with `EventFeed::drop`.
class Subscription;

class EventFeed {
 public:
  /// `open` makes connections to the namespace. Opens the log when nobody has. `look_every`: how
  /// often the log is looked at for what other processes have committed. The store outlives the
  /// feed; its `on_committed` is the feed's. Throws what `open` throws.
  EventFeed(store::Store& store, std::function<std::unique_ptr<database::Connection>()> open,
            const Clock& clock, std::chrono::milliseconds look_every);

  /// Begins no more reads and waits for those under way, and for every hold. Not to be called from
  /// a thread of the store. Requires: nobody subscribes any more.
  ~EventFeed();
  EventFeed(const EventFeed&) = delete;
  EventFeed& operator=(const EventFeed&) = delete;

  struct Wish {
    std::optional<std::string> cursor;  ///< From there on; absent: from now on.
    std::set<std::string> topics;       ///< Only these; empty: all.
  };

  /// Sends `subscribed` with the cursor from which events follow, and `recovered: false` when those
  /// since the wanted cursor are not there any more; then the events. A client that does not take
  /// them in time is closed with kResume.
  std::shared_ptr<Subscription> subscribe(std::shared_ptr<http::Channel> channel,
                                          std::shared_ptr<const Viewer> viewer, Wish wish);

  /// The client has taken what it was sent: the catching up goes on.
  void drained(const std::shared_ptr<Subscription>& subscription);

  /// Nothing more for this one.
  void drop(const std::shared_ptr<Subscription>& subscription);

  /// Tells those subscribed now, on this node, of something that is not kept: typing, presence.
  void tell_transient(std::string_view kind, const std::string& topic, const JsonObject& audience,
                      const JsonObject& data);

  /// Where a subscription stands, as text.
  std::string cursor_of(const Subscription& subscription) const;

  std::size_t subscribers() const;

  /// `watcher` is called when the log may have grown, here or elsewhere; from several threads, and
  /// it must not block. When this returns, the watcher of before is called no more. Empty: nobody.
  void watch(std::function<void()> watcher);

  /// The feed lasts while this is held: for what is handed to the store and uses the feed in the
  /// end.
  std::shared_ptr<const void> hold();

 private:
  void begin(const std::shared_ptr<Subscription>& subscription,
             const std::optional<std::string>& cursor, const store::LogState& state);
  void catch_up(const std::shared_ptr<Subscription>& subscription);
  void send_page(const std::shared_ptr<Subscription>& subscription,
                 std::vector<store::LoggedEvent> page);
  void distribute(const store::Cursor& end, std::span<const store::LoggedEvent> events);
  void let_go();
  void tell_watcher();

  store::Store& store_;
  const Clock& clock_;
  mutable std::mutex mutex_;
  store::Cursor last_;  ///< What the tail has told.
  std::set<std::shared_ptr<Subscription>> subscriptions_;
  std::mutex watcher_mutex_;  ///< Held while it is called.
  std::function<void()> watcher_;
  std::size_t holds_ = 0;
  bool is_ending_ = false;
  std::condition_variable nobody_holds_;
  std::unique_ptr<store::EventTail> tail_;
};

/// Where one who names `cursor`, or none, begins to read.
struct Beginning {
  store::Cursor at;        ///< The cursor when it can be reached, else the end of the log.
  bool recovered = false;  ///< Nothing was missed: also for one who names no cursor.
};
Beginning beginning_of(const store::LogState& state, const std::optional<std::string>& cursor);

/// An event as a client gets it: type, cursor, event, created_at, data.
std::string event_text(const std::string& epoch, const store::LoggedEvent& event);

}  // namespace parley::api
