#include "http/worker.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>

#include "base/log.h"

namespace parley::http {
namespace {

TEST(WorkerThreads, FinishWhatTheyAcceptedBeforeTheyEnd) {
  std::atomic<int> done = 0;
  {
    WorkerThreads workers(2, 100);
    for (int i = 0; i < 100; ++i) {
      ASSERT_TRUE(workers.submit([&done] { ++done; }));
    }
  }
  EXPECT_EQ(done, 100);
}

TEST(WorkerThreads, RefuseMoreThanTheQueueHolds) {
  std::promise<void> begun;
  std::promise<void> release;
  WorkerThreads workers(1, 1);
  ASSERT_TRUE(workers.submit([&] {
    begun.set_value();
    release.get_future().wait();
  }));
  begun.get_future().wait();
  EXPECT_TRUE(workers.submit([] {}));
  EXPECT_FALSE(workers.submit([] {}));
  release.set_value();
}

TEST(WorkerThreads, GoOnAfterAnException) {
  log::set_level(log::Level::Off);
  std::promise<void> reached;
  {
    WorkerThreads workers(1, 2);
    EXPECT_TRUE(workers.submit([] { throw std::runtime_error("broken"); }));
    EXPECT_TRUE(workers.submit([&] { reached.set_value(); }));
  }
  log::set_level(log::Level::Info);
  EXPECT_EQ(reached.get_future().wait_for(std::chrono::seconds(0)), std::future_status::ready);
}

}  // namespace
}  // namespace parley::http
