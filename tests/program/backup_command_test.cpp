// parley db backup and restore, and the backup that an upgrade takes by itself, as a person sees
// them.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "base/text.h"
#include "support/databases.h"
#include "support/process.h"

namespace parley::test {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

class BackupCommand : public testing::Test {
 protected:
  BackupCommand() {
    std::filesystem::create_directory(directory_.path() + "/migrations");
    write(
        "001_people.yaml",
        "revision: 001_people\nmessage: people\nupgrade:\n  - create_table: people\n    columns:\n"
        "      - id: integer auto_increment\n      - name: text\n      - weight: integer null\n"
        "    primary_key: [id]\n");
    write("002_lose.yaml",
          "revision: 002_lose\ndown_revision: 001_people\nmessage: lose\nupgrade:\n"
          "  - drop_column: people.weight\n");
  }

  void write(const std::string& file, const std::string& text) const {
    std::ofstream(directory_.path() + "/migrations/" + file) << text;
  }
  Outcome db(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), "db");
    arguments.insert(arguments.end(), {"--url", "sqlite:///people.db", "--dir", "migrations"});
    return run_parley(arguments, directory_.path());
  }
  void expect_done(const std::vector<std::string>& arguments) const {
    const Outcome outcome = db(arguments);
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  }
  std::vector<std::string> backups() const {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(directory_.path())) {
      const std::string name = entry.path().filename().string();
      if (name.find(".backup-") != std::string::npos) names.push_back(name);
    }
    return names;
  }
  std::unique_ptr<database::Connection> people() const {
    return database::open(database::Url::sqlite_file(directory_.path() + "/people.db"));
  }
  void fill() const {
    expect_done({"upgrade", "001_people"});
    people()->execute("INSERT INTO people (name, weight) VALUES ('Ada', 61)");
  }

  TemporaryDirectory directory_;
};

TEST_F(BackupCommand, WritesAFileThatRestoreBringsBack) {
  fill();
  const Outcome saved = db({"backup", "--output", "saved.db"});
  EXPECT_EQ(saved.exit_code, 0) << saved.err;
  EXPECT_THAT(saved.out, HasSubstr("Backup of "));
  EXPECT_THAT(saved.out, HasSubstr("saved.db"));
  people()->execute("DELETE FROM people");
  const Outcome refused = db({"restore", "saved.db"});
  EXPECT_EQ(refused.exit_code, 3);
  EXPECT_THAT(refused.err, HasSubstr("--force"));
  expect_done({"restore", "saved.db", "--force"});
  EXPECT_THAT(database::query(*people(), "SELECT 1 FROM people WHERE weight = 61"), SizeIs(1));
}

TEST_F(BackupCommand, RunsByItselfBeforeAColumnIsDropped) {
  fill();
  const Outcome outcome = db({"upgrade"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.err, HasSubstr("Backing up first: drop column people.weight"));
  ASSERT_THAT(backups(), SizeIs(1));
  EXPECT_THAT(outcome.err, HasSubstr(backups().front()));
  expect_done({"restore", backups().front(), "--force"});
  EXPECT_THAT(database::query(*people(), "SELECT weight FROM people"), SizeIs(1));
}

TEST_F(BackupCommand, IsLeftOutWhenToldSo) {
  fill();
  const Outcome outcome = db({"upgrade", "--no-backup"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(backups(), IsEmpty());
}

TEST_F(BackupCommand, IsNotTakenWhenNothingIsThereToLose) {
  expect_done({"upgrade"});
  expect_done({"downgrade", "base"});
  EXPECT_THAT(backups(), IsEmpty());
}

TEST_F(BackupCommand, SaysWhatIsNoTimeToWait) {
  const Outcome outcome = db({"upgrade", "--lock-timeout", "-5"});
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("--lock-timeout"));
}

TEST_F(BackupCommand, ThatIsNoBackupIsRefusedUntouched) {
  fill();
  std::ofstream(directory_.path() + "/other.txt") << "hello";
  EXPECT_NE(db({"restore", "other.txt", "--force"}).exit_code, 0);
  EXPECT_EQ(db({"restore", "nowhere.db", "--force"}).exit_code, 5);
  EXPECT_THAT(database::query(*people(), "SELECT 1 FROM people"), SizeIs(1));
}

TEST_F(BackupCommand, AnEditedRevisionIsShownAsADifference) {
  expect_done({"upgrade", "001_people"});
  write("001_people.yaml",
        "revision: 001_people\nmessage: people\nupgrade:\n  - create_table: people\n    columns:\n"
        "      - id: integer auto_increment\n      - name: text\n      - height: integer null\n"
        "    primary_key: [id]\n");
  const Outcome outcome = db({"upgrade"});
  EXPECT_EQ(outcome.exit_code, 3);
  EXPECT_THAT(outcome.err, HasSubstr("\n-"));
  EXPECT_THAT(outcome.err, HasSubstr("height"));
  EXPECT_THAT(outcome.err, HasSubstr("@@ "));
}

}  // namespace
}  // namespace parley::test
