#include "migrate/backup.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "base/error.h"
#include "migrate/executor.h"
#include "support/databases.h"

namespace parley::migrate {
namespace {

using namespace schema;
using test::TemporaryDirectory;
using test::TestDatabase;
using test::TestEngine;
using testing::HasSubstr;

Table people() {
  return Table{.name = "people",
               .columns = {{.name = "id", .type = integer(), .auto_increment = true},
                           {.name = "name", .type = string(100)},
                           {.name = "weight", .type = double_number(), .nullable = true},
                           {.name = "picture", .type = binary(), .nullable = true},
                           {.name = "is_here", .type = boolean(), .default_value = true},
                           {.name = "boss_id", .type = integer(), .nullable = true},
                           {.name = "born_at", .type = datetime(), .nullable = true}},
               .primary_key = PrimaryKey{.columns = {"id"}},
               .foreign_keys = {{.columns = {"boss_id"},
                                 .referenced_table = "people",
                                 .referenced_columns = {"id"}}},
               .indexes = {{.name = "idx_people_name", .parts = {{.column = "name"}}}}};
}

/// Without a primary key.
Table notes() {
  return Table{.name = "notes", .columns = {{.name = "body", .type = text(), .nullable = true}}};
}

NamespaceDefinition definition() {
  Revision first{.id = "001_people",
                 .message = "people",
                 .upgrade = {CreateTable{people()}, CreateTable{notes()}},
                 .file = "001.yaml"};
  Revision second{.id = "002_lose",
                  .down_revisions = {"001_people"},
                  .message = "lose a column",
                  .upgrade = {DropColumn{"people", "weight"}},
                  .file = "002.yaml"};
  return {.histories = {HistoryDefinition{.declared_tables = {people(), notes()}}},
          .graph = History({first, second})};
}

class Backup : public testing::TestWithParam<TestEngine> {
 protected:
  Backup() : database_(GetParam()), connection_(database_.connect()) {
    upgrade(deployment_, "001_people", "", options_);
    connection_->execute(
        "INSERT INTO people (name, boss_id, weight, born_at) VALUES "
        "('Ada', 1, 61.3, '1815-12-10 00:00:00'), ('Öpik \"the\" 🐱', 1, NULL, NULL)");
    database::Statement& insert =
        connection_->prepare("INSERT INTO people (name, picture, is_here) VALUES (?, ?, ?)");
    insert.execute({std::string("gone\nsoon"), Blob{std::string("\0\xff'", 3)}, false});
    for (int i = 0; i < 3; ++i) insert.execute({std::string("x"), Null{}, true});
    connection_->execute("DELETE FROM people WHERE id > 4");
    connection_->execute("INSERT INTO notes VALUES ('same'), ('same'), (NULL)");
  }

  std::filesystem::path save() {
    return back_up(deployment_, {.file = directory_.path() + "/saved", .tool_version = "test"})
        .file;
  }
  RestoreOptions replacing() const {
    return {.replaces = true, .directory = directory_.path(), .execution = options_};
  }
  std::vector<database::Row> rows(database::Connection& connection, const std::string& table) {
    return database::query(connection, "SELECT * FROM " + table + " ORDER BY 1");
  }
  std::int64_t next_id(database::Connection& connection) {
    connection.execute("INSERT INTO people (name) VALUES ('next')");
    return database::integer_of(
        database::query(connection, "SELECT MAX(id) FROM people").front().front());
  }
  std::string error_of(const std::function<void()>& work, ErrorCode code) {
    try {
      work();
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), code) << error.what();
      return error.what();
    }
    ADD_FAILURE() << "nothing was thrown";
    return {};
  }

  TestDatabase database_;
  TemporaryDirectory directory_;
  std::unique_ptr<database::Connection> connection_;
  SystemClock clock_;
  ExecuteOptions options_{.lock_patience = std::chrono::milliseconds(100), .tool_version = "test"};
  NamespaceDefinition definition_ = definition();
  Deployment deployment_{*connection_, definition_, clock_};
};

INSTANTIATE_TEST_SUITE_P(Engines, Backup, testing::ValuesIn(test::all_engines()),
                         test::engine_name<testing::TestParamInfo<TestEngine>>);

/// ENUM and SET are sorted by position and compare as text; SQLite allows NULL in such a key.
TEST_P(Backup, HoldsEveryRowOfAKeyThatCannotBeWalked) {
  const bool is_sqlite = GetParam() == TestEngine::Sqlite;
  if (GetParam() == TestEngine::Mariadb) {
    connection_->execute(
        "CREATE TABLE odd (kind ENUM('z', 'm', 'a') NOT NULL, n INT NOT NULL, PRIMARY KEY (kind, "
        "n))");
  } else {
    connection_->execute("CREATE TABLE odd (kind VARCHAR(1)" +
                         std::string(is_sqlite ? "" : " NOT NULL") +
                         ", n INT NOT NULL, PRIMARY KEY (kind, n))");
  }
  for (const std::string kind : {"'z'", "'m'", is_sqlite ? "NULL" : "'a'"}) {
    connection_->execute(
        "INSERT INTO odd (kind, n) WITH RECURSIVE numbers AS (SELECT 1 AS n UNION ALL "
        "SELECT n + 1 FROM numbers WHERE n < 900) SELECT " +
        kind + ", n FROM numbers");
  }
  const auto saved = save();
  connection_->execute("DELETE FROM odd");
  restore(deployment_, saved, replacing());
  EXPECT_EQ(database::integer_of(database::query(*connection_, "SELECT COUNT(*) FROM odd")[0][0]),
            2700);
}

