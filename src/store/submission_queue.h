#pragma once

// What is handed to a store, and the bounded queue in which it waits for a thread. Any thread may
// push; the threads of the store take.

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <exception>
#include <functional>
#include <mutex>
#include <vector>

#include "database/connection.h"

namespace parley::store {

/// Work inside a transaction. Must not commit, roll back or keep the connection. It runs again,
/// from the start, when the transaction was undone through no fault of its own (a deadlock, a lost
/// connection): what it does outside the database must bear that.
using Work = std::function<void(database::Connection&)>;

/// Called exactly once: null after success, which for a write means on disk. On a thread of the
/// store, or on the caller's when the work is refused at once. What it throws is logged and
/// dropped.
using Done = std::function<void(std::exception_ptr)>;

struct Submission {
  Work work;
  Done done;

  /// Calls `done` with this outcome. Never throws.
  void finish(const std::exception_ptr& outcome) const noexcept;
};

class SubmissionQueue {
 public:
  /// At most `waiting_max` submissions wait, ≥ 1.
  explicit SubmissionQueue(std::size_t waiting_max);

  /// Appends; a submission that finds the queue full is finished at once, with Error{Unavailable}.
  void push(Submission submission);

  /// The first submissions, at most `count_max`, in the order they came. Waits until there is one;
  /// empty once the queue is closed and nothing waits.
  std::vector<Submission> take(std::size_t count_max);

  /// From now on nothing may be pushed; what waits can still be taken.
  void close();

 private:
  bool try_push(Submission& submission);

  const std::size_t waiting_max_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Submission> waiting_;
  bool is_closed_ = false;
};

}  // namespace parley::store
