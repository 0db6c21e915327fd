#pragma once

// The readers of a store: a few threads that each run one read transaction at a time on a
// connection of the pool.

#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include "database/connection.h"
#include "database/pool.h"
#include "store/submission_queue.h"

namespace parley::store {

class ReadThreads {
 public:
  /// `threads` ≥ 1, each with a connection made by `open` when it is first needed; at most
  /// `waiting_max` reads wait.
  ReadThreads(std::function<std::unique_ptr<database::Connection>()> open, int threads,
              std::size_t waiting_max);

  /// Finishes all reads that were submitted.
  ~ReadThreads();
  ReadThreads(const ReadThreads&) = delete;
  ReadThreads& operator=(const ReadThreads&) = delete;

  /// Any thread.
  void submit(ReadSubmission submission) { queue_.push(std::move(submission)); }

 private:
  void run();
  std::exception_ptr read(const ReadWork& work);
  void try_read(const ReadWork& work);

  database::Pool pool_;
  SubmissionQueue<ReadSubmission> queue_;
  std::vector<std::thread> threads_;
};

}  // namespace parley::store
