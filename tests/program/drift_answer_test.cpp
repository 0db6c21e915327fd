// The three answers to drift in a project of one's own, on every engine: mend it, write it into a
// revision, leave it alone for a reason.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "support/databases.h"
#include "support/process.h"

namespace parley::test {
namespace {

using testing::HasSubstr;
using testing::Not;

class DriftAnswer : public testing::TestWithParam<TestEngine> {
 protected:
  DriftAnswer() : database_(GetParam()) {
    std::filesystem::create_directory(directory_.path() + "/migrations");
    write("001_orders.yaml",
          "revision: 001_orders\nmessage: orders\nupgrade:\n  - create_table: orders\n"
          "    columns:\n      - id: integer auto_increment\n      - note: string(80) null\n"
          "    primary_key: [id]\n");
    EXPECT_EQ(db({"upgrade"}).exit_code, 0);
    connection_ = database_.connect();
    connection_->execute("INSERT INTO orders (note) VALUES ('Ada')");
  }

  void write(const std::string& file, const std::string& text) const {
    std::ofstream(directory_.path() + "/migrations/" + file) << text;
  }
  std::string ignored() const {
    std::ifstream stream(directory_.path() + "/migrations/ignored-drift.txt");
    return {std::istreambuf_iterator<char>(stream), {}};
  }
  Outcome db(std::vector<std::string> arguments, const TestDatabase& database) const {
    arguments.insert(arguments.begin(), "db");
    arguments.insert(arguments.end(), {"--url", database.url_text(), "--dir", "migrations"});
    return run_parley(arguments, directory_.path());
  }
  Outcome db(const std::vector<std::string>& arguments) const { return db(arguments, database_); }

  /// A column too many, which code that does not know it can live with, and one too few.
  void let_drift() {
    connection_->execute("ALTER TABLE orders ADD COLUMN weight integer");
    connection_->execute("ALTER TABLE orders DROP COLUMN note");
  }
  std::int64_t rows() {
    return database::integer_of(database::query(*connection_, "SELECT COUNT(*) FROM orders")[0][0]);
  }

  TestDatabase database_;
  TemporaryDirectory directory_;
  std::unique_ptr<database::Connection> connection_;
};

INSTANTIATE_TEST_SUITE_P(Engines, DriftAnswer, testing::ValuesIn(all_engines()),
                         engine_name<testing::TestParamInfo<TestEngine>>);

TEST_P(DriftAnswer, AdoptWritesARevisionThatOtherDatabasesTake) {
  let_drift();
  EXPECT_EQ(db({"verify"}).exit_code, 1);
  const Outcome outcome =
      db({"repair", "--adopt", "--no-renames", "-m", "weigh orders", "--rev-id", "002_weigh"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("add column orders.weight"));
  EXPECT_THAT(outcome.out, HasSubstr("drop column orders.note"));
  EXPECT_THAT(outcome.out, HasSubstr("✓ Recorded revision 002_weigh"));
  EXPECT_EQ(db({"verify"}).out, "✅ ALL VALIDATIONS PASSED\n");
  EXPECT_EQ(rows(), 1);

  const TestDatabase other(GetParam());
  EXPECT_EQ(db({"upgrade"}, other).exit_code, 0);
  EXPECT_EQ(db({"dump", "--format", "yaml"}, other).out, db({"dump", "--format", "yaml"}).out);
}

TEST_P(DriftAnswer, AdoptTakesOnlyTheDifferencesThatAreNamed) {
  let_drift();
  const Outcome outcome = db({"repair", "--adopt", "--no-renames", "orders.weight"});
  EXPECT_EQ(outcome.exit_code, 1) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("add column orders.weight"));
  EXPECT_THAT(outcome.out, Not(HasSubstr("drop column")));
  EXPECT_EQ(db({"repair"}).exit_code, 0);
  EXPECT_EQ(db({"verify"}).out, "✅ ALL VALIDATIONS PASSED\n");
}

TEST_P(DriftAnswer, AdoptDoesNotGuessARename) {
  connection_->execute("ALTER TABLE orders ADD COLUMN notes varchar(80)");
  connection_->execute("ALTER TABLE orders DROP COLUMN note");
  const Outcome asked = db({"repair", "--adopt"});
  EXPECT_EQ(asked.exit_code, 3);
  EXPECT_THAT(asked.err, HasSubstr("--rename orders.note=notes"));
  const Outcome outcome = db({"repair", "--adopt", "--rename", "orders.note=notes"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("rename column orders.note"));
}

TEST_P(DriftAnswer, IgnoreLeavesADifferenceAloneForItsReason) {
  let_drift();
  const Outcome outcome =
      db({"repair", "orders.note", "--ignore", "--reason", "nobody reads it: ask Ada"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.out << outcome.err;
  EXPECT_THAT(ignored(), HasSubstr("\norders.note: nobody reads it: ask Ada\n"));
  const Outcome verified = db({"verify"});
  EXPECT_EQ(verified.exit_code, 0);
  EXPECT_THAT(verified.out, HasSubstr("note"));
  EXPECT_THAT(verified.out, HasSubstr("(ignored: nobody reads it: ask Ada)"));
  EXPECT_THAT(db({"repair"}).out, HasSubstr("Nothing to repair."));
}

TEST_P(DriftAnswer, AnUpgradeGoesOnBesideWhatIsIgnored) {
  let_drift();
  EXPECT_EQ(db({"upgrade"}).exit_code, 0);  // There is nothing to do, so nobody looks.
  write("002_size.yaml",
        "revision: 002_size\ndown_revision: 001_orders\nmessage: size\n"
        "upgrade:\n  - add_column: orders.size integer null\n");
  EXPECT_EQ(db({"upgrade"}).exit_code, 3);
  EXPECT_EQ(db({"repair", "orders.note", "--ignore", "--reason", "gone"}).exit_code, 0);
  const Outcome outcome = db({"upgrade"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_EQ(database::query(*connection_, "SELECT size FROM orders").size(), 1U);
}

TEST_P(DriftAnswer, MendsOnlyWhatIsNamed) {
  connection_->execute("ALTER TABLE orders DROP COLUMN note");
  EXPECT_EQ(db({"repair", "orders.note"}).out,
            "✓ Added column orders.note\n✅ ALL VALIDATIONS PASSED\n");
}

TEST_P(DriftAnswer, RefusesWhatMakesNoSense) {
  let_drift();
  const Outcome unknown = db({"repair", "orders.notes"});
  EXPECT_EQ(unknown.exit_code, 2);
  EXPECT_THAT(unknown.err, HasSubstr("did you mean 'orders.note'?"));
  EXPECT_EQ(db({"repair", "orders.note", "--ignore"}).exit_code, 2);
  EXPECT_EQ(db({"repair", "--ignore", "--reason", "x"}).exit_code, 2);
  EXPECT_EQ(db({"repair", "--ignore", "--adopt"}).exit_code, 2);
  EXPECT_EQ(ignored(), "");
  write("ignored-drift.txt", "# a comment\n\norders.note\n");
  const Outcome broken = db({"verify"});
  EXPECT_EQ(broken.exit_code, 2);
  EXPECT_THAT(broken.err, HasSubstr("ignored-drift.txt:3"));
}

}  // namespace
}  // namespace parley::test
