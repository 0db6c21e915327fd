#include "live_agent/life_cycle.h"

#include <gtest/gtest.h>

namespace parley::live_agent {
namespace {

using Status = SessionStatus;
using Kind = AssigneeRequest::Kind;

constexpr std::int64_t kCaller = 7;
constexpr std::int64_t kColleague = 8;

SessionRow session(Status status, std::optional<std::int64_t> assignee = {}) {
  return {.assigned_agent_id = assignee, .status = word(status)};
}

Caller agent(Rights rights = {.can_close_sessions = true}) {
  return {.role = Role::Agent, .account = "bob@x", .agent_id = kCaller, .rights = rights};
}

const Rights kSupervisor = rights_of(Role::Supervisor, std::nullopt);

Transition ask(Status from, Status to, std::optional<std::int64_t> assignee = {},
               AssigneeRequest request = {}, Caller caller = agent()) {
  return transition_of(session(from, assignee), to, request, caller);
}

struct Row {
  Status from;
  Status to;
  Verdict verdict;
  Assignee assignee;
};

class LifeCycleTable : public testing::TestWithParam<Row> {};

TEST_P(LifeCycleTable, OfASessionOfTheCaller) {
  const Row& row = GetParam();
  const Transition transition = ask(row.from, row.to, kCaller);
  EXPECT_EQ(transition.verdict, row.verdict);
  EXPECT_EQ(transition.assignee, row.assignee);
}

INSTANTIATE_TEST_SUITE_P(
    All, LifeCycleTable,
    testing::Values(Row{Status::Pending, Status::Pending, Verdict::NoChange, Assignee::Stays},
                    Row{Status::Pending, Status::Active, Verdict::Change, Assignee::Stays},
                    Row{Status::Pending, Status::Resolved, Verdict::Change, Assignee::Stays},
                    Row{Status::Pending, Status::Closed, Verdict::Change, Assignee::Stays},
                    Row{Status::Active, Status::Pending, Verdict::Change, Assignee::Cleared},
                    Row{Status::Active, Status::Active, Verdict::NoChange, Assignee::Stays},
                    Row{Status::Active, Status::Resolved, Verdict::Change, Assignee::Stays},
                    Row{Status::Active, Status::Closed, Verdict::Change, Assignee::Stays},
                    Row{Status::Resolved, Status::Pending, Verdict::Change, Assignee::Cleared},
                    Row{Status::Resolved, Status::Active, Verdict::Change, Assignee::Stays},
                    Row{Status::Resolved, Status::Resolved, Verdict::NoChange, Assignee::Stays},
                    Row{Status::Resolved, Status::Closed, Verdict::Change, Assignee::Stays},
                    Row{Status::Closed, Status::Pending, Verdict::SessionClosed, Assignee::Stays},
                    Row{Status::Closed, Status::Active, Verdict::SessionClosed, Assignee::Stays},
                    Row{Status::Closed, Status::Resolved, Verdict::SessionClosed, Assignee::Stays},
                    Row{Status::Closed, Status::Closed, Verdict::NoChange, Assignee::Stays}),
    [](const auto& row) { return word(row.param.from) + "_to_" + word(row.param.to); });

TEST(TakingASession, MakesTheCallerTheAssignee) {
  for (const Kind kind : {Kind::Absent, Kind::Caller}) {
    const Transition transition = ask(Status::Pending, Status::Active, {}, {.kind = kind});
    EXPECT_EQ(transition.verdict, Verdict::Change);
    EXPECT_EQ(transition.assignee, Assignee::BecomesAgent);
    EXPECT_EQ(transition.agent_id, kCaller);
  }
}

TEST(TakingASession, MayBeForAColleague) {
  const Transition transition =
      ask(Status::Pending, Status::Active, {}, {.kind = Kind::Agent, .agent_id = kColleague});
  EXPECT_EQ(transition.verdict, Verdict::Change);
  EXPECT_EQ(transition.agent_id, kColleague);
}

TEST(TakingASession, ThatAColleagueHoldsIsRefusedAsTaken) {
  for (const AssigneeRequest& request :
       {AssigneeRequest{}, AssigneeRequest{.kind = Kind::Caller},
        AssigneeRequest{.kind = Kind::Agent, .agent_id = kCaller}}) {
    EXPECT_EQ(ask(Status::Active, Status::Active, kColleague, request).verdict,
              Verdict::AlreadyTaken);
  }
}

TEST(TakingASession, OfNoStatusIsTakingAPendingOne) {
  const Transition transition = transition_of({}, Status::Active, {}, agent());
  EXPECT_EQ(transition.verdict, Verdict::Change);
  EXPECT_EQ(transition.agent_id, kCaller);
}

TEST(Reassigning, IsForTheAssigneeOrThoseWithTheRight) {
  const AssigneeRequest to_third{.kind = Kind::Agent, .agent_id = 9};
  EXPECT_EQ(ask(Status::Active, Status::Active, kCaller, to_third).agent_id, 9);
  EXPECT_EQ(ask(Status::Active, Status::Active, kColleague, to_third).verdict, Verdict::Forbidden);
  EXPECT_EQ(ask(Status::Active, Status::Active, kColleague, to_third, agent(kSupervisor)).agent_id,
            9);
}

TEST(Reassigning, WithTheRightTakesFromAColleague) {
  const Transition transition =
      ask(Status::Active, Status::Active, kColleague, {.kind = Kind::Caller}, agent(kSupervisor));
  EXPECT_EQ(transition.verdict, Verdict::Change);
  EXPECT_EQ(transition.agent_id, kCaller);
}

TEST(Reassigning, LeavesTheAssigneeWhenNobodyIsNamed) {
  EXPECT_EQ(ask(Status::Active, Status::Active, kColleague, {}, agent(kSupervisor)).verdict,
            Verdict::NoChange);
  EXPECT_EQ(ask(Status::Resolved, Status::Active, kColleague, {}, agent(kSupervisor)).assignee,
            Assignee::Stays);
}

TEST(EndingASession, NeedsTheRight) {
  EXPECT_EQ(ask(Status::Active, Status::Closed, kCaller, {}, agent({})).verdict,
            Verdict::Forbidden);
  EXPECT_EQ(ask(Status::Active, Status::Resolved, kCaller, {}, agent({})).verdict,
            Verdict::Forbidden);
  EXPECT_EQ(ask(Status::Closed, Status::Closed, kCaller, {}, agent({})).verdict, Verdict::NoChange);
}

TEST(SessionOfAColleague, IsForbiddenButForTaking) {
  for (const Status to : {Status::Pending, Status::Resolved, Status::Closed}) {
    EXPECT_EQ(ask(Status::Active, to, kColleague).verdict, Verdict::Forbidden);
  }
}

TEST(StatusAfterMessage, OfTheUserReopensAResolvedSession) {
  EXPECT_EQ(status_after_message(session(Status::Resolved, kCaller), Side::User), Status::Active);
  EXPECT_EQ(status_after_message(session(Status::Resolved), Side::User), Status::Pending);
}

TEST(StatusAfterMessage, OfAnAgentStays) {
  EXPECT_EQ(status_after_message(session(Status::Resolved), Side::Agent), Status::Resolved);
  EXPECT_EQ(status_after_message(session(Status::Pending), Side::Agent), Status::Pending);
}

TEST(StatusAfterMessage, ClosedTakesNone) {
  EXPECT_EQ(status_after_message(session(Status::Closed), Side::User), std::nullopt);
  EXPECT_EQ(status_after_message(session(Status::Closed), Side::Agent), std::nullopt);
}

}  // namespace
}  // namespace parley::live_agent
