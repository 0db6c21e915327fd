// parley db rehearse, as a person sees it.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "base/json.h"
#include "support/databases.h"
#include "support/process.h"

namespace parley::test {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class RehearseCommand : public testing::TestWithParam<TestEngine> {
 protected:
  RehearseCommand() : database_(GetParam()) {
    std::filesystem::create_directory(directory_.path() + "/migrations");
    write("001_people.yaml",
          "revision: 001_people\nmessage: people\nupgrade:\n  - create_table: people\n"
          "    columns:\n      - id: integer auto_increment\n      - weight: integer null\n"
          "    primary_key: [id]\n");
    EXPECT_EQ(db({"upgrade"}).exit_code, 0);
    database_.connect()->execute("INSERT INTO people (weight) VALUES (61), (NULL)");
  }

  void write(const std::string& file, const std::string& text) const {
    std::ofstream(directory_.path() + "/migrations/" + file) << text;
  }
  void write_second(const std::string& change) const {
    write("002_second.yaml",
          "revision: 002_second\ndown_revision: 001_people\nmessage: second\nupgrade:\n  - " +
              change + "\n");
  }
  Outcome db(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), "db");
    arguments.insert(arguments.end(), {"--url", database_.url_text()});
    return run_parley(arguments, directory_.path());
  }

  TestDatabase database_;
  TemporaryDirectory directory_;
};

INSTANTIATE_TEST_SUITE_P(Engines, RehearseCommand, testing::ValuesIn(all_engines()),
                         engine_name<testing::TestParamInfo<TestEngine>>);

TEST_P(RehearseCommand, SaysWhatAnUpgradeWouldDo) {
  write_second("drop_column: people.weight");
  const Outcome outcome = db({"rehearse"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, StartsWith("Rehearsed on a "));
  EXPECT_THAT(outcome.out, HasSubstr("! dropping people.weight loses 1 non-empty value"));
  EXPECT_THAT(outcome.out, HasSubstr("people: 2 rows, after the upgrade 2; the way back does not"));
  EXPECT_THAT(outcome.out, HasSubstr("✅ The upgrade works: 1 revision in "));
  EXPECT_EQ(db({"current"}).out, "001_people\n");
}

TEST_P(RehearseCommand, FailsAsTheUpgradeWouldAndAnswersAProgram) {
  write_second("alter_column: people.weight integer");
  const Outcome outcome = db({"rehearse", "--json"});
  EXPECT_EQ(outcome.exit_code, 3) << outcome.err;
  EXPECT_EQ(db({"upgrade"}).exit_code, 3);
  const Json document = parse_json(outcome.out);
  const JsonObject& rehearsal = document.at("rehearsals").as_array()[0].as_object();
  EXPECT_FALSE(rehearsal.at("works").as_bool());
  EXPECT_EQ(rehearsal.at("failure").at("stage").as_string(), "upgrade");
  EXPECT_EQ(rehearsal.at("failure").at("revision").as_string(), "002_second");
}

TEST_P(RehearseCommand, SaysThatThereIsNothingToRehearse) {
  EXPECT_EQ(db({"rehearse"}).out, "Nothing to rehearse.\n");
}

}  // namespace
}  // namespace parley::test
