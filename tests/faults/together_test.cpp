// Revisions that share a transaction: for n = 1, 2, … the n-th statement fails, or the process dies
// before it. Whatever happens, a revision is there with its journal entry or not at all, and what
// is right comes about though a later one is wrong.

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "base/error.h"
#include "base/log.h"
#include "migrate/deployment.h"
#include "migrate/diff.h"
#include "migrate/executor.h"
#include "support/databases.h"
#include "support/hooked_connection.h"

namespace parley::test {
namespace {

using namespace schema;
using migrate::Revision;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr int kMoreThanEnough = 500;

Revision revision(int number, std::vector<Change> upgrade) {
  Revision revision{.id = fmt::format("{:04}", number), .upgrade = std::move(upgrade)};
  if (number > 1) revision.down_revisions = {fmt::format("{:04}", number - 1)};
  return revision;
}

Change table(const std::string& name) {
  return CreateTable{{.name = name,
                      .columns = {{.name = "id", .type = integer(), .auto_increment = true},
                                  {.name = "name", .type = string(40)}},
                      .primary_key = PrimaryKey{.columns = {"id"}}}};
}

Change index(const std::string& name) {
  return CreateIndex{name, {.name = "idx_" + name, .parts = {{.column = "name"}}}};
}

Change column(const std::string& name) {
  return AddColumn{name, {.name = "more", .type = integer(), .nullable = true}};
}

std::vector<Revision> revisions() {
  return {revision(1, {table("a"), index("a")}), revision(2, {table("b"), index("b")}),
          revision(3, {column("a"), column("b")}), revision(4, {})};
}

class Together : public testing::Test {
 protected:
  Together() { log::set_level(log::Level::Off); }
  ~Together() override { log::set_level(log::Level::Info); }

  std::unique_ptr<database::Connection> connect(int n) const {
    return database::open(
        database::Url::sqlite_file(fmt::format("{}.{}", database_.url().database, n)));
  }

  void upgrade(database::Connection& connection) const { upgrade(connection, right_); }
  void upgrade(database::Connection& connection,
               const migrate::NamespaceDefinition& definition) const {
    migrate::Deployment deployment(connection, definition, clock_);
    migrate::upgrade(deployment, "head", "",
                     {.tool_version = "test", .retries = 0, .retry_pause = {}});
  }

  /// The revisions that are applied, after it was looked that everything says so.
  std::vector<std::string> reached(int n) const {
    const auto connection = connect(n);
    migrate::Deployment deployment(*connection, right_, clock_);
    const auto state = deployment.state();
    EXPECT_THAT(migrate::diff(deployment.live(), deployment.recorded(state)), IsEmpty());
    EXPECT_FALSE(deployment.journal().half_done());
    std::vector<std::string> finished;
    if (!state.applied.empty()) {
      for (const migrate::JournalRow& entry : deployment.journal().entries()) {
        if (!entry.error) finished.push_back(entry.revision);
        EXPECT_TRUE(entry.finished_at);
        EXPECT_TRUE(entry.error || entry.steps_done == entry.steps_total);
      }
    }
    EXPECT_EQ(finished, std::vector(state.applied.begin(), state.applied.end()));
    const auto marker = deployment.journal().marker().value_or(std::vector<std::string>());
    EXPECT_EQ(marker, std::vector(finished.end() - (finished.empty() ? 0 : 1), finished.end()));
    return finished;
  }

  static migrate::NamespaceDefinition define(std::vector<Revision> revisions) {
    return {.name = "",
            .histories = {migrate::HistoryDefinition{}},
            .graph = migrate::History(std::move(revisions))};
  }

  TestDatabase database_{TestEngine::Sqlite};
  migrate::NamespaceDefinition right_ = define(revisions());
  SystemClock clock_;
};

TEST_F(Together, RevisionsCostOneCommit) {
  int commits = 0;
  HookedConnection connection(connect(0), [&](int, std::string_view sql) {
    if (sql == "COMMIT") ++commits;
  });
  upgrade(connection);
  EXPECT_THAT(reached(0), ElementsAre("0001", "0002", "0003", "0004"));
  EXPECT_LE(commits, 2) << "the marker taken over, and the revisions";
}

TEST_F(Together, AStatementMayFailAndTheNextRunFinishes) {
  bool is_complete = false;
  for (int n = 1; !is_complete; ++n) {
    SCOPED_TRACE("statement " + std::to_string(n));
    HookedConnection connection(connect(n), [&](int number, std::string_view sql) {
      if (number == n) throw Error(ErrorCode::DatabaseFailure, "injected: " + std::string(sql));
    });
    try {
      upgrade(connection);
      is_complete = connection.statements() < n;
    } catch (const Error&) {
      reached(n);
    }
    upgrade(*connect(n));
    EXPECT_THAT(reached(n), ElementsAre("0001", "0002", "0003", "0004"));
    ASSERT_FALSE(HasFailure());
    ASSERT_LT(n, kMoreThanEnough);
  }
}

TEST_F(Together, AProcessMayDieAndTheNextRunFinishes) {
  bool is_complete = false;
  for (int n = 1; !is_complete; ++n) {
    SCOPED_TRACE("statement " + std::to_string(n));
    const pid_t child = ::fork();
    if (child == 0) {
      HookedConnection connection(connect(n), [&](int number, std::string_view) {
        if (number == n) ::raise(SIGKILL);
      });
      upgrade(connection);
      ::_exit(0);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    is_complete = WIFEXITED(status);
    EXPECT_TRUE(is_complete || WTERMSIG(status) == SIGKILL) << "the run failed by itself";
    reached(n);
    upgrade(*connect(n));
    EXPECT_THAT(reached(n), ElementsAre("0001", "0002", "0003", "0004"));
    ASSERT_FALSE(HasFailure());
    ASSERT_LT(n, kMoreThanEnough);
  }
}

TEST_F(Together, ARevisionThatFailsLeavesThoseBeforeIt) {
  auto wrong = revisions();
  wrong[2].upgrade.push_back(
      CreateIndex{"a", {.name = "idx_wrong", .parts = {{.expression = "no_such_function(name)"}}}});
  const auto connection = connect(0);
  try {
    upgrade(*connection, define(wrong));
    FAIL() << "nothing was thrown";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("no_such_function"));
  }
  EXPECT_THAT(reached(0), ElementsAre("0001", "0002"));
  migrate::Deployment deployment(*connection, right_, clock_);
  const auto entries = deployment.journal().entries();
  ASSERT_EQ(entries.size(), 3U);
  EXPECT_EQ(entries.back().revision, "0003");
  EXPECT_THAT(entries.back().error.value_or(""), HasSubstr("no_such_function"));
}

}  // namespace
}  // namespace parley::test
