#pragma once

// Sends what is in the queue: workers for each configured channel, on threads of their own. A
// worker claims a few messages, makes each `sending` on disk before its carrier hands it over, and
// records what became of it. It may be killed at any moment: what it had claimed is taken up by
// another one, of this process or the next, once its lease is over; what it was just handing over
// is sent again only where that cannot make two of one (see send_queue.h).

#include <atomic>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "api/loop.h"
#include "outreach/channels/settings.h"
#include "outreach/quotas.h"
#include "outreach/send_queue.h"
#include "outreach/trouble_log.h"
#include "store/store.h"

namespace parley::outreach {

/// A configured channel with what sends through it.
struct Outlet {
  ChannelSettings settings;
  std::unique_ptr<Carrier> carrier;
};

/// The outlets of all these channels. Throws as `open_carrier`.
std::vector<Outlet> open_outlets(const std::vector<ChannelSettings>& channels, const Clock& clock);

class Sender {
 public:
  /// Sends nothing yet. Everything referred to outlives the sender.
  Sender(std::vector<Outlet> outlets, store::Store& store, const Quotas& quotas,
         TroubleLog& trouble, std::chrono::milliseconds look_every);

  ~Sender();
  Sender(const Sender&) = delete;
  Sender& operator=(const Sender&) = delete;

  /// Begins the workers.
  void start();

  /// Ends the workers: what is being handed over is waited for, the rest stays in the queue.
  void stop();

  /// Something was queued. Any thread.
  void wake();

  /// The channel for messages of that kind: the one called `via`, else the one called like them,
  /// else the first that carries them. Nothing when there is none. Any thread.
  const ChannelSettings* find(Channel carries, const std::optional<std::string>& via) const;

  /// What a worker does in a round: some of what is due is sent. True when there was any. Requires:
  /// there is a channel of that name. Any thread but those of the store.
  bool work(const std::string& channel);

 private:
  /// The messages of a user that wait for a quota.
  struct Waiting {
    Timestamp until{};
    std::int64_t messages = 0;
  };
  struct Lane {
    Outlet outlet;
    std::mutex mutex;
    std::map<std::string, Waiting> waiting;           ///< By user.
    std::vector<std::unique_ptr<api::Loop>> workers;  ///< Guarded by the sender's mutex.
  };

  static Claimant claimant_of(const Lane& lane, std::string worker);
  bool work(Lane& lane, const Claimant& claimant);
  void send(Lane& lane, const Claimant& claimant, const SendQueueRow& row);
  void record(Lane& lane, const BegunMessage& begun, const SendOutcome& outcome);
  void spread(Lane& lane, const std::string& log_id, const Begin& refused);

  store::Store& store_;
  const Quotas& quotas_;
  TroubleLog& trouble_;
  const std::chrono::milliseconds look_every_;
  std::vector<std::unique_ptr<Lane>> lanes_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::atomic<bool> is_stopping_ = false;
};

}  // namespace parley::outreach
