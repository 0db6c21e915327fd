#pragma once

// The readers of a store: a few threads that each run one read transaction at a time on a
// connection of the pool. One thread is there from the start, the others come when there are more
// reads than threads, and stay.

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "database/connection.h"
#include "database/pool.h"
#include "store/submission_queue.h"

namespace parley::store {

class ReadThreads {
 public:
  /// At most `threads_max` ≥ 1 reads run at a time, each on a connection made by `open` when it is
  /// first needed; at most `waiting_max` reads wait.
  ReadThreads(std::function<std::unique_ptr<database::Connection>()> open, int threads_max,
              std::size_t waiting_max);

  /// Finishes all reads that were submitted.
  ~ReadThreads();
  ReadThreads(const ReadThreads&) = delete;
  ReadThreads& operator=(const ReadThreads&) = delete;

  /// Any thread.
  void submit(ReadSubmission submission);

 private:
  void start_thread();
  void start_another();
  void run();
  std::exception_ptr read(const ReadWork& work);
  void try_read(const ReadWork& work);

  database::Pool pool_;
  SubmissionQueue<ReadSubmission> queue_;
  const int threads_max_;
  /// Reads that wait or run. A refused one stays counted, which at worst starts a thread too early.
  std::atomic<int> unfinished_ = 0;
  std::atomic<int> started_ = 0;  ///< As many as `threads_`.
  std::mutex mutex_;              ///< Guards `threads_` while reads are submitted.
  std::vector<std::thread> threads_;
};

}  // namespace parley::store
