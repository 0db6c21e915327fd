#include "store/read_threads.h"

#include <system_error>
#include <utility>

#include "base/error.h"
#include "base/log.h"
#include "database/transaction.h"

namespace parley::store {
namespace {

constexpr int kAttemptsMax = 3;

}  // namespace

ReadThreads::ReadThreads(std::function<std::unique_ptr<database::Connection>()> open,
                         int threads_max, std::size_t waiting_max)
    : pool_(std::move(open), threads_max), queue_(waiting_max), threads_max_(threads_max) {
  start_thread();
}

ReadThreads::~ReadThreads() {
  queue_.close();
  for (std::thread& thread : threads_) thread.join();
}

void ReadThreads::submit(ReadSubmission submission) {
  const int started = started_;
  if (unfinished_++ >= started && started < threads_max_) start_another();
  queue_.push(std::move(submission));
}

void ReadThreads::start_thread() {
  threads_.emplace_back([this] { run(); });
  ++started_;
}

void ReadThreads::start_another() {
  const std::scoped_lock lock(mutex_);
  if (started_ == threads_max_) return;
  try {
    start_thread();
  } catch (const std::system_error& error) {
    log::warning("no thread for another reader, the others go on: {}", error.what());
  }
}

void ReadThreads::run() {
  while (true) {
    const std::vector<ReadSubmission> taken = queue_.take(1);
    if (taken.empty()) return;
    const std::exception_ptr outcome = read(taken.front().work);
    // Before the caller hears of it, whose next read then finds this thread free.
    --unfinished_;
    finish(taken.front().done, outcome);
  }
}

/// Reading again does no harm, so a connection that was lost underway goes unnoticed.
std::exception_ptr ReadThreads::read(const ReadWork& work) {
  for (int attempt = 1;; ++attempt) {
    try {
      try_read(work);
      return nullptr;
    } catch (const Error& error) {
      if (error.code() != ErrorCode::ConnectionLost || attempt == kAttemptsMax)
        return std::current_exception();
      log::warning("a read is tried again: {}", error.what());
    } catch (...) {
      return std::current_exception();
    }
  }
}

void ReadThreads::try_read(const ReadWork& work) {
  const database::Pool::Lease connection = pool_.acquire();
  database::Transaction transaction(*connection, database::Transaction::Mode::Read);
  work(*connection);
  transaction.commit();
}

}  // namespace parley::store
