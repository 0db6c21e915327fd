#include "database/sqlite/sqlite_connection.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <latch>
#include <thread>

#include "support/databases.h"
#include "support/errors.h"

namespace parley::database {
namespace {

class SqliteOpen : public testing::Test {
 protected:
  std::string path(const std::string& name) const { return directory.path() + "/" + name; }
  void write_file(const std::string& name, std::string_view content) const {
    std::ofstream(path(name)) << content;
  }
  std::optional<Error> error_of_opening(const std::string& name,
                                        Open mode = Open::CreateIfMissing) {
    return test::error_of([&] { open(Url::sqlite_file(path(name)), mode); });
  }
  void expect_error(const std::string& name, ErrorCode code, const std::string& part) {
    const std::optional<Error> error = error_of_opening(name);
    ASSERT_TRUE(error) << name;
    EXPECT_EQ(error->code(), code) << error->what();
    EXPECT_NE(std::string(error->what()).find(part), std::string::npos) << error->what();
    EXPECT_FALSE(error->hint().empty()) << error->what();
  }
  std::string pragma(Connection& connection, const std::string& name) {
    return text_of(query(connection, "PRAGMA " + name).at(0).at(0));
  }

  test::TemporaryDirectory directory;
};

TEST_F(SqliteOpen, IsDurableAndChecksForeignKeys) {
  const auto connection = open(Url::sqlite_file(path("new.db")));
  EXPECT_EQ(pragma(*connection, "journal_mode"), "wal");
  EXPECT_EQ(pragma(*connection, "synchronous"), "2");
  EXPECT_EQ(pragma(*connection, "foreign_keys"), "1");
  EXPECT_EQ(pragma(*connection, "busy_timeout"), "5000");
  EXPECT_EQ(pragma(*connection, "wal_autocheckpoint"), "4000");
  EXPECT_EQ(pragma(*connection, "journal_size_limit"), "67108864");
}

TEST_F(SqliteOpen, WaitsForAWriterBeforeItSwitchesToWal) {
  const Url url = Url::sqlite_file(path("x.db"));
  const auto writer = open(url);
  writer->execute("PRAGMA journal_mode = DELETE; CREATE TABLE t (a INTEGER)");
  writer->begin();
  std::latch is_opening(1);
  std::thread opener([&] {
    is_opening.count_down();
    EXPECT_EQ(test::code_of([&] { open(url); }), std::nullopt);
  });
  is_opening.wait();
  // Long enough, by far, for the other to meet the lock.
  for (std::int64_t i = 0; i < 50'000; ++i) query(*writer, "SELECT ?", {i});
  writer->rollback();
  opener.join();
}

TEST_F(SqliteOpen, MemoryIsADatabaseOfItsOwn) {
  const auto one = open(Url::parse("sqlite://"));
  one->execute("CREATE TABLE t (a INTEGER)");
  const auto two = open(Url::parse("sqlite://"));
  EXPECT_EQ(test::code_of([&] { two->prepare("SELECT * FROM t"); }), ErrorCode::UnknownTable);
  EXPECT_TRUE(one->try_lock("upgrade"));
  EXPECT_TRUE(two->try_lock("upgrade"));
}

TEST_F(SqliteOpen, TextFileIsNotADatabaseAndStaysAsItIs) {
  write_file("notes.txt", "Some notes.\n");
  expect_error("notes.txt", ErrorCode::NotADatabase, path("notes.txt"));
  EXPECT_EQ(std::filesystem::file_size(path("notes.txt")), 12U);
}

TEST_F(SqliteOpen, EmptyFileIsAnEmptyDatabase) {
  write_file("empty.db", "");
  EXPECT_FALSE(error_of_opening("empty.db"));
}

TEST_F(SqliteOpen, NamesTheDirectoryThatIsMissing) {
  expect_error("missing/x.db", ErrorCode::CannotConnect, path("missing") + " does not exist");
}

TEST_F(SqliteOpen, NamesAFileThatIsUsedAsADirectory) {
  write_file("file", "");
  expect_error("file/x.db", ErrorCode::CannotConnect, path("file") + " is not a directory");
}

TEST_F(SqliteOpen, RefusesADirectory) {
  expect_error("", ErrorCode::CannotConnect, "is a directory");
}

TEST_F(SqliteOpen, SaysThatThePlaceMayNotBeWritten) {
  // A place where not even root may make files.
  const std::optional<Error> error =
      test::error_of([&] { open(Url::sqlite_file("/proc/self/parley-test.db")); });
  ASSERT_TRUE(error);
  EXPECT_EQ(error->code(), ErrorCode::PermissionDenied) << error->what();
  EXPECT_NE(std::string(error->what()).find("/proc/self/parley-test.db"), std::string::npos);
}

TEST_F(SqliteOpen, ExistingDoesNotCreate) {
  const std::optional<Error> error = error_of_opening("missing.db", Open::Existing);
  ASSERT_TRUE(error);
  EXPECT_EQ(error->code(), ErrorCode::UnknownDatabase);
  EXPECT_FALSE(std::filesystem::exists(path("missing.db")));
}

TEST_F(SqliteOpen, ReadOnlyReadsAndRefusesToWrite) {
  open(Url::sqlite_file(path("x.db")))->execute("CREATE TABLE t (a INTEGER)");
  Url url = Url::sqlite_file(path("x.db"));
  url.options["mode"] = "ro";
  const auto connection = open(url);
  EXPECT_TRUE(query(*connection, "SELECT * FROM t").empty());
  EXPECT_EQ(test::code_of([&] { connection->execute("INSERT INTO t VALUES (1)"); }),
            ErrorCode::PermissionDenied);
}

TEST_F(SqliteOpen, RefusesUnknownOptions) {
  Url url = Url::sqlite_file(path("x.db"));
  url.options["mod"] = "ro";
  EXPECT_EQ(test::code_of([&] { open(url); }), ErrorCode::InvalidArgument);
}

TEST_F(SqliteOpen, LockFileStaysWhileAnotherHoldsIt) {
  const auto one = open(Url::sqlite_file(path("x.db")));
  auto two = open(Url::sqlite_file(path("x.db")));
  ASSERT_TRUE(one->try_lock("upgrade"));
  EXPECT_FALSE(two->try_lock("upgrade"));
  two.reset();
  const auto three = open(Url::sqlite_file(path("x.db")));
  EXPECT_FALSE(three->try_lock("upgrade"));
}

TEST_F(SqliteOpen, KeepsIntegersThatAreStoredAsSuch) {
  const auto connection = open(Url::parse("sqlite://"));
  EXPECT_EQ(
      query(*connection, "SELECT 1, 1.5, 'x', x'00ff', NULL"),
      (std::vector<Row>{{std::int64_t{1}, 1.5, "x", Blob{std::string("\0\xff", 2)}, Null{}}}));
}

}  // namespace
}  // namespace parley::database
