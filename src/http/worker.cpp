#include "http/worker.h"

#include <exception>

#include "base/check.h"
#include "base/log.h"

namespace parley::http {
namespace {

void run_logged(const std::function<void()>& work) {
  try {
    work();
  } catch (const std::exception& error) {
    log::error("Work on a worker thread failed: {}", error.what());
  }
}

}  // namespace

WorkerThreads::WorkerThreads(int threads, std::size_t queue_max) : queue_max_(queue_max) {
  PARLEY_CHECK(threads >= 1 && queue_max >= 1);
  for (int i = 0; i < threads; ++i) threads_.emplace_back([this] { run(); });
}

WorkerThreads::~WorkerThreads() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  for (auto& thread : threads_) thread.join();
}

bool WorkerThreads::submit(std::function<void()> work) {
  {
    const std::lock_guard lock(mutex_);
    if (queue_.size() >= queue_max_) return false;
    queue_.push_back(std::move(work));
  }
  changed_.notify_one();
  return true;
}

void WorkerThreads::run() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
    if (queue_.empty()) return;
    auto work = std::move(queue_.front());
    queue_.pop_front();
    lock.unlock();
    run_logged(work);
    // Destroyed before the lock is taken: what `work` captured may end with a long destructor.
    work = nullptr;
    lock.lock();
  }
}

}  // namespace parley::http
