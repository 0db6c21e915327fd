#include "chat/planner.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace parley::chat {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

TEST(Planner, ReadsAPlanInsideOfWordsAndFences) {
  for (const char* reply :
       {R"({"action":"QUERY","reason":"sum","query":"SELECT 1"})",
        "Sure!\n```json\n{\"action\": \"query\", \"sql\": \" SELECT 1 \"}\n```\nDone.",
        R"({"action":"QUERY","dax":"SELECT 1"})"}) {
    EXPECT_EQ(read_plan(reply).query, "SELECT 1") << reply;
  }
}

TEST(Planner, TakesWhatItCannotReadForADescription) {
  for (const char* reply : {R"({"action":"DESCRIBE","query":"SELECT 1"})", R"({"action":"QUERY"})",
                            R"({"action":"QUERY","query":7})", "SELECT 1", "{", "}{", "[]", "",
                            R"({"action":["QUERY"],"query":"SELECT 1"})"}) {
    EXPECT_EQ(read_plan(reply).query, "") << reply;
  }
}

TEST(Planner, ReadsACorrectionInEveryForm) {
  for (const char* reply : {R"({"query":"SELECT 2"})", "```sql\nSELECT 2\n```", " SELECT 2\n",
                            R"(So: {"sql":"SELECT 2"})"}) {
    EXPECT_EQ(read_correction(reply), "SELECT 2") << reply;
  }
  EXPECT_EQ(read_correction("{}"), "");
}

TEST(Planner, LeavesOutWhatNoDatabaseKeeps) {
  EXPECT_EQ(read_plan(R"({"action":"QUERY","query":"SELECT\u0000 1"})").query, "SELECT 1");
}

TEST(Planner, PutsTheInstructionsFirstAndTheQuestionLast) {
  Briefing briefing{
      .instructions = "You are Bo.", .language_name = "SQLite", .schema_text = "t(a)"};
  briefing.history = {{ai::Role::User, "before"}, {ai::Role::Assistant, "said"}};
  for (const auto& messages : {plan_prompt(briefing, "now?"), describe_prompt(briefing, "now?")}) {
    ASSERT_EQ(messages.size(), 4U);
    EXPECT_EQ(messages[0].role, ai::Role::System);
    EXPECT_THAT(messages[0].content, StartsWith("You are Bo.\n\n"));
    EXPECT_THAT(messages[0].content, HasSubstr("t(a)"));
    EXPECT_EQ(messages[1], briefing.history[0]);
    EXPECT_EQ(messages[2], briefing.history[1]);
    EXPECT_EQ(messages[3], (ai::Message{ai::Role::User, "now?"}));
  }
}

TEST(Planner, TellsTheQueryAndItsErrorForACorrection) {
  const auto messages = correction_prompt({.language_name = "MariaDB"}, "how many?",
                                          {.query = "SELECT x", .error = "no such column"});
  EXPECT_THAT(messages.front().content, HasSubstr("MariaDB"));
  EXPECT_THAT(messages.back().content, HasSubstr("SELECT x"));
  EXPECT_THAT(messages.back().content, HasSubstr("no such column"));
}

TEST(Planner, WritesRowsAsCsv) {
  const DataRows rows{.columns = {"a", "b,c"},
                      .rows = {{"1", "say \"hi\""}, {std::nullopt, ""}, {"x\ny", "z"}}};
  EXPECT_EQ(csv_of(rows), "a,\"b,c\"\n1,\"say \"\"hi\"\"\"\n,\"\"\n\"x\ny\",z\n");
}

TEST(Planner, KeepsRowsToALimit) {
  DataRows rows{.columns = {"a"}};
  for (int i = 0; i < 200; ++i) rows.rows.push_back({std::string(1000, 'x')});
  const std::string text = csv_of(rows);
  EXPECT_LT(text.size(), 61'000U);
  EXPECT_THAT(text, HasSubstr("left out"));
  EXPECT_THAT(csv_of({.columns = {"a"}}), Not(HasSubstr("left out")));
}

}  // namespace
}  // namespace parley::chat
