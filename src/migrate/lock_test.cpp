// Who holds the lock, and what a note of it means that nobody stands behind. That one deployer
// waits for another is in executor_test.cpp.

#include "migrate/lock.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "migrate/journal.h"
#include "support/databases.h"

namespace parley::migrate {
namespace {

using testing::HasSubstr;
using testing::Not;

const Timestamp kNow = parse_timestamp("2026-01-31 09:30:00").value();

LockRow row(const std::string& host, std::int64_t pid) {
  return {.id = 1,
          .who = "ada",
          .host = host,
          .pid = pid,
          .taken_at = kNow - std::chrono::minutes(10),
          .heartbeat_at = kNow - std::chrono::seconds(3)};
}

/// The number of a process that has ended.
pid_t dead_process() {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(0);
  ::waitpid(child, nullptr, 0);
  return child;
}

TEST(LockHolder, IsNamedWithHostProcessAndLastSignOfLife) {
  EXPECT_EQ(describe_holder(row("elsewhere", 77), kNow),
            "ada on elsewhere (pid 77) since 2026-01-31 09:20:00 UTC, last sign of life 3 s ago");
}

TEST(LockHolder, ThatWasSilentForLongMayHang) {
  LockRow silent = row("elsewhere", 77);
  silent.heartbeat_at.reset();
  EXPECT_THAT(describe_holder(silent, kNow), HasSubstr("600 s ago; it may hang"));
}

TEST(LockHolder, IsNotTheDeadOneOfTheNote) {
  EXPECT_THAT(describe_holder(row(current_host(), dead_process()), kNow),
              HasSubstr("another process (the note of ada"));
}

TEST(LeftoverNote, OfThisMachineIsOfARunThatDied) {
  EXPECT_THAT(describe_leftover(row(current_host(), dead_process())),
              HasSubstr("died without giving it back"));
}

TEST(LeftoverNote, OfALivingProcessSaysThatItsConnectionIsGone) {
  EXPECT_THAT(describe_leftover(row(current_host(), getpid())), HasSubstr("connection is gone"));
}

TEST(LeftoverNote, OfAnotherMachineIsForeign) {
  EXPECT_THAT(describe_leftover(row("elsewhere", 77)), HasSubstr("came with a restored backup"));
}

class LockHeart : public testing::TestWithParam<test::TestEngine> {};

INSTANTIATE_TEST_SUITE_P(Engines, LockHeart, testing::ValuesIn(test::all_engines()),
                         test::engine_name<testing::TestParamInfo<test::TestEngine>>);

TEST_P(LockHeart, BeatsWhileTheDeployersConnectionIsBusy) {
  const test::TestDatabase database(GetParam());
  const auto connection = database.connect();
  ManualClock clock(kNow);
  Journal journal(*connection, dialect::dialect_of(*connection));
  journal.create_tables();
  journal.set_lock_owner({.id = 1,
                          .who = "ada",
                          .host = current_host(),
                          .pid = getpid(),
                          .taken_at = kNow,
                          .heartbeat_at = kNow});
  clock.advance(std::chrono::minutes(1));
  const auto patience = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  const Heartbeat heartbeat(*connection, clock, std::chrono::milliseconds(1));
  while (journal.lock_owner()->heartbeat_at == kNow) {
    ASSERT_LT(std::chrono::steady_clock::now(), patience) << "no beat came";
    std::this_thread::yield();
  }
  EXPECT_EQ(journal.lock_owner()->heartbeat_at, clock.now());
}

}  // namespace
}  // namespace parley::migrate
