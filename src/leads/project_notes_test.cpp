#include "leads/project_notes.h"

#include <gmock/gmock.h>

#include "leads/notes.h"
#include "leads/variables.h"

namespace parley::leads {
namespace {

using testing::ElementsAre;

constexpr Timestamp kNow{};

json::array notes_of(std::string_view project_data) {
  json::array notes;
  add_project_notes(notes, parse_json(project_data).as_object(), kNow);
  return notes;
}

TEST(ProjectNotes, HoldOneMatterEach) {
  const json::array notes = notes_of(
      R"({"survey_answers":[{"question_text":"How large?","answer_text":["12"]}],
          "job_names":["Tiling"],"additional_info":"old","attachments":["a"],"budget":500,
          "city":"Rome","state":"RM","availability":{},"timeline":" ","unheard of":1})");
  std::vector<std::string> types;
  for (const Json& note : notes) types.emplace_back(note.at("type").as_string());
  EXPECT_THAT(types, ElementsAre("survey_responses", "services_requested", "project_details",
                                 "location", "attachments", "budget"));
  EXPECT_EQ(notes[3].at("data"), (Json{{"city", "Rome"}, {"state", "RM"}}));
  EXPECT_EQ(notes[5].at("content"), "500");
  EXPECT_EQ(notes[5].at("id"), 6);
  EXPECT_EQ(notes[5].at("author"), "system");
}

TEST(ProjectNotes, GiveTheVariablesOfTemplates) {
  LeadRow lead;
  lead.notes = notes_of(
      R"({"job_names":["Tiling","Painting"],"budget":"500","city":"Rome","timeline":"soon",
          "attachments":["a","b"]})");
  const ai::Variables variables = variables_of(lead, {}, {});
  EXPECT_EQ(variables.at("services_needed"), "Tiling, Painting");
  EXPECT_EQ(variables.at("budget_range"), "500");
  EXPECT_EQ(variables.at("timeline"), "soon");
  EXPECT_EQ(variables.at("location"), "Rome");
  EXPECT_EQ(variables.at("attachment_count"), "2");
}

TEST(ProjectNotes, ServicesAreAsManyAsFit) {
  const JsonObject project{{"job_names", json::array{"Tiling", "Painting", "Roofing"}}};
  EXPECT_EQ(services_in(project, 255), "Tiling, Painting, Roofing");
  EXPECT_EQ(services_in(project, 20), "Tiling, Painting");
  EXPECT_EQ(services_in({{"services", "Tiling"}}, 255), "Tiling");
  EXPECT_EQ(services_in({{"job_names", json::array{}}}, 255), std::nullopt);
  EXPECT_EQ(services_in({}, 255), std::nullopt);
}

TEST(ProjectNotes, PlatformIsNotedWhenItSaysSomething) {
  json::array notes;
  add_platform_note(notes, {}, kNow);
  EXPECT_TRUE(notes.empty());
  add_platform_note(notes, {{"page", "contact"}}, kNow);
  EXPECT_EQ(notes.at(0).at("type"), "platform_metadata");
  EXPECT_EQ(notes.at(0).at("content"), "page: contact");
}

}  // namespace
}  // namespace parley::leads
