#include "store/submission_queue.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "base/check.h"
#include "base/error.h"
#include "base/log.h"

namespace parley::store {

void Submission::finish(const std::exception_ptr& outcome) const noexcept {
  try {
    done(outcome);
  } catch (const std::exception& error) {
    log::error("what follows a database transaction failed: {}", error.what());
  } catch (...) {
    log::error("what follows a database transaction failed");
  }
}

SubmissionQueue::SubmissionQueue(std::size_t waiting_max) : waiting_max_(waiting_max) {
  PARLEY_CHECK(waiting_max >= 1);
}

void SubmissionQueue::push(Submission submission) {
  if (try_push(submission)) return;
  submission.finish(std::make_exception_ptr(
      Error(ErrorCode::Unavailable,
            fmt::format("{} requests already wait for the database", waiting_max_),
            "Try again shortly.")));
}

bool SubmissionQueue::try_push(Submission& submission) {
  {
    const std::scoped_lock lock(mutex_);
    PARLEY_CHECK(!is_closed_);
    if (waiting_.size() >= waiting_max_) return false;
    waiting_.push_back(std::move(submission));
  }
  changed_.notify_one();
  return true;
}

std::vector<Submission> SubmissionQueue::take(std::size_t count_max) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return is_closed_ || !waiting_.empty(); });
  const auto end =
      waiting_.begin() + static_cast<std::ptrdiff_t>(std::min(count_max, waiting_.size()));
  std::vector<Submission> taken(std::move_iterator(waiting_.begin()), std::move_iterator(end));
  waiting_.erase(waiting_.begin(), end);
  return taken;
}

void SubmissionQueue::close() {
  {
    const std::scoped_lock lock(mutex_);
    is_closed_ = true;
  }
  changed_.notify_all();
}

}  // namespace parley::store
