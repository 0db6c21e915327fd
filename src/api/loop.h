#pragma once

// A thread that works in rounds: when it is woken, and when nobody woke it for a while. For work
// that goes on beside the requests: jobs that wait in a table, retries, tidying up.

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

namespace parley::api {

class Loop {
 public:
  /// Works a round at once, and then on each `wake` and every `every`. `round` returns true when
  /// there is more to do, and is then called again at once; what it throws is logged as the trouble
  /// of `name`, and the next round comes in its time. Everything that `round` refers to outlives
  /// the loop.
  Loop(std::string name, std::function<bool()> round, std::chrono::milliseconds every);

  /// Waits for the round under way. Not to be called from it.
  ~Loop();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  /// There is something to do. Any thread.
  void wake();

  /// True once the loop is being ended: a long round looks at it and returns. Any thread.
  bool is_ending() const;

 private:
  void run();
  bool work();

  const std::string name_;
  const std::function<bool()> round_;
  const std::chrono::milliseconds every_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool is_woken_ = true;
  bool is_ending_ = false;
  std::thread thread_;
};

}  // namespace parley::api
