#pragma once

// How somebody who began a long piece of work says that it is no longer wanted. A value: its copies
// are the same cancellation, so one is kept and another handed on. Once cancelled it stays so. Any
// thread.

#include <functional>
#include <memory>

namespace parley {

class Cancellation {
 public:
  /// Keeps what was registered; when it goes, the action is forgotten.
  class Subscription {
   public:
    Subscription() = default;

   private:
    friend class Cancellation;
    std::shared_ptr<void> action_;
  };

  /// One that has not been cancelled.
  Cancellation();

  /// Calls what was registered, on this thread, and returns after that. The second call does
  /// nothing. What an action throws is logged and dropped.
  void cancel() const;
  bool is_cancelled() const;

  /// Calls `action` when it is cancelled, at once when it has been. Once the subscription is gone
  /// the action is not begun any more; one that runs on another thread at that moment may still
  /// be running, so it is to own what it uses.
  [[nodiscard]] Subscription on_cancel(std::function<void()> action) const;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace parley
