#include "base/cancellation.h"

#include <gtest/gtest.h>

#include <stdexcept>

namespace parley {
namespace {

TEST(Cancellation, TellsItsCopies) {
  const Cancellation cancellation;
  const Cancellation copy = cancellation;
  EXPECT_FALSE(copy.is_cancelled());
  cancellation.cancel();
  EXPECT_TRUE(copy.is_cancelled());
  EXPECT_FALSE(Cancellation().is_cancelled());
}

TEST(Cancellation, CallsWhatWasRegisteredOnce) {
  const Cancellation cancellation;
  int calls = 0;
  const auto subscription = cancellation.on_cancel([&] { ++calls; });
  cancellation.cancel();
  cancellation.cancel();
  EXPECT_EQ(calls, 1);
}

TEST(Cancellation, CallsAtOnceWhatComesLate) {
  const Cancellation cancellation;
  cancellation.cancel();
  int calls = 0;
  const auto subscription = cancellation.on_cancel([&] { ++calls; });
  EXPECT_EQ(calls, 1);
}

TEST(Cancellation, ForgetsAnActionWithItsSubscription) {
  const Cancellation cancellation;
  int calls = 0;
  {
    const auto subscription = cancellation.on_cancel([&] { ++calls; });
  }
  cancellation.cancel();
  EXPECT_EQ(calls, 0);
}

TEST(Cancellation, GoesOnAfterAnActionThatFails) {
  const Cancellation cancellation;
  int calls = 0;
  const auto first = cancellation.on_cancel([] { throw std::runtime_error("no"); });
  const auto second = cancellation.on_cancel([&] { ++calls; });
  cancellation.cancel();
  EXPECT_EQ(calls, 1);
}

}  // namespace
}  // namespace parley
