// The engine's own tables: long texts, and tables that an older program made.

#include "migrate/journal.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "migrate/diff.h"
#include "support/databases.h"

namespace parley::migrate {
namespace {

using test::TestDatabase;
using test::TestEngine;

class JournalTables : public testing::TestWithParam<TestEngine> {
 protected:
  JournalTables()
      : database_(GetParam()),
        connection_(database_.connect()),
        journal_(*connection_, dialect::dialect_of(*connection_)) {}

  JournalRow entry(const std::string& content) const {
    return {.history = "",
            .revision = "001",
            .action = "upgrade",
            .content = content,
            .who = "ada",
            .host = "here",
            .tool_version = "1",
            .started_at = now_};
  }

  Timestamp now_ = parse_timestamp("2026-01-31 09:30:00").value();
  TestDatabase database_;
  std::unique_ptr<database::Connection> connection_;
  Journal journal_;
};

INSTANTIATE_TEST_SUITE_P(Engines, JournalTables, testing::ValuesIn(test::all_engines()),
                         test::engine_name<testing::TestParamInfo<TestEngine>>);

TEST_P(JournalTables, HoldRevisionsAndStatementsOfManyKilobytes) {
  journal_.create_tables();
  const std::string text(300'000, 'x');
  const auto id = journal_.begin(entry(text));
  journal_.step_started(id, 0, text, now_);
  journal_.note_error(id, text);
  EXPECT_EQ(journal_.entries().front().content, text);
  EXPECT_EQ(journal_.entries().front().error, text);
  EXPECT_EQ(journal_.steps(id).front().statement, text);
}

TEST_P(JournalTables, OfAnOlderProgramAreReadAndBroughtUpToDateInPlace) {
  const bool is_postgresql = GetParam() == TestEngine::Postgresql;
  const std::string now = is_postgresql ? "TIMESTAMP" : "DATETIME";
  connection_->execute(
      "CREATE TABLE parley_lock (id INTEGER NOT NULL PRIMARY KEY, who VARCHAR(255) NOT NULL, host "
      "VARCHAR(255) NOT NULL, pid BIGINT NOT NULL, taken_at " +
      now + " NOT NULL)");
  connection_->execute(
      "INSERT INTO parley_lock VALUES (1, 'ada', 'here', 7, '2026-01-31 09:30:00')");
  connection_->execute(
      "CREATE TABLE parley_steps (journal_id INTEGER NOT NULL, position INTEGER NOT NULL, "
      "statement "
      "TEXT NOT NULL, started_at " +
      now + " NOT NULL, finished_at " + now + " NULL, PRIMARY KEY (journal_id, position))");
  connection_->execute(
      "INSERT INTO parley_steps VALUES (3, 0, 'CREATE TABLE t', '2026-01-31 09:30:00', NULL)");
  EXPECT_EQ(journal_.lock_owner().value().pid, 7) << "the older shape cannot be read";
  EXPECT_EQ(journal_.steps(3).front().statement, "CREATE TABLE t");

  journal_.create_tables();
  EXPECT_EQ(journal_.lock_owner().value().pid, 7);
  journal_.beat("here", 7, now_);
  EXPECT_EQ(journal_.lock_owner().value().heartbeat_at, now_);
  journal_.step_advanced(3, 0, 42, "[1]");
  EXPECT_EQ(journal_.steps(3).front().rows, 42);
  EXPECT_EQ(journal_.steps(3).front().resume_at, "[1]");
}

TEST_P(JournalTables, AreLeftAloneTheSecondTime) {
  journal_.create_tables();
  const auto& dialect = dialect::dialect_of(*connection_);
  const auto before = dialect.inspect(*connection_);
  journal_.create_tables();
  EXPECT_TRUE(diff(before, dialect.inspect(*connection_)).empty());
}

}  // namespace
}  // namespace parley::migrate
