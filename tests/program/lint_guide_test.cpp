// docs/guide/lint.md, typed as it says: its commands, the comment that allows a rule, the safe way
// it shows, and the list of rules.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "base/json.h"
#include "base/text.h"
#include "support/databases.h"
#include "support/process.h"

namespace parley::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

std::string guide() {
  std::ifstream file(std::string(PARLEY_SOURCES) + "/../../docs/guide/lint.md");
  return {std::istreambuf_iterator<char>(file), {}};
}

/// The texts between `open` and ```.
std::vector<std::string> blocks(const std::string& open) {
  const std::string text = guide();
  std::vector<std::string> found;
  for (auto begin = text.find(open); begin != std::string::npos; begin = text.find(open, begin)) {
    begin += open.size();
    const auto end = text.find("```\n", begin);
    found.push_back(text.substr(begin, end - begin));
    begin = end + 4;
  }
  return found;
}

std::vector<std::string> words_of(const std::string& line) {
  std::vector<std::string> words;
  for (const std::string& word : split(line.substr(0, line.find('#')), ' ')) {
    if (!word.empty()) words.push_back(word);
  }
  return words;
}

constexpr const char* kTables = R"(revision: "0006"
message: two tables
upgrade:
  - create_table: old_messages
    columns:
      - id: integer
    primary_key: [id]
  - create_table: notes
    columns:
      - id: integer
    primary_key: [id]
)";

class LintGuide : public testing::Test {
 protected:
  LintGuide() {
    std::filesystem::create_directory(directory_.path() + "/migrations");
    write("0006", kTables);
  }

  void write(const std::string& revision, const std::string& text) {
    std::ofstream(directory_.path() + "/migrations/" + revision + ".yaml") << text;
  }
  void write_on(const std::string& parent, const std::string& revision, const std::string& text) {
    write(revision, "revision: \"" + revision + "\"\ndown_revision: \"" + parent +
                        "\"\nmessage: on top\n" + text);
  }
  /// The rules that `lint` finds broken.
  std::vector<std::string> rules_found() {
    const Outcome outcome =
        run_parley({"db", "lint", "--dir", "migrations", "--json"}, directory_.path());
    std::vector<std::string> rules;
    const json::value document = json::parse(outcome.out);
    for (const json::value& finding : document.at("findings").as_array()) {
      rules.emplace_back(finding.at("rule").as_string());
    }
    return rules;
  }

  TemporaryDirectory directory_;
};

TEST_F(LintGuide, ItsCommandsRun) {
  write_on("0006", "0007", "upgrade: []\n");
  const auto commands = blocks("```\nparley");
  ASSERT_THAT(commands, SizeIs(1));
  for (const std::string& line : split("parley" + commands[0], '\n')) {
    auto words = words_of(line);
    if (words.empty()) continue;
    words.erase(words.begin());
    for (std::string& word : words) {
      if (word == "postgresql://…") word = "postgresql://127.0.0.1/notes";
    }
    const Outcome outcome = run_parley(words, directory_.path());
    EXPECT_EQ(outcome.exit_code, 0) << line << "\n" << outcome.err << outcome.out;
  }
}

TEST_F(LintGuide, ItsCommentAllowsTheRule) {
  const std::string example = blocks("```yaml\n").at(0);
  const std::string without = example.substr(0, example.find("  #")) +
                              example.substr(example.find('\n', example.find('#')) + 1);
  write_on("0006", "0007", without);
  EXPECT_THAT(rules_found(), ElementsAre("PL101"));
  write_on("0006", "0007", example);
  EXPECT_THAT(rules_found(), ElementsAre());
}

TEST_F(LintGuide, ItsSafeWayIsWhatLintShowsAndAccepts) {
  const std::string careless = blocks("```yaml\n").at(1);
  const std::string safe = blocks("```yaml\n").at(2);
  write_on("0006", "0007", "upgrade:\n" + careless);
  EXPECT_THAT(rules_found(), ElementsAre("PL201"));
  const Outcome outcome = run_parley({"db", "lint", "--dir", "migrations"}, directory_.path());
  for (const std::string& line : split(safe, '\n')) EXPECT_THAT(outcome.out, HasSubstr(line));
  write_on("0006", "0007", "upgrade:\n" + safe);
  EXPECT_THAT(rules_found(), ElementsAre());
}

TEST_F(LintGuide, ListsEveryRuleThatItExplains) {
  std::size_t rules = 0;
  for (const std::string& line : split(guide(), '\n')) {
    if (!line.starts_with("| `PL")) continue;
    const std::string id = line.substr(3, 5);
    const std::string name = line.substr(10, line.find_first_of(" ", 10) - 10);
    const Outcome outcome = run_parley({"db", "lint", "--explain", id}, directory_.path());
    EXPECT_EQ(outcome.exit_code, 0) << line;
    EXPECT_THAT(outcome.out, HasSubstr(name));
    ++rules;
  }
  EXPECT_EQ(rules, 22U);
}

}  // namespace
}  // namespace parley::test
