#pragma once

// The writer of a store: one thread with one connection that commits many writes with one flush
// (design decision 5). It takes whatever waits when it gets free, without a timer, so that a lone
// write waits for nobody and a crowd shares. Within the shared transaction each write has a
// savepoint of its own.
//
// A failure is of one of three kinds. One write's own (a constraint, an exception of its code): it
// alone is undone and told. Nobody's in particular and surely undone (deadlock, serialization
// failure, a lock not got, a connection lost before COMMIT): the batch runs again, at last one by
// one, so that a write that brings the connection down does so alone. Anything else at COMMIT,
// above all a lost connection, after which nobody knows whether it took effect: all are told, and
// nothing is repeated.

#include <cstddef>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <thread>

#include "database/connection.h"
#include "store/submission_queue.h"

namespace parley::store {

class CommitGroup {
 public:
  /// Begins with `connection`; `open` makes another one when it is lost. At most `waiting_max`
  /// writes wait and `batch_max` share a transaction, both ≥ 1.
  CommitGroup(std::unique_ptr<database::Connection> connection,
              std::function<std::unique_ptr<database::Connection>()> open, std::size_t waiting_max,
              std::size_t batch_max);

  /// Finishes all writes that were submitted.
  ~CommitGroup();
  CommitGroup(const CommitGroup&) = delete;
  CommitGroup& operator=(const CommitGroup&) = delete;

  /// Any thread. Writes run in the order of their submission.
  void submit(Submission submission) { queue_.push(std::move(submission)); }

 private:
  struct Write {
    Submission submission;
    std::exception_ptr outcome;
  };
  struct Failure {
    std::exception_ptr error;
    bool may_retry = false;
  };

  void run();
  void commit(std::span<Write> batch);
  std::optional<Failure> try_commit(std::span<Write> batch);
  std::size_t run_works(std::span<Write> batch);
  database::Connection& usable_connection();

  std::unique_ptr<database::Connection> connection_;
  const std::function<std::unique_ptr<database::Connection>()> open_;
  const std::size_t batch_max_;
  SubmissionQueue queue_;
  std::thread thread_;
};

}  // namespace parley::store
