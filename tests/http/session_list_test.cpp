// GET /sessions: order, pages, filters.

#include "http/live_agent_server.h"

namespace parley::test {
namespace {

using live_agent::Role;
using live_agent::SessionRow;

const std::string kSessions = "/api/v1/live-agent/sessions";

class SessionList : public LiveAgentTest {
 protected:
  std::string ann = server.user_token("ann@x");

  std::vector<std::string> ids(const std::string& query, const std::string& token) {
    std::vector<std::string> found;
    const JsonObject list = server.ok(200, "GET", kSessions + query, token);
    for (const Json& session : list.at("sessions").as_array()) {
      found.emplace_back(session.at("session_id").as_string());
    }
    return found;
  }

  std::int64_t total(const std::string& query, const std::string& token) {
    return server.ok(200, "GET", kSessions + query, token).at("total").as_int64();
  }

  std::string open_later() {
    server.clock.advance(std::chrono::seconds(1));
    return server.open_session(ann);
  }

  /// A row of an adopted database that has no message.
  std::string add_without_message(char digit, std::chrono::seconds after) {
    SessionRow row{.id = std::string(8, digit) + "-0000-4000-8000-000000000000",
                   .tenant_domain = "shop.example",
                   .user_account = "ann@x",
                   .created_at = server.clock.now() + after,
                   .updated_at = server.clock.now()};
    store::insert(server.connection(), row);
    return row.id;
  }
};

TEST_P(SessionList, PutsTheNewestMessageFirstAndSessionsWithoutOneLast) {
  const std::string old = open_later();
  const std::string busy = open_later();
  const std::string late_without = add_without_message('a', std::chrono::seconds(60));
  const std::string early_without = add_without_message('b', std::chrono::seconds(30));
  server.clock.advance(std::chrono::seconds(5));
  server.send(ann, old, "user", "again");
  const std::vector<std::string> expected{old, busy, late_without, early_without};
  EXPECT_EQ(ids("", ann), expected);
  for (std::size_t page = 1; page <= 4; ++page) {
    EXPECT_EQ(ids("?per_page=1&page=" + std::to_string(page), ann),
              std::vector{expected[page - 1]});
  }
  EXPECT_EQ(ids("?per_page=3", ann), (std::vector{old, busy, late_without}));
  EXPECT_EQ(ids("?per_page=3&page=2", ann), std::vector{early_without});
  EXPECT_EQ(ids("?page=2", ann), std::vector<std::string>{});
}

TEST_P(SessionList, BreaksTiesBySessionId) {
  std::vector<std::string> expected{server.open_session(ann), server.open_session(ann),
                                    server.open_session(ann)};
  std::ranges::sort(expected);
  EXPECT_EQ(ids("", ann), expected);
}

TEST_P(SessionList, NamesItsPageAndTheTotal) {
  open_later();
  open_later();
  const JsonObject list = server.ok(200, "GET", kSessions + "?page=2&per_page=1", ann);
  EXPECT_EQ(list.at("total"), 2);
  EXPECT_EQ(list.at("page"), 2);
  EXPECT_EQ(list.at("per_page"), 1);
}

TEST_P(SessionList, ShowsTheLastMessageOfEachSession) {
  const std::string first = open_later();
  const std::string second = open_later();
  server.send(ann, first, "user", "last of first");
  add_without_message('c', std::chrono::seconds(0));
  const JsonObject list = server.ok(200, "GET", kSessions, ann);
  std::map<std::string, Json> previews;
  for (const Json& session : list.at("sessions").as_array()) {
    previews[std::string(session.at("session_id").as_string())] = session.at("preview");
  }
  EXPECT_EQ(previews.at(first), "last of first");
  EXPECT_EQ(previews.at(second), "Hello");
  EXPECT_EQ(previews.size(), 3U);
  EXPECT_EQ(std::ranges::count_if(previews, [](const auto& each) { return each.second.is_null(); }),
            1);
}

TEST_P(SessionList, OfAUserHoldsOwnAccountAndTenantOnly) {
  open_later();
  EXPECT_EQ(total("", server.user_token("eve@x")), 0);
  EXPECT_EQ(total("", server.user_token("ann@x", "other.example")), 0);
  EXPECT_EQ(total("?assigned_to_me=true", ann), 1);
}

TEST_P(SessionList, Filters) {
  const TestAgent bob = server.add_agent("Bob");
  const TestAgent sue = server.add_agent("Sue", Role::Supervisor);
  const std::string taken = open_later();
  const std::string waiting = open_later();
  const std::string elsewhere = server.open_session(server.user_token("ann@x", "other.example"));
  server.set_status(bob.token, taken, "active");
  EXPECT_EQ(ids("?status=active", sue.token), std::vector{taken});
  EXPECT_EQ(ids("?status=", sue.token).size(), 3U);
  EXPECT_EQ(ids("?tenant=Other.Example", sue.token), std::vector{elsewhere});
  EXPECT_EQ(ids("?assigned_to_me=TRUE", bob.token), std::vector{taken});
  EXPECT_EQ(total("?assigned_to_me=1", sue.token), 0);
  EXPECT_EQ(ids("?agent_id=" + std::to_string(bob.id), sue.token), std::vector{taken});
  EXPECT_EQ(total("?status=pending&tenant=shop.example", sue.token), 1);
}

TEST_P(SessionList, CountsARowWithoutStatusAsPending) {
  const std::string id = add_without_message('d', std::chrono::seconds(0));
  const JsonObject list = server.ok(200, "GET", kSessions + "?status=pending", ann);
  const Json& session = list.at("sessions").at(0);
  EXPECT_EQ(session.at("status"), "pending");
  EXPECT_EQ(session.at("unread_count_user"), 0);
  EXPECT_EQ(session.at("unread_count_agent"), 0);
  EXPECT_TRUE(session.at("metadata").is_null());
  EXPECT_TRUE(session.at("user_name").is_null());
}

TEST_P(SessionList, RefusesWhatIsOutOfRange) {
  std::vector<Scenario> scenarios;
  for (const std::string query :
       {"page=0", "page=-1", "page=x", "per_page=0", "per_page=101", "status=open",
        "assigned_to_me=yes", "agent_id=bob", "page=99999999999999999999"}) {
    scenarios.push_back({query,
                         "GET",
                         kSessions + "?" + query,
                         ann,
                         "",
                         422,
                         {"\"details\":{\"" + query.substr(0, query.find('=')) + "\""},
                         {},
                         {}});
  }
  scenarios.push_back({"a page far away",
                       "GET",
                       kSessions + "?page=2147483647&per_page=100",
                       ann,
                       "",
                       200,
                       {"\"sessions\":[]"},
                       {},
                       {}});
  play(server, scenarios);
}

INSTANTIATE_TEST_SUITE_P(Engines, SessionList, testing::ValuesIn(all_engines()),
                         engine_name<testing::TestParamInfo<TestEngine>>);

}  // namespace
}  // namespace parley::test
