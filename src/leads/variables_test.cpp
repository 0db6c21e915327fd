#include "leads/variables.h"

#include <gmock/gmock.h>

#include "leads/notes.h"

namespace parley::leads {
namespace {

const Timestamp kNow = parse_timestamp("2025-03-15T10:00:00Z").value();

LeadRow lead_with(const json::array& notes) {
  return {.name = "Maria  Lopez", .email = "m@example.org", .source = "yelp", .notes = notes};
}

TEST(Variables, NameTheLeadWhateverIsKnownOfIt) {
  LeadRow lead{.name = "Maria Lopez"};
  EXPECT_EQ(first_name_of(lead), "Maria");
  lead.first_name = "Mary";
  EXPECT_EQ(first_name_of(lead), "Mary");
  EXPECT_EQ(full_name_of(lead), "Maria Lopez");
  EXPECT_EQ(first_name_of({}), "there");
  EXPECT_EQ(full_name_of({}), "Customer");
  EXPECT_EQ(first_name_of({.name = "   "}), "there");
}

TEST(Variables, AreEmptyWhereTheLeadSaysNothing) {
  const auto variables = variables_of(lead_with({}), {.name = "Sarah"}, {});
  EXPECT_EQ(variables.at("company"), "");
  EXPECT_EQ(variables.at("business_name"), "");
  EXPECT_EQ(variables.at("agent_name"), "Sarah");
  EXPECT_FALSE(variables.contains("attachment_count"));
}

TEST(Variables, ComeFromThePlatformsProject) {
  const JsonObject project{
      {"job_names", json::array{"Tiling", "Painting"}},
      {"location", JsonObject{{"postal_code", "94103"}, {"city", "San Francisco"}}},
      {"survey_answers",
       json::array{JsonObject{{"question_text", "How large?"}, {"answer_text", json::array{"12"}}},
                   JsonObject{{"question_text", "When?"}, {"answer_text", "Soon"}}}},
      {"attachments", json::array{"a", "b"}}};
  const auto variables = variables_of(
      lead_with({make_note({}, {.type = std::string(kPlatformNote), .data = project}, kNow)}), {},
      {});
  EXPECT_EQ(variables.at("job_types"), "Tiling, Painting");
  EXPECT_EQ(variables.at("services_needed"), "Tiling, Painting");
  EXPECT_EQ(variables.at("postal_code"), "94103");
  EXPECT_EQ(variables.at("city"), "San Francisco");
  EXPECT_EQ(variables.at("survey_responses"), "How large?: 12; When?: Soon");
  EXPECT_EQ(variables.at("attachment_count"), "2");
  EXPECT_FALSE(variables.contains("budget_range"));
}

TEST(Variables, ComeFromTypedNotes) {
  const auto variables =
      variables_of(lead_with({make_note({}, {.type = "budget", .content = "about 9000"}, kNow),
                              make_note({}, {.type = "note", .content = "private"}, kNow)}),
                   {}, {});
  EXPECT_EQ(variables.at("budget_range"), "about 9000");
  EXPECT_EQ(variables.at("attachment_count"), "0");
}

TEST(Note, TakesTheNextId) {
  const json::array notes{JsonObject{{"id", 4}}, "no note", JsonObject{{"id", "x"}}};
  const JsonObject note = make_note(notes, {.content = "Called"}, kNow);
  EXPECT_EQ(note.at("id"), 5);
  EXPECT_EQ(note.at("author"), "User");
  EXPECT_EQ(note.at("timestamp"), "2025-03-15T10:00:00.000000Z");
}

}  // namespace
}  // namespace parley::leads
