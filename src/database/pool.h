#pragma once

// A bounded set of connections to one database that threads borrow. Connections are opened when
// first needed; one that was lost is not handed out again. Any thread; the pool must outlive its
// leases.

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "database/connection.h"

namespace parley::database {

class Pool {
 public:
  /// `open` makes a ready connection (namespace chosen). At most `connections_max` exist at a time,
  /// ≥ 1.
  Pool(std::function<std::unique_ptr<Connection>()> open, int connections_max);

  /// A borrowed connection; goes back when destroyed, rolled back if a transaction was left open.
  class Lease {
   public:
    ~Lease();
    Lease(Lease&& other) noexcept;
    Lease& operator=(Lease&&) = delete;
    Connection& operator*() const { return *connection_; }
    Connection* operator->() const { return connection_.get(); }
    /// Closes the connection instead of giving it back. Not needed after ConnectionLost, which the
    /// pool notices itself.
    void discard();

   private:
    friend class Pool;
    Lease(Pool& pool, std::unique_ptr<Connection> connection);
    Pool* pool_;
    std::unique_ptr<Connection> connection_;
  };

  /// Waits for a free connection. Throws Error{Unavailable} after `timeout`, and what `open`
  /// throws.
  Lease acquire(std::chrono::milliseconds timeout = std::chrono::seconds(5));

 private:
  /// An idle connection, or null when the caller has a place to open one in.
  std::unique_ptr<Connection> take_idle_or_place(std::chrono::steady_clock::time_point deadline);
  std::unique_ptr<Connection> open_in_taken_place();
  void give_back(std::unique_ptr<Connection> connection);
  void free_place();

  std::function<std::unique_ptr<Connection>()> open_;
  int connections_max_;
  std::mutex mutex_;
  std::condition_variable returned_;
  std::vector<std::unique_ptr<Connection>> idle_;
  int open_count_ = 0;  ///< Idle, borrowed and being opened.
};

}  // namespace parley::database
