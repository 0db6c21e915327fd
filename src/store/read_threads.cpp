#include "store/read_threads.h"

#include <utility>

#include "base/error.h"
#include "base/log.h"
#include "database/transaction.h"

namespace parley::store {
namespace {

constexpr int kAttemptsMax = 3;

}  // namespace

ReadThreads::ReadThreads(std::function<std::unique_ptr<database::Connection>()> open, int threads,
                         std::size_t waiting_max)
    : pool_(std::move(open), threads), queue_(waiting_max) {
  for (int i = 0; i < threads; ++i) threads_.emplace_back([this] { run(); });
}

ReadThreads::~ReadThreads() {
  queue_.close();
  for (std::thread& thread : threads_) thread.join();
}

void ReadThreads::run() {
  while (true) {
    const std::vector<ReadSubmission> taken = queue_.take(1);
    if (taken.empty()) return;
    finish(taken.front().done, read(taken.front().work));
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
