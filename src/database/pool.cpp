#include "database/pool.h"

#include <fmt/format.h>

#include <utility>

#include "base/check.h"
#include "base/error.h"

namespace parley::database {

Pool::Pool(std::function<std::unique_ptr<Connection>()> open, int connections_max)
    : open_(std::move(open)), connections_max_(connections_max) {
  PARLEY_CHECK(connections_max >= 1);
}

Pool::Lease Pool::acquire(std::chrono::milliseconds timeout) {
  const auto deadline = std::chrono::steady_clock::now() + timeout;
  while (true) {
    std::unique_ptr<Connection> connection = take_idle_or_place(deadline);
    if (connection == nullptr) return Lease(*this, open_in_taken_place());
    if (!connection->is_lost()) return Lease(*this, std::move(connection));
    connection.reset();
    free_place();
  }
}

std::unique_ptr<Connection> Pool::take_idle_or_place(
    std::chrono::steady_clock::time_point deadline) {
  std::unique_lock lock(mutex_);
  const bool is_free = returned_.wait_until(
      lock, deadline, [this] { return !idle_.empty() || open_count_ < connections_max_; });
  if (!is_free) {
    throw Error(ErrorCode::Unavailable,
                fmt::format("all {} database connections stayed in use", connections_max_),
                "Try again shortly; if it stays, allow more connections.");
  }
  if (idle_.empty()) {
    ++open_count_;
    return nullptr;
  }
  std::unique_ptr<Connection> connection = std::move(idle_.back());
  idle_.pop_back();
  return connection;
}

std::unique_ptr<Connection> Pool::open_in_taken_place() {
  // The place must not stay taken when `open_` throws.
  struct Place {
    Pool* pool;
    ~Place() {
      if (pool != nullptr) pool->free_place();
    }
  } place{this};
  std::unique_ptr<Connection> connection = open_();
  PARLEY_CHECK(connection != nullptr);
  place.pool = nullptr;
  return connection;
}

void Pool::give_back(std::unique_ptr<Connection> connection) {
  if (connection->in_transaction()) connection->rollback();
  if (connection->is_lost() || connection->in_transaction()) {
    connection.reset();
    free_place();
    return;
  }
  {
    const std::scoped_lock lock(mutex_);
    idle_.push_back(std::move(connection));
  }
  returned_.notify_one();
}

void Pool::free_place() {
  {
    const std::scoped_lock lock(mutex_);
    --open_count_;
  }
  returned_.notify_one();
}

Pool::Lease::Lease(Pool& pool, std::unique_ptr<Connection> connection)
    : pool_(&pool), connection_(std::move(connection)) {}

Pool::Lease::Lease(Lease&& other) noexcept
    : pool_(other.pool_), connection_(std::move(other.connection_)) {}

Pool::Lease::~Lease() {
  if (connection_ != nullptr) pool_->give_back(std::move(connection_));
}

void Pool::Lease::discard() {
  PARLEY_CHECK(connection_ != nullptr);
  connection_.reset();
  pool_->free_place();
}

}  // namespace parley::database
