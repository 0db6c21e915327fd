#include "leads/record_requests.h"

#include <gmock/gmock.h>

namespace parley::leads {
namespace {

http::Request request_with(std::string body) {
  http::Request request;
  request.body = std::move(body);
  return request;
}

std::vector<std::string> errors_of(const std::function<void()>& read) {
  std::vector<std::string> found;
  try {
    read();
  } catch (const http::Problem& problem) {
    for (const auto& error : problem.errors) found.push_back(error.pointer + " " + error.code);
  }
  return found;
}

TEST(RecordRequests, TemperatureIsKeptAsText) {
  EXPECT_EQ(temperature_text(Json(0.7)), "0.7");
  EXPECT_EQ(temperature_text(Json(1)), "1.0");
  EXPECT_EQ(temperature_text(Json(" 0.25 ")), "0.25");
  EXPECT_EQ(temperature_text(Json(2)), "2.0");
  for (const Json& bad : {Json(-0.1), Json(2.1), Json("warm"), Json(""), Json("0.5x"), Json("nan"),
                          Json(0.12345678901), Json(true), Json(json::array{})}) {
    EXPECT_EQ(temperature_text(bad), std::nullopt) << to_text(bad);
  }
}

TEST(RecordRequests, EveryWrongFieldOfALeadIsNamed) {
  EXPECT_THAT(
      errors_of([] {
        read_new_lead(request_with(
            R"({"email":7,"source":" ","notes":{},"status":"odd","project_data":[]})"));
      }),
      testing::UnorderedElementsAre("/email wrong_type", "/source blank", "/notes wrong_type",
                                    "/status not_in_vocabulary", "/project_data wrong_type"));
}

TEST(RecordRequests, LeadChangeHoldsWhatIsGiven) {
  const LeadChange change =
      read_lead_change(request_with(R"({"name":"Ann","phone":null,"status":"won","id":7})"));
  EXPECT_EQ(change.assignments.size(), 3U);
  EXPECT_EQ(change.email, std::nullopt);
  EXPECT_EQ(read_lead_change(request_with(R"({"email":"a@x"})")).email, "a@x");
  EXPECT_TRUE(read_lead_change(request_with("{}")).assignments.empty());
}

TEST(RecordRequests, NewAgentHasDefaults) {
  const AgentRow agent = read_new_agent(
      request_with(R"({"name":"Sarah","prompt_template":"x","use_case":null,"max_tokens":9})"));
  EXPECT_EQ(agent.type, "text");
  EXPECT_EQ(agent.use_case, "general_sales");
  EXPECT_EQ(agent.max_tokens, 9);
  EXPECT_EQ(agent.temperature, "0.7");
}

}  // namespace
}  // namespace parley::leads
