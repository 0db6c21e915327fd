#pragma once

// A few threads for work that is too slow for an I/O thread and is no database work: password
// hashes. The queue is bounded, so that a flood of logins is refused and not piled up.

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace parley::http {

class WorkerThreads {
 public:
  /// Starts the threads. Requires: threads ≥ 1 and queue_max ≥ 1.
  WorkerThreads(int threads, std::size_t queue_max);

  /// Finishes what was accepted, then ends the threads. Not to be called from one of them.
  ~WorkerThreads();
  WorkerThreads(const WorkerThreads&) = delete;
  WorkerThreads& operator=(const WorkerThreads&) = delete;

  /// Queues `work`, first in, first out. False when `queue_max` are waiting already; the caller
  /// then answers 503. An exception out of `work` is logged and dropped. Any thread.
  [[nodiscard]] bool submit(std::function<void()> work);

 private:
  void run();

  const std::size_t queue_max_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> queue_;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace parley::http
