#include "live_agent/requests.h"

#include <gtest/gtest.h>

#include "base/json.h"
#include "live_agent/problems.h"

namespace parley::live_agent {
namespace {

http::Request with_body(std::string body) {
  http::Request request;
  request.body = std::move(body);
  return request;
}

http::Request with_query(std::map<std::string, std::string> query) {
  http::Request request;
  request.query = std::move(query);
  return request;
}

template <class Read>
int status_of_refusal(Read&& read) {
  try {
    read();
  } catch (const http::Problem& problem) {
    return problem.status;
  }
  return 0;
}

AssigneeRequest assignee_of(const std::string& id) {
  return read_status_change(with_body(R"({"status":"active","assigned_agent_id":)" + id + "}"))
      .assignee;
}

TEST(StatusChangeRequest, ReadsTheAssigneeInEveryFormOfTheApp) {
  using Kind = AssigneeRequest::Kind;
  EXPECT_EQ(assignee_of("12").agent_id, 12);
  EXPECT_EQ(assignee_of(R"("12")").agent_id, 12);
  EXPECT_EQ(assignee_of(R"("12")").kind, Kind::Agent);
  EXPECT_EQ(assignee_of(R"("")").kind, Kind::Caller);
  EXPECT_EQ(assignee_of("null").kind, Kind::Absent);
  EXPECT_EQ(read_status_change(with_body(R"({"status":"active"})")).assignee.kind, Kind::Absent);
}

TEST(StatusChangeRequest, RefusesWhatIsNoId) {
  for (const std::string id :
       {"1.5", "true", R"("bob")", "-1", "99999999999", R"("99999999999")"}) {
    EXPECT_EQ(status_of_refusal([&] { assignee_of(id); }), 422) << id;
  }
}

TEST(PathOfSession, IsAUuidOrNothing) {
  http::Request request;
  request.path_values = {{"id", "6F1B0E52-8C9E-4B1B-9D55-0A7A4E1F2C33"}};
  EXPECT_EQ(session_id_of(request), "6f1b0e52-8c9e-4b1b-9d55-0a7a4e1f2c33");
  request.path_values = {{"id", "1"}};
  EXPECT_EQ(status_of_refusal([&] { session_id_of(request); }), 404);
}

TEST(PathOfMessage, IsAnIntegerOrNothing) {
  http::Request request;
  for (const std::string id : {"x", "-1", "1.0", "2147483648", "99999999999999999999"}) {
    request.path_values = {{"id", id}};
    EXPECT_EQ(status_of_refusal([&] { row_id_of(request, message_not_found()); }), 404) << id;
  }
}

TEST(MessageWindowRequest, TakesATimeInAnyZone) {
  const auto expected = parse_timestamp("2025-01-31T09:30:00Z");
  for (const std::string since : {"2025-01-31T09:30:00", "2025-01-31T10:30:00+01:00",
                                  "2025-01-31T10:30:00 01:00", "2025-01-31 09:30:00"}) {
    EXPECT_EQ(read_message_window(with_query({{"since", since}})).since, expected) << since;
  }
}

TEST(MessageWindowRequest, AnswersABadTimeWith400) {
  const auto read = [](const std::string& since) {
    return status_of_refusal([&] { read_message_window(with_query({{"since", since}})); });
  };
  EXPECT_EQ(read("yesterday"), 400);
  EXPECT_EQ(read("2025-02-30T00:00:00Z"), 400);
}

TEST(NewAgentRequest, GivesNoAdminRoleAndNoUnknownRight) {
  const auto read = [](const std::string& field) {
    return status_of_refusal([&] {
      read_new_agent(
          with_body(R"({"email":"a@x","password":"12345678","full_name":"A",)" + field + "}"));
    });
  };
  EXPECT_EQ(read(R"("role":"admin")"), 422);
  EXPECT_EQ(read(R"("agent_rights":{"can_fly":true})"), 422);
  EXPECT_EQ(read(R"("agent_rights":{"can_close_sessions":1})"), 422);
  EXPECT_EQ(read(R"("role":"supervisor","agent_rights":{"can_close_sessions":false})"), 0);
}

}  // namespace
}  // namespace parley::live_agent
