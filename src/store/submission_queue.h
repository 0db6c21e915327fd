#pragma once

// What is handed to a store, and the bounded queue in which it waits for a thread. Any thread may
// push; the threads of the store take.

#include <algorithm>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <exception>
#include <functional>
#include <iterator>
#include <memory>
#include <mutex>
#include <span>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/error.h"
#include "database/connection.h"
#include "store/unit_of_work.h"

namespace parley::store {

/// A write inside a transaction. Must not commit, roll back or keep the connection. It runs again,
/// from the start, when the transaction was undone through no fault of its own (a deadlock, a lost
/// connection): what it does outside the database must bear that.
using Work = std::function<void(UnitOfWork&)>;

/// A read inside a transaction that sees one state of the data. It may run again as well.
using ReadWork = std::function<void(database::Connection&)>;

/// One request's part of a bulk write: its input and, after the run, its result.
struct BulkItem {
  virtual ~BulkItem() = default;

  /// Set by the bulk write: this item alone has failed, and nothing was changed for it.
  std::exception_ptr error;
};

/// A kind of write that many requests ask for at the same time, done for all of them in a few
/// statements. What it throws undoes the run for every item, and each then runs alone, so that the
/// one at fault fails alone. As `Work`, it may run again; items come as they were submitted, with
/// `error` empty. Its address says which items belong together.
using BulkWork = std::function<void(UnitOfWork&, std::span<BulkItem* const>)>;

/// Called exactly once: null after success, which for a write means on disk. On a thread of the
/// store, or on the caller's when the work is refused at once. What it throws is logged and
/// dropped.
using Done = std::function<void(std::exception_ptr)>;

struct ReadSubmission {
  ReadWork work;
  Done done;
};

struct WriteSubmission {
  Work work;  ///< Empty when this is an item of `bulk`.
  Done done;
  std::shared_ptr<const BulkWork> bulk;
  std::shared_ptr<BulkItem> item;
};

/// Calls `done` with this outcome. Never throws.
void finish(const Done& done, const std::exception_ptr& outcome) noexcept;

/// The refusal of a full queue.
std::exception_ptr too_many_waiting(std::size_t waiting_max);

template <class Submission>
class SubmissionQueue {
 public:
  /// At most `waiting_max` submissions wait, ≥ 1.
  explicit SubmissionQueue(std::size_t waiting_max) : waiting_max_(waiting_max) {
    PARLEY_CHECK(waiting_max >= 1);
  }

  /// Appends; a submission that finds the queue full is finished at once, with Error{Unavailable}.
  void push(Submission submission) {
    if (!try_push(submission)) finish(submission.done, too_many_waiting(waiting_max_));
  }

  /// The first submissions, at most `count_max`, in the order they came. Waits until there is one;
  /// empty once the queue is closed and nothing waits.
  std::vector<Submission> take(std::size_t count_max) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return is_closed_ || !waiting_.empty(); });
    const auto end =
        waiting_.begin() + static_cast<std::ptrdiff_t>(std::min(count_max, waiting_.size()));
    std::vector<Submission> taken(std::move_iterator(waiting_.begin()), std::move_iterator(end));
    waiting_.erase(waiting_.begin(), end);
    return taken;
  }

  /// From now on nothing may be pushed; what waits can still be taken.
  void close() {
    {
      const std::scoped_lock lock(mutex_);
      is_closed_ = true;
    }
    changed_.notify_all();
  }

  /// How many wait now.
  std::size_t size() const {
    const std::scoped_lock lock(mutex_);
    return waiting_.size();
  }

 private:
  bool try_push(Submission& submission) {
    {
      const std::scoped_lock lock(mutex_);
      PARLEY_CHECK(!is_closed_);
      if (waiting_.size() >= waiting_max_) return false;
      waiting_.push_back(std::move(submission));
    }
    changed_.notify_one();
    return true;
  }

  const std::size_t waiting_max_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Submission> waiting_;
  bool is_closed_ = false;
};

}  // namespace parley::store
