#include "api/loop.h"

#include "base/log.h"

namespace parley::api {

Loop::Loop(std::string name, std::function<bool()> round, std::chrono::milliseconds every)
    : name_(std::move(name)), round_(std::move(round)), every_(every) {
  thread_ = std::thread([this] { run(); });
}

Loop::~Loop() {
  {
    const std::scoped_lock lock(mutex_);
    is_ending_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void Loop::wake() {
  {
    const std::scoped_lock lock(mutex_);
    is_woken_ = true;
  }
  changed_.notify_all();
}

bool Loop::is_ending() const {
  const std::scoped_lock lock(mutex_);
  return is_ending_;
}

bool Loop::work() {
  try {
    return round_();
  } catch (const std::exception& error) {
    log::warning("{} had trouble, which is tried again: {}", name_, error.what());
    return false;
  }
}

void Loop::run() {
  std::unique_lock lock(mutex_);
  while (!is_ending_) {
    is_woken_ = false;
    lock.unlock();
    const bool has_more = work();
    lock.lock();
    if (has_more) continue;
    changed_.wait_for(lock, every_, [this] { return is_woken_ || is_ending_; });
  }
}

}  // namespace parley::api
