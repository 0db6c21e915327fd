// For n = 1, 2, … until the run completes: the n-th statement fails, or the process is killed before
// it; then the same command is run again, without a person. It must end at the same schema, the same
// rows and the right version, whatever n was.

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "base/error.h"
#include "base/log.h"
#include "faults/shop.h"
#include "support/hooked_connection.h"

namespace parley::test {
namespace {

constexpr int kMoreThanEnough = 500;

class EveryStatement : public testing::TestWithParam<TestEngine> {
 protected:
  EveryStatement() : database_(GetParam()) { log::set_level(log::Level::Off); }
  ~EveryStatement() override { log::set_level(log::Level::Info); }

  Shop shop(int n) const { return {database_, GetParam(), "shop" + std::to_string(n)}; }

  TestDatabase database_;
};

INSTANTIATE_TEST_SUITE_P(Engines, EveryStatement, testing::ValuesIn(all_engines()),
                         engine_name<testing::TestParamInfo<TestEngine>>);

/// True when the run completed before its n-th statement.
bool completes_before(const Shop& shop, int n) {
  HookedConnection connection(shop.connect(), [&](int number, std::string_view sql) {
    if (number == n) throw Error(ErrorCode::DatabaseFailure, "injected: " + std::string(sql));
  });
  try {
    shop.upgrade(connection);
    return connection.statements() < n;
  } catch (const Error&) {
    return false;
  }
}

TEST_P(EveryStatement, MayFailAndTheNextRunFinishes) {
  int n = 1;
  for (bool is_complete = false; !is_complete; ++n) {
    SCOPED_TRACE("statement " + std::to_string(n));
    const Shop faulty = shop(n);
    faulty.open();
    is_complete = completes_before(faulty, n);
    if (!is_complete) faulty.upgrade(*faulty.connect());
    faulty.expect_upgraded();
    ASSERT_FALSE(HasFailure());
    ASSERT_LT(n, kMoreThanEnough);
  }
  EXPECT_GT(n, 20) << "so few statements were not the whole upgrade";
}

/// Runs the upgrade in a process of its own, which dies before its n-th statement. True when it
/// lived.
bool survives(const Shop& shop, int n) {
  const pid_t child = ::fork();
  if (child == 0) {
    try {
      HookedConnection connection(shop.connect(), [&](int number, std::string_view) {
        if (number == n) ::raise(SIGKILL);
      });
      shop.upgrade(connection);
      ::_exit(0);
    } catch (const std::exception& error) {
      ::fprintf(stderr, "%s\n", error.what());
      ::_exit(1);
    }
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_TRUE(WIFSIGNALED(status) || WEXITSTATUS(status) == 0) << "the run failed by itself";
  return WIFEXITED(status);
}

TEST_P(EveryStatement, MayBeTheLastOfAKilledProcessAndTheNextRunFinishes) {
  int n = 1;
  for (bool is_complete = false; !is_complete; ++n) {
    SCOPED_TRACE("statement " + std::to_string(n));
    const Shop killed = shop(n);
    killed.open();
    is_complete = survives(killed, n);
    if (!is_complete) killed.upgrade(*killed.connect());
    killed.expect_upgraded();
    ASSERT_FALSE(HasFailure());
    ASSERT_LT(n, kMoreThanEnough);
  }
  EXPECT_GT(n, 20) << "so few statements were not the whole upgrade";
}

}  // namespace
}  // namespace parley::test
