// No room: in the database file during a rebuild, and on the disk of the backup. SQLite's own page
// limit stands for a full disk, and the process's file size limit for a full backup disk.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>

#include "base/error.h"
#include "faults/shop.h"
#include "migrate/backup.h"
#include "migrate/deployment.h"

namespace parley::test {
namespace {

using testing::ElementsAre;

constexpr const char* kFill =
    "INSERT INTO customers (name) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n "
    "WHERE i < 5000) SELECT substr(hex(zeroblob(20)) || i, 1, 40) FROM n";

TEST(FullDisk, DuringARebuildChangesNothing) {
  const TestDatabase database(TestEngine::Sqlite);
  const Shop shop(database, TestEngine::Sqlite, "shop");
  shop.open();
  {
    const auto connection = shop.connect();
    connection->execute(kFill);
    connection->execute("UPDATE customers SET visits = 0");
    const auto pages =
        database::text_of(database::query(*connection, "PRAGMA page_count").front().front());
    // Room for the journal, and not for a second copy of the customers.
    connection->execute("PRAGMA max_page_count = " + std::to_string(std::stoll(pages) + 30));
    try {
      shop.upgrade(*connection);
      FAIL() << "nothing was thrown";
    } catch (const Error& error) {
      EXPECT_TRUE(error.code() == ErrorCode::DiskFull ||
                  error.code() == ErrorCode::UpgradeIncomplete)
          << error.what();
    }
    EXPECT_EQ(database::query(*connection, "SELECT 1 FROM customers").size(), 5007U);
  }
  // With room again the same command finishes.
  const auto roomy = shop.connect();
  roomy->execute("DELETE FROM customers WHERE id > 7");
  EXPECT_THAT(shop.upgrade(*roomy), ElementsAre("002_grow", "003_tidy"));
  shop.expect_upgraded();
}

class FullBackupDisk : public testing::TestWithParam<TestEngine> {};

INSTANTIATE_TEST_SUITE_P(Engines, FullBackupDisk, testing::ValuesIn(all_engines()),
                         engine_name<testing::TestParamInfo<TestEngine>>);

/// In a process of its own, which may write files of at most a few kilobytes: exit code 0 when the
/// upgrade was stopped by its backup.
bool is_stopped_by_its_backup(const Shop& shop, const std::string& directory) {
  const pid_t child = ::fork();
  if (child == 0) {
    const auto connection = shop.connect();
    Shop limited = shop;
    limited.options().backup_directory = directory;
    std::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{.rlim_cur = 2048, .rlim_max = 2048};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    try {
      limited.upgrade(*connection);
    } catch (const Error& error) {
      ::fprintf(stderr, "%s\n", error.what());
      ::_exit(error.code() == ErrorCode::DiskFull || error.code() == ErrorCode::FileSystem ? 0 : 1);
    } catch (...) {
    }
    ::_exit(2);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

TEST_P(FullBackupDisk, StopsTheUpgradeBeforeAnythingIsChanged) {
  const TestDatabase database(GetParam());
  const TemporaryDirectory directory;
  const Shop shop(database, GetParam(), "shop");
  shop.open();
  EXPECT_TRUE(is_stopped_by_its_backup(shop, directory.path()));
  shop.expect_untouched();
  EXPECT_TRUE(std::filesystem::is_empty(directory.path())) << "half a backup was left";
}

}  // namespace
}  // namespace parley::test
