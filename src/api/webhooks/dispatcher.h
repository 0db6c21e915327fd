#pragma once

// Sends the events of one module to those who subscribed, as signed webhooks: a thread that makes
// messages of events and begins their attempts, and a client that carries them out, many at once.
// Everything is in the database (outbox.h): a process that ends, in whatever way, loses nothing;
// what it was busy with is tried again, so a message may come twice, with the same `webhook-id`. Of
// several nodes each sends what it claims first.
//
// A receiver that is slow takes up its own few attempts and nobody else's.

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "api/event_feed.h"
#include "api/loop.h"
#include "api/webhooks/format.h"
#include "api/webhooks/outbox.h"
#include "http/client.h"
#include "store/store.h"

namespace parley::api::webhooks {

struct Settings {
  bool allow_private = false;                  ///< Receivers in the own network may be called.
  std::chrono::milliseconds look_every{1000};  ///< For what is due, when nothing happens.
  std::chrono::milliseconds timeout{30'000};   ///< Of an attempt; shorter than `kClaim`.
};

/// What the owner of a subscription may see now; null when they may not subscribe any more.
using EyesOf = std::function<std::shared_ptr<const Viewer>(
    database::Connection&, const std::string& owner, const std::optional<std::string>& tenant)>;

struct DispatcherOptions {
  Settings settings;
  EyesOf eyes_of;
  Formats formats;                 ///< Beside the standard one.
  std::function<double()> chance;  ///< Of [0, 1), for the pauses; empty: random.
};

class Dispatcher {
 public:
  /// Attempts that one receiver, and all of them together, take up at most.
  static constexpr std::int64_t kAttemptsPerReceiver = 4;
  static constexpr std::int64_t kAttemptsMax = 128;
  /// How long a finished message can be looked at and sent again.
  static constexpr std::chrono::days kKept{30};

  /// Everything referred to outlives it. `start` begins the work.
  Dispatcher(store::Store& store, EventFeed& feed, const Clock& clock, DispatcherOptions options);

  /// Ends as `stop` does.
  ~Dispatcher();
  Dispatcher(const Dispatcher&) = delete;
  Dispatcher& operator=(const Dispatcher&) = delete;

  void start();

  /// Ends what is under way, which another time goes on with, and waits for it. Not to be called
  /// from a thread of the store. A second call does nothing.
  void stop();

  /// There is something to do: a subscription is new, a message is to be sent again. Any thread.
  void wake();

  /// One round: makes messages, begins attempts. True when there is more to do at once. What the
  /// thread does, for tests that do not start it.
  bool work();

  /// Waits until no attempt is under way.
  void wait_for_attempts();

  const Format& format_of(const Subscription& subscription) const;
  const EyesOf& eyes_of() const { return options_.eyes_of; }
  const Settings& settings() const { return options_.settings; }

 private:
  class Flight;
  struct Turn;

  bool serve(const std::string& subscription_id);
  bool tidy_up();
  void send(const Subscription& subscription, Message message);
  void settle(const std::shared_ptr<Flight>& flight, const http::ClientOutcome& outcome);
  http::ClientRequest request_for(const Subscription& subscription, const Message& message) const;
  std::int64_t room_for(const std::string& subscription_id) const;
  http::Client& client();

  store::Store& store_;
  EventFeed& feed_;
  const Clock& clock_;
  const DispatcherOptions options_;
  const Format standard_ = standard_format();
  Timestamp next_tidying_{};
  std::atomic<bool> has_subscriptions_ = true;  ///< As far as the last round has seen.

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::string, std::int64_t> flying_;  ///< Attempts under way, by subscription.
  std::int64_t flying_in_all_ = 0;
  bool is_ending_ = false;
  std::unique_ptr<http::Client> client_;  ///< Made when it is first needed.
  std::unique_ptr<Loop> loop_;
};

}  // namespace parley::api::webhooks
