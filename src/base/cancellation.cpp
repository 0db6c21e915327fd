#include "base/cancellation.h"

#include <exception>
#include <mutex>
#include <utility>
#include <vector>

#include "base/log.h"

namespace parley {
namespace {

using Action = std::function<void()>;

void run(const Action& action) {
  try {
    action();
  } catch (const std::exception& error) {
    log::error("What was to follow a cancellation failed: {}", error.what());
  }
}

}  // namespace

struct Cancellation::State {
  std::mutex mutex;
  bool is_cancelled = false;
  std::vector<std::weak_ptr<Action>> actions;
};

Cancellation::Cancellation() : state_(std::make_shared<State>()) {}

void Cancellation::cancel() const {
  std::vector<std::weak_ptr<Action>> actions;
  {
    const std::lock_guard lock(state_->mutex);
    state_->is_cancelled = true;
    actions = std::exchange(state_->actions, {});
  }
  for (const auto& action : actions) {
    if (const auto wanted = action.lock()) run(*wanted);
  }
}

bool Cancellation::is_cancelled() const {
  const std::lock_guard lock(state_->mutex);
  return state_->is_cancelled;
}

Cancellation::Subscription Cancellation::on_cancel(std::function<void()> action) const {
  Subscription subscription;
  const auto kept = std::make_shared<Action>(std::move(action));
  subscription.action_ = kept;
  {
    const std::lock_guard lock(state_->mutex);
    if (!state_->is_cancelled) {
      std::erase_if(state_->actions, [](const auto& entry) { return entry.expired(); });
      state_->actions.push_back(kept);
      return subscription;
    }
  }
  run(*kept);
  return subscription;
}

}  // namespace parley
