#include "api/loop.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <semaphore>
#include <stdexcept>

namespace parley::api {
namespace {

using namespace std::chrono_literals;

/// Released once in each round.
using Rounds = std::counting_semaphore<64>;

TEST(Loop, WorksAtOnceAndWhenItIsWoken) {
  Rounds rounds(0);
  Loop loop("the test", [&] { return rounds.release(), false; }, 1h);
  ASSERT_TRUE(rounds.try_acquire_for(10s));
  loop.wake();
  EXPECT_TRUE(rounds.try_acquire_for(10s));
}

TEST(Loop, GoesOnWhileThereIsMoreToDo) {
  Rounds rounds(0);
  std::atomic<int> left = 3;
  const Loop loop("the test", [&] { return rounds.release(), --left > 0; }, 1h);
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(rounds.try_acquire_for(10s));
}

TEST(Loop, WorksAgainWhenItsTimeHasPassed) {
  Rounds rounds(0);
  const Loop loop("the test", [&] { return rounds.release(), false; }, 1ms);
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(rounds.try_acquire_for(10s));
}

TEST(Loop, OutlivesTheTroubleOfARound) {
  Rounds rounds(0);
  Loop loop("the test", [&]() -> bool { throw(rounds.release(), std::runtime_error("no")); }, 1h);
  ASSERT_TRUE(rounds.try_acquire_for(10s));
  loop.wake();
  EXPECT_TRUE(rounds.try_acquire_for(10s));
}

TEST(Loop, EndsWhenARoundLooksWhetherItShould) {
  std::promise<void> begun;
  std::atomic<Loop*> self = nullptr;
  auto loop = std::make_unique<Loop>(
      "the test",
      [&] {
        if (self == nullptr) return true;
        begun.set_value();
        while (!self.load()->is_ending()) std::this_thread::yield();
        return false;
      },
      1h);
  self = loop.get();
  begun.get_future().wait();
  loop.reset();
}

}  // namespace
}  // namespace parley::api
