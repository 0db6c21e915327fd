// `parley db` on a project with branches: Alembic's commands and forms, on every engine.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "base/json.h"
#include "support/databases.h"
#include "support/process.h"

namespace parley::test {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

std::string revision(const std::string& id, const std::string& parent, const std::string& change,
                     const std::string& more = "") {
  return "revision: " + id + "\ndown_revision: " + parent + "\nmessage: step " + id + "\n" + more +
         "upgrade:\n  - " + change + "\n";
}

/// aaaa1 ← bbbb2 (label left), aaaa1 ← cccc3 (label right)
class Branches : public testing::TestWithParam<TestEngine> {
 protected:
  Branches() : database_(GetParam()) {
    std::filesystem::create_directory(directory_.path() + "/revisions");
    write("aaaa1.yaml", revision("aaaa1", "null",
                                 "create_table: users\n    columns:\n      - id: integer\n"
                                 "    primary_key: [id]"));
    write("bbbb2.yaml",
          revision("bbbb2", "aaaa1", "add_column: users.a text null", "branch_labels: left\n"));
    write("cccc3.yaml",
          revision("cccc3", "aaaa1", "add_column: users.b text null", "branch_labels: right\n"));
  }

  void write(const std::string& name, const std::string& text) {
    std::ofstream(directory_.path() + "/revisions/" + name) << text;
  }
  Outcome db(std::vector<std::string> arguments, const Environment& environment = {}) {
    arguments.insert(arguments.begin(), "db");
    arguments.insert(arguments.end(), {"--url", database_.url_text(), "--dir", "revisions"});
    return run_parley(arguments, directory_.path(), environment);
  }
  void expect_done(const std::vector<std::string>& arguments) {
    const Outcome outcome = db(arguments);
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  }
  std::vector<std::string> marker() {
    std::vector<std::string> ids;
    for (const auto& row : database::query(*database_.connect(),
                                           "SELECT version_num FROM alembic_version ORDER BY 1")) {
      ids.push_back(database::text_of(row[0]));
    }
    return ids;
  }

