#pragma once

// The data of one namespace at run time: a commit group for the writes, a few threads for the
// reads. `Work` is a plain function that gets a connection with a transaction open around it; it
// runs on a thread of the store, and `Done` is called after the commit is on disk (or with the
// error). Any thread may submit.

#include <cstddef>
#include <functional>
#include <memory>

#include "base/clock.h"
#include "database/connection.h"
#include "dialect/dialect.h"
#include "store/event_log.h"
#include "store/submission_queue.h"

namespace parley::store {

struct StoreOptions {
  /// Threads for reads, each with a connection, ≥ 1.
  int readers_max = 4;
  /// Writes that may wait, and as many reads; more are answered with Unavailable at once. ≥ 1.
  std::size_t queue_max = 16384;
  /// Writes that share one transaction at most, ≥ 1.
  std::size_t batch_max = 1024;
};

class Store {
 public:
  /// `open` makes a ready connection to the namespace; it is called at once, and later on threads
  /// of the store. Throws what it throws. `clock` must outlive the store.
  Store(std::function<std::unique_ptr<database::Connection>()> open, const Clock& clock,
        StoreOptions options = {});

  /// Finishes what was accepted, then ends the threads.
  ~Store();
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;

  /// Runs `work` in a transaction that it may share with other writes, each in a savepoint of its
  /// own: an exception undoes this work alone, and `done` gets it. Writes run in the order of
  /// submission. Design decision 5: `done` is called without an error only once the transaction is
  /// committed and flushed. With Error{ConnectionLost} it may be that the write took effect all the
  /// same: nobody knows.
  void write(Work work, Done done);

  /// The same for an item of a write that is done for many requests together. `item` has its result
  /// when `done` is called without an error.
  void write_together(std::shared_ptr<const BulkWork> bulk, std::shared_ptr<BulkItem> item,
                      Done done);

  /// Runs `work` in a read transaction on one of the readers.
  void read(ReadWork work, Done done);

  /// Runs `work` and waits for it: for command-line tools and start-up. Throws what the work threw.
  /// Not to be called from a thread of the store.
  void write_and_wait(Work work);
  void read_and_wait(ReadWork work);

  /// Called with the events that this store has appended, once they are on disk, in the order of
  /// their offsets; on the writer's thread. Must not throw, nor call this. When it returns, the
  /// listener of before is called no more.
  void on_committed(std::function<void(std::vector<LoggedEvent>)> listener);

  struct Load {
    std::size_t waiting_writes = 0;
    std::uint64_t writes = 0;        ///< Committed since the start…
    std::uint64_t transactions = 0;  ///< …in so many transactions.
  };
  /// Any thread.
  Load load() const;

  /// Now, cut to what this engine's DATETIME keeps, so that an answer equals what is read back
  /// later.
  Timestamp now() const;

  /// From now on `now` has six digits of a second: for a module whose columns keep them on every
  /// engine. Before the first use.
  void keep_microseconds();

  const dialect::Dialect& dialect() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace parley::store
