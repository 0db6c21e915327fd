#pragma once

// The writer of a store: one thread with one connection that commits many writes with one flush
// (design decision 5). It takes whatever waits when it gets free, without a timer, so that a lone
// write waits for nobody and a crowd shares. Within the shared transaction each write has a
// savepoint of its own, and the items of one bulk write share theirs. The events of all of them are
// numbered at the end, just before COMMIT (store/event_log.h).
//
// A failure is of one of three kinds. One write's own (a constraint, an exception of its code): it
// alone is undone and told. Nobody's in particular and surely undone (deadlock, serialization
// failure, a lock not got, a connection lost before COMMIT): the batch runs again, at last one by
// one, so that a write that brings the connection down does so alone. Anything else at COMMIT,
// above all a lost connection, after which nobody knows whether it took effect, and a flush that
// failed: all are told, and nothing is repeated. From then on one write at a time is let through,
// on a new connection, and the others that wait are refused, until one was committed.

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <thread>
#include <vector>

#include "database/connection.h"
#include "store/event_log.h"
#include "store/submission_queue.h"

namespace parley::store {

struct CommitGroupOptions {
  std::size_t waiting_max = 16384;  ///< Writes that may wait, ≥ 1.
  std::size_t batch_max = 1024;     ///< Writes that share a transaction at most, ≥ 1.

  /// Told what was appended to the event log, after it is on disk and before the writes' `done`, in
  /// the order of the offsets. On the writer's thread; must not throw.
  std::function<void(std::vector<LoggedEvent>)> committed;

  /// The time that events carry.
  std::function<Timestamp()> now;
};

class CommitGroup {
 public:
  /// Begins with `connection`; `open` makes another one when it is lost.
  CommitGroup(std::unique_ptr<database::Connection> connection,
              std::function<std::unique_ptr<database::Connection>()> open,
              CommitGroupOptions options);

  /// Finishes all writes that were submitted.
  ~CommitGroup();
  CommitGroup(const CommitGroup&) = delete;
  CommitGroup& operator=(const CommitGroup&) = delete;

  /// Any thread. Writes run in the order of their submission, except that an item of a bulk write
  /// runs with the first item of its kind in the batch.
  void submit(WriteSubmission submission) { queue_.push(std::move(submission)); }

  /// How many writes wait, and how many were committed in how many transactions so far. Any thread.
  std::size_t waiting() const { return queue_.size(); }
  std::uint64_t writes() const { return writes_; }
  std::uint64_t transactions() const { return transactions_; }

 private:
  struct Write {
    WriteSubmission submission;
    std::exception_ptr outcome;
    bool has_run = false;
  };
  struct Failure {
    std::exception_ptr error;
    enum class Next { GiveUp, Again, OneByOne } next = Next::GiveUp;
    int attempts_max = 1;  ///< How often it may be tried, where `next` is `Again`.
  };

  void run();
  void commit_batch(std::span<Write> batch);
  void commit(std::span<Write> batch);
  std::optional<Failure> try_commit(std::span<Write> batch);
  bool run_works(std::span<Write> batch);
  void run_alone_in_transaction(std::span<Write* const> writes);
  void run_together(std::span<Write* const> writes);
  void run_in_savepoint(std::span<Write* const> writes);
  void run_directly(std::span<Write* const> writes);
  database::Connection& usable_connection();

  std::unique_ptr<database::Connection> connection_;
  const std::function<std::unique_ptr<database::Connection>()> open_;
  const CommitGroupOptions options_;
  SubmissionQueue<WriteSubmission> queue_;
  std::vector<Event> events_;        ///< Of the transaction under way.
  std::vector<LoggedEvent> logged_;  ///< The same, numbered.
  bool is_sound_ = true;             ///< False after a COMMIT whose end nobody knows.
  std::atomic<std::uint64_t> writes_ = 0;
  std::atomic<std::uint64_t> transactions_ = 0;
  std::thread thread_;
};

}  // namespace parley::store