TEST_P(Backup, BringsEveryRowIntoAnEmptyDatabase) {
  const auto file = save();
  EXPECT_EQ(std::filesystem::status(file).permissions(), std::filesystem::perms(0600));
  const TestDatabase other(GetParam());
  const auto connection = other.connect();
  Deployment target(*connection, definition_, clock_);
  const auto report = restore(target, file, {.execution = options_});
  EXPECT_EQ(report.tables, 7);
  EXPECT_EQ(rows(*connection, "people"), rows(*connection_, "people"));
  EXPECT_EQ(rows(*connection, "notes"), rows(*connection_, "notes"));
  EXPECT_TRUE(target.state().applied.contains("001_people"));
  EXPECT_TRUE(target.drift(target.state()).is_clean());
  EXPECT_FALSE(target.journal().lock_owner());
  EXPECT_EQ(next_id(*connection), 7) << "ids of deleted rows came back";
}

TEST_P(Backup, BeginsTheEventLogAnewSoThatNobodyResumesInAnotherOne) {
  connection_->execute(
      "CREATE TABLE event_log (id INTEGER NOT NULL PRIMARY KEY, epoch VARCHAR(36) NOT NULL, "
      "last_offset BIGINT NOT NULL)");
  connection_->execute("INSERT INTO event_log VALUES (1, 'the first', 7)");
  const auto file = save();
  connection_->execute("UPDATE event_log SET last_offset = 9");
  restore(deployment_, file, replacing());
  const auto log = rows(*connection_, "event_log");
  ASSERT_EQ(log.size(), 1U);
  EXPECT_NE(log.front().at(1), Value("the first"));
  EXPECT_EQ(database::integer_of(log.front().at(2)), 7);
}

TEST_P(Backup, ReplacesWhatIsThereOnlyWhenToldAndKeepsItFirst) {
  const auto file = save();
  const auto saved = rows(*connection_, "people");
  connection_->execute("INSERT INTO people (name) VALUES ('later')");
  EXPECT_THAT(error_of([&] { restore(deployment_, file, {.execution = options_}); },
                       ErrorCode::RefusedForSafety),
              HasSubstr("not empty"));
  const auto now = rows(*connection_, "people");
  restore(deployment_, file, replacing());
  EXPECT_EQ(rows(*connection_, "people"), saved);
  const bool is_beside = GetParam() == TestEngine::Sqlite;
  const std::filesystem::path folder =
      is_beside ? std::filesystem::path(database_.url().database).parent_path()
                : std::filesystem::path(directory_.path());
  std::filesystem::path kept;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().string().find(".backup-") != std::string::npos) kept = entry.path();
  }
  restore(deployment_, kept, replacing());
  EXPECT_EQ(rows(*connection_, "people"), now);
}

TEST_P(Backup, CutShortIsFoundOutBeforeAnythingIsChanged) {
  const auto file = save();
  std::filesystem::resize_file(file, std::filesystem::file_size(file) / 2);
  const auto before = rows(*connection_, "people");
  EXPECT_THROW(restore(deployment_, file, replacing()), Error);
  EXPECT_EQ(rows(*connection_, "people"), before);
}

TEST_P(Backup, NeverOverwritesAFile) {
  const auto file = save();
  EXPECT_THAT(error_of([&] { save(); }, ErrorCode::FileSystem), HasSubstr("exists already"));
  EXPECT_TRUE(std::filesystem::exists(file));
}

TEST_P(Backup, IsTakenBeforeValuesAreDroppedAndNotOtherwise) {
  const TemporaryDirectory folder;
  options_.backup_directory = folder.path();
  const std::filesystem::path beside =
      std::filesystem::path(database_.url().database).parent_path();
  const auto backups = [&] {
    std::vector<std::string> names;
    const auto where = GetParam() == TestEngine::Sqlite ? beside.string() : folder.path();
    for (const auto& entry : std::filesystem::directory_iterator(where)) {
      if (entry.path().string().find(".backup-") != std::string::npos) {
        names.push_back(entry.path().string());
      }
    }
    return names;
  };
  const auto before = rows(*connection_, "people");
  upgrade(deployment_, "head", "", options_);
  ASSERT_EQ(backups().size(), 1U);
  restore(deployment_, backups().front(), replacing());
  EXPECT_EQ(rows(*connection_, "people"), before);
  EXPECT_TRUE(deployment_.state().applied == Applied{"001_people"});
  connection_->execute("UPDATE people SET boss_id = NULL");
  connection_->execute("DELETE FROM people");
  const auto taken = backups().size();
  upgrade(deployment_, "head", "", options_);
  EXPECT_EQ(backups().size(), taken) << "nothing was lost, and still a backup was taken";
}

TEST(LogicalBackup, WithAWrongRowIsRefused) {
  const TestDatabase database(TestEngine::Postgresql);
  const auto connection = database.connect();
  const SystemClock clock;
  const NamespaceDefinition definition = migrate::definition();
  const TemporaryDirectory directory;
  Deployment deployment(*connection, definition, clock);
  upgrade(deployment, "001_people", "", {.tool_version = "test"});
  connection->execute("INSERT INTO notes VALUES ('kept word')");
  const auto file = back_up(deployment, {.file = directory.path() + "/saved"}).file;
  std::ifstream in(file);
  std::string text((std::istreambuf_iterator<char>(in)), {});
  text.replace(text.find("kept word"), 4, "lost");
  std::ofstream(file) << text;
  try {
    restore(deployment, file, {.replaces = true, .directory = directory.path()});
    FAIL() << "nothing was thrown";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("rows of notes are not those of the backup"));
  }
  EXPECT_EQ(database::query(*connection, "SELECT body FROM notes WHERE body = 'kept word'").size(),
            1U);
}

}  // namespace
}  // namespace parley::migrate
