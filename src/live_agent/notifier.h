#pragma once

// Pushes to whoever does not look, as signed webhooks (Standard Webhooks). A push is noted in the
// transaction of what it tells (`webhook_deliveries`) and removed once the receiver took it, so
// that neither a receiver that is down nor the end of this process loses one; it may come twice,
// with the same `webhook-id`. What was not taken is tried again on a thread of the notifier, with
// growing pauses. Of several nodes the one that did the write tries first; later attempts are
// whoever's compare-and-set on the row wins.

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "http/client.h"
#include "http/webhook_signature.h"
#include "live_agent/settings.h"
#include "live_agent/tables.h"
#include "store/store.h"

namespace parley::live_agent {

class Notifier {
 public:
  using Deliveries = std::vector<WebhookDeliveryRow>;

  /// Starts the thread. The store outlives the notifier. Throws Error{InvalidConfiguration} for a
  /// URL or secret that cannot be used.
  Notifier(const WebhookSettings& settings, store::Store& store);

  /// Ends what is under way, which another time goes on with.
  ~Notifier();
  Notifier(const Notifier&) = delete;
  Notifier& operator=(const Notifier&) = delete;

  /// Notes the pushes of the events from `first_event` on, in the transaction of `unit`. After the
  /// commit they are to be delivered. Any thread.
  Deliveries record(store::UnitOfWork& unit, std::size_t first_event) const;

  /// Sends one, within five seconds and what the database takes. `done` gets true when the receiver
  /// took it, false also when there was nobody to tell; it must not block. Any thread.
  void deliver(WebhookDeliveryRow delivery, std::function<void(bool was_taken)> done);

  /// Sends them, and nobody waits.
  void deliver(const Deliveries& deliveries);

  /// Sends what is due again, some of it when that is much, and waits for the outcome; returns how
  /// many it tried. What the notifier's thread does; not to be called from a thread of the store.
  std::size_t retry_due();

 private:
  class Attempt;

  void send(const std::shared_ptr<Attempt>& attempt, const json::array& recipients);
  /// What became of an attempt.
  enum class Outcome { Taken, NobodyToTell, Failed };
  void settle(const std::shared_ptr<Attempt>& attempt, Outcome outcome, std::string problem = {});
  Deliveries claim_due();
  void enter();
  void leave();
  void run();

  const std::string url_;
  const http::WebhookKey key_;
  const std::chrono::milliseconds look_every_;
  store::Store& store_;
  http::Client client_;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t attempts_open_ = 0;
  bool is_ending_ = false;
  std::thread thread_;
};

/// A write that notes its pushes in `deliveries`; `work` itself without a notifier. Everything
/// referred to outlives the store's threads.
store::Work noting_pushes(const Notifier* notifier,
                          std::shared_ptr<Notifier::Deliveries> deliveries, store::Work work);

}  // namespace parley::live_agent