  TestDatabase database_;
  TemporaryDirectory directory_;
};
INSTANTIATE_TEST_SUITE_P(Engines, Branches, testing::ValuesIn(all_engines()),
                         engine_name<testing::TestParamInfo<TestEngine>>);

TEST_P(Branches, GoUpAndDownOneByOne) {
  const Outcome head = db({"upgrade"});
  EXPECT_EQ(head.exit_code, 2);
  EXPECT_THAT(head.err, HasSubstr("Multiple head revisions are present for given argument 'head'"));
  expect_done({"upgrade", "left@head"});
  EXPECT_EQ(db({"current"}).out, "bbbb2 (head)\n");
  EXPECT_EQ(db({"current", "--check-heads"}).exit_code, 1);
  expect_done({"upgrade", "heads"});
  EXPECT_EQ(db({"current"}).out, "bbbb2 (head)\ncccc3 (head)\n");
  EXPECT_EQ(db({"current", "--check-heads"}).exit_code, 0);
  EXPECT_THAT(marker(), testing::ElementsAre("bbbb2", "cccc3"));
  const Outcome ambiguous = db({"downgrade", "-1"});
  EXPECT_EQ(ambiguous.exit_code, 2);
  EXPECT_THAT(ambiguous.err, HasSubstr("downgrade -1 from multiple heads is ambiguous"));
  expect_done({"downgrade", "left@-1"});
  EXPECT_EQ(db({"current"}).out, "cccc3 (head)\n");
  expect_done({"downgrade", "base"});
  EXPECT_EQ(db({"current"}).out, "");
}

TEST_P(Branches, MergeByThemselvesWhenTheyTouchDifferentObjects) {
  const Outcome merged = db({"merge", "--auto", "--rev-id", "dddd4", "-m", "both"});
  EXPECT_EQ(merged.exit_code, 0) << merged.err;
  EXPECT_EQ(merged.out, "revisions/dddd4_both.yaml\n");
  EXPECT_THAT(db({"history"}).out,
              StartsWith("bbbb2, cccc3 -> dddd4 (left, right) (head) (mergepoint), both\n"));
  expect_done({"upgrade"});
  EXPECT_THAT(marker(), testing::ElementsAre("dddd4"));
  EXPECT_EQ(db({"verify"}).exit_code, 0);
  expect_done({"downgrade", "bbbb2"});
  EXPECT_THAT(marker(), testing::ElementsAre("bbbb2", "cccc3"));
}

TEST_P(Branches, AreNotMergedWhenTheyTouchTheSameObject) {
  write("cccc3.yaml", revision("cccc3", "aaaa1", "add_column: users.a string(80) null"));
  const Outcome refused = db({"merge", "--auto"});
  EXPECT_EQ(refused.exit_code, 3);
  EXPECT_THAT(refused.err,
              HasSubstr("column users.a\n    bbbb2: add column users.a\n    cccc3: add"));
  EXPECT_EQ(db({"merge", "heads", "-m", "by hand", "--rev-id", "dddd4"}).exit_code, 0);
}

TEST_P(Branches, StampOneAndLeaveTheOther) {
  expect_done({"upgrade", "heads"});
  expect_done({"stamp", "aaaa1", "--force"});
  EXPECT_THAT(marker(), testing::ElementsAre("aaaa1"));
  expect_done({"stamp", "bbbb2", "cccc3"});
  EXPECT_THAT(marker(), testing::ElementsAre("bbbb2", "cccc3"));
}

TEST_P(Branches, PurgeForgetsWhatNoFileHas) {
  expect_done({"upgrade", "left@head"});
  database_.connect()->execute(
      "UPDATE parley_revisions SET revision = 'gone' WHERE revision = 'bbbb2'");
  database_.connect()->execute("UPDATE alembic_version SET version_num = 'gone'");
  EXPECT_EQ(db({"current"}).exit_code, 7);
  expect_done({"stamp", "--purge", "bbbb2"});
  EXPECT_EQ(db({"current"}).out, "bbbb2 (head)\n");
  EXPECT_THAT(marker(), testing::ElementsAre("bbbb2"));
}

TEST_P(Branches, AMarkerThatAnotherToolMovedIsMendedByPurge) {
  expect_done({"upgrade", "left@head"});
  database_.connect()->execute("UPDATE alembic_version SET version_num = 'aaaa1'");
  const Outcome refused = db({"current"});
  EXPECT_EQ(refused.exit_code, 3);
  EXPECT_THAT(refused.err, HasSubstr("parley db stamp --purge"));
  expect_done({"stamp", "--purge", "bbbb2"});
  EXPECT_EQ(db({"verify", "-q"}).exit_code, 1);  // cccc3 is pending.
}

TEST_P(Branches, AScriptOfStampIsWhatStampWrites) {
  expect_done({"upgrade", "heads"});
  const auto connection = database_.connect();
  const Outcome script = db({"stamp", "heads:left@head", "--sql"});
  ASSERT_EQ(script.exit_code, 0) << script.err;
  std::size_t begin = 0;
  for (std::size_t end = 0; (end = script.out.find(";\n", begin)) != std::string::npos;
       begin = end + 2) {
    connection->execute(script.out.substr(begin, end - begin));
  }
  EXPECT_EQ(db({"current"}).out, "bbbb2 (head)\ncccc3 (head)\n");
}

TEST_P(Branches, EnsureVersionCreatesTheRecordOnly) {
  expect_done({"ensure_version"});
  EXPECT_THAT(marker(), testing::IsEmpty());
  EXPECT_EQ(db({"current"}).out, "");
  expect_done({"upgrade", "heads"});
}

TEST_P(Branches, AMarkerOfAlembicIsReadWithItsDependencies) {
  // Alembic writes only dddd4, which implies bbbb2 by depends_on.
  write("dddd4.yaml",
        revision("dddd4", "cccc3", "add_column: users.c text null", "depends_on: bbbb2\n"));
  expect_done({"upgrade", "heads"});
  EXPECT_THAT(marker(), testing::ElementsAre("dddd4"));
  for (const char* table : {"parley_revisions", "parley_journal", "parley_steps", "parley_lock"}) {
    database_.connect()->execute(std::string("DROP TABLE ") + table);
  }
  EXPECT_EQ(db({"current"}).out, "bbbb2 (effective head)\ndddd4 (head)\n");
  EXPECT_EQ(db({"current", "--check-heads"}).exit_code, 0);
}

/// What needs no server is shown on one engine.
class OnFiles : public Branches {};
INSTANTIATE_TEST_SUITE_P(Sqlite, OnFiles, testing::Values(TestEngine::Sqlite),
                         engine_name<testing::TestParamInfo<TestEngine>>);

TEST_P(OnFiles, AreListedInAlembicsForms) {
  EXPECT_EQ(db({"history"}).out,
            "aaaa1 -> cccc3 (right) (head), step cccc3\n"
            "aaaa1 -> bbbb2 (left) (head), step bbbb2\n"
            "<base> -> aaaa1 (branchpoint), step aaaa1\n");
  EXPECT_EQ(db({"heads"}).out, "bbbb2 (left) (head)\ncccc3 (right) (head)\n");
  EXPECT_EQ(db({"branches"}).out,
            "aaaa1 (branchpoint)\n"
            "      -> bbbb2 (left) (head)\n"
            "      -> cccc3 (right) (head)\n\n");
  EXPECT_EQ(db({"show", "left@head"}).out,
            "Rev: bbbb2 (head)\nParent: aaaa1\nBranch names: left\nPath: revisions/bbbb2.yaml\n\n"
            "    step bbbb2\n\n    Revision ID: bbbb2\n    Revises: aaaa1\n\n"
            "    - add column users.a\n\n");
}

TEST_P(OnFiles, HistoryTakesRanges) {
  EXPECT_EQ(db({"history", "-r", "bbbb2:"}).out, "aaaa1 -> bbbb2 (left) (head), step bbbb2\n");
  EXPECT_THAT(db({"history", "-r", "cccc3:bbbb2"}).err,
              HasSubstr("Revision cccc3 is not an ancestor of revision bbbb2"));
  EXPECT_EQ(
      db({"history", "-r", ":bbbb2"}).out,
      "aaaa1 -> bbbb2 (left) (head), step bbbb2\n<base> -> aaaa1 (branchpoint), step aaaa1\n");
  expect_done({"upgrade", "left@head"});
  EXPECT_EQ(db({"history", "-r", "-1:current", "-i"}).out,
            "aaaa1 -> bbbb2 (left) (head) (current), step bbbb2\n"
            "<base> -> aaaa1 (branchpoint), step aaaa1\n");
  EXPECT_THAT(db({"history", "-r", "bbbb2"}).err,
              HasSubstr("History range requires [start]:[end], [start]:, or :[end]"));
}

TEST_P(OnFiles, ARevisionBranchesOnlyWithSplice) {
  const Outcome refused = db({"revision", "-m", "more", "--head", "aaaa1"});
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_THAT(refused.err, HasSubstr("Revision aaaa1 is not a head revision; please specify "
                                     "--splice to create a new branch from this revision"));
  expect_done({"revision", "-m", "more", "--head", "aaaa1", "--splice", "--rev-id", "eeee5",
               "--branch-label", "third", "--depends-on", "left"});
  EXPECT_THAT(db({"history"}).out, HasSubstr("aaaa1 (left) -> eeee5 (third) (head), more\n"));
  EXPECT_THAT(db({"heads"}).out, HasSubstr("bbbb2 (left) (effective head)\n"));
  EXPECT_EQ(db({"revision", "-m", "x", "--head", "left@head", "--branch-label", "third"}).exit_code,
            2);
  EXPECT_EQ(db({"revision", "-m", "x", "--head", "left@head", "--rev-id", "a b"}).exit_code, 2);
}

TEST_P(OnFiles, RevisionPrintsItsSqlInsteadOfWriting) {
  const Outcome outcome =
      db({"revision", "-m", "x", "--head", "base", "--rev-id", "ffff6", "--sql"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("-- Running upgrade  -> ffff6"));
  EXPECT_THAT(db({"history"}).out, testing::Not(HasSubstr("ffff6")));
}

TEST_P(OnFiles, EditOpensTheEditorAndReadsTheFileAgain) {
  const std::string append = directory_.path() + "/append.sh";
  std::ofstream(append) << "#!/bin/sh\necho '  - add_colum: users.z text' >> \"$1\"\n";
  const Outcome broken = db({"edit", "bbbb2"}, {{"EDITOR", "sh " + append}, {"VISUAL", ""}});
  EXPECT_EQ(broken.exit_code, 2);
  EXPECT_THAT(broken.err, HasSubstr("bbbb2.yaml:7:"));
  EXPECT_EQ(db({"edit", "aaaa1"}, {{"EDITOR", "true"}, {"VISUAL", ""}}).exit_code, 2)
      << "the broken file is still there";
}

TEST_P(OnFiles, InitMakesAFolderAndTellsWhatComesNext) {
  const Outcome outcome = run_parley({"db", "init", "fresh"}, directory_.path());
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("parley db upgrade --url URL --dir fresh"));
  EXPECT_TRUE(std::filesystem::exists(directory_.path() + "/fresh/README.md"));
  const Outcome again = run_parley({"db", "init", "fresh"}, directory_.path());
  EXPECT_EQ(again.exit_code, 3);
  EXPECT_THAT(again.err, HasSubstr("Directory fresh already exists and is not empty"));
}

TEST_P(OnFiles, DowngradeScriptNeedsARangeAndARangeNeedsAScript) {
  EXPECT_THAT(db({"downgrade", "base", "--sql"}).err,
              HasSubstr("downgrade with --sql requires <fromrev>:<torev>"));
  EXPECT_THAT(db({"upgrade", "aaaa1:left@head"}).err, HasSubstr("Range revision not allowed"));
  EXPECT_THAT(db({"downgrade", "bbbb2:-1", "--sql"}).out,
              HasSubstr("-- Running downgrade bbbb2 -> aaaa1"));
  EXPECT_THAT(db({"upgrade", "aaaa1:left@+1", "--sql"}).out,
              HasSubstr("-- Running upgrade aaaa1 -> bbbb2"));
}

TEST_P(OnFiles, EveryAnswerIsOneJsonDocument) {
  expect_done({"upgrade", "left@head"});
  const std::vector<std::vector<std::string>> commands = {{"current"},
                                                          {"history"},
                                                          {"heads"},
                                                          {"branches"},
                                                          {"show", "aaaa1"},
                                                          {"verify"},
                                                          {"upgrade", "heads"},
                                                          {"downgrade", "left@-1"},
                                                          {"stamp", "cccc3"},
                                                          {"ensure_version"},
                                                          {"repair"},
                                                          {"upgrade", "--sql", "left@head"},
                                                          {"zzz"},
                                                          {"upgrade", "nope"},
                                                          {"current", "--nope"}};
  for (std::vector<std::string> command : commands) {
    SCOPED_TRACE(command.front());
    command.emplace_back("--json");
    const Outcome outcome = db(command);
    EXPECT_TRUE(parse_json(outcome.out).is_object()) << outcome.out;
    const bool failed = outcome.exit_code > 1;
    EXPECT_EQ(parse_json(outcome.out).as_object().contains("error"), failed) << outcome.out;
  }
}

TEST_P(OnFiles, TheDocumentSaysWhatTheTextSays) {
  const Json heads = parse_json(db({"heads", "--json"}).out);
  EXPECT_EQ(heads.at("heads").at(0).at("revision"), "bbbb2");
  EXPECT_EQ(heads.at("heads").at(0).at("branch_labels").at(0), "left");
  const Json error = parse_json(db({"upgrade", "nope", "--json"}).out);
  EXPECT_EQ(error.at("error").at("message"), "Can't locate revision identified by 'nope'");
  EXPECT_EQ(error.at("error").at("exit_code"), 2);
  const Json applied = parse_json(db({"upgrade", "heads", "--json"}).out);
  EXPECT_EQ(applied.at("namespaces").at(0).at("applied").as_array().size(), 3U);
}

}  // namespace
}  // namespace parley::test
