#include <gmock/gmock.h>

#include <cstdlib>
#include <map>
#include <random>

#include "http/live_agent_server.h"

namespace parley::test {
namespace {

using live_agent::MessageRow;
using live_agent::Role;
using live_agent::SessionRow;

/// What a session is supposed to be, kept by the rules of the module as a person would tell them.
struct ModelSession {
  struct Message {
    bool is_from_user = true;
    bool is_read = false;  ///< By the other side.
  };
  std::size_t owner = 0;
  std::string status = "pending";
  std::optional<std::size_t> agent;
  std::vector<Message> messages;

  std::int64_t unread_by(bool user) const {
    return std::ranges::count_if(messages, [&](const Message& message) {
      return message.is_from_user != user && !message.is_read;
    });
  }
};

/// Random requests to the real server and the same to the model: equal answers, equal counters.
class ModelTest : public LiveAgentTest {
 protected:
  ModelTest() {
    for (const char* name : {"ann", "bob"})
      users.push_back(server.user_token(std::string(name) + "@example.org"));
    for (const char* name : {"Max", "Eva"}) agents.push_back(server.add_agent(name));
  }

  std::size_t pick(std::size_t count) {
    return std::uniform_int_distribution<std::size_t>(0, count - 1)(random);
  }
  std::pair<const std::string, ModelSession>& any_session() {
    return *std::next(sessions.begin(), static_cast<std::ptrdiff_t>(pick(sessions.size())));
  }
  bool may_reach(const ModelSession& session, std::size_t agent) const {
    return !session.agent || *session.agent == agent;
  }

  void step() {
    if (sessions.empty() || pick(12) == 0) return open();
    switch (pick(5)) {
      case 0:
      case 1: return send();
      case 2: return read();
      case 3: return change_status();
      default: return list();
    }
  }

  void open() {
    const std::size_t owner = pick(users.size());
    const std::string id = server.open_session(users[owner]);
    sessions[id] = {.owner = owner, .agent = {}, .messages = {{}}};
  }

  void send() {
    auto& [id, session] = any_session();
    const bool is_user = pick(2) == 0;
    const std::size_t who = pick(2);
    const HttpAnswer answer =
        server.call("POST", live_agent("/messages"), is_user ? users[who] : agents[who].token,
                    json_of({{"session_id", id},
                             {"message_text", "x"},
                             {"sender_type", is_user ? "user" : "agent"}}));
    const bool may = is_user ? session.owner == who : may_reach(session, who);
    const int expected = !may ? 403 : session.status == "closed" ? 409 : 201;
    ASSERT_EQ(answer.status, expected) << answer.body;
    if (expected != 201) return;
    session.messages.push_back({.is_from_user = is_user});
    if (is_user && session.status == "resolved")
      session.status = session.agent ? "active" : "pending";
  }

  void read() {
    auto& [id, session] = any_session();
    const bool is_user = pick(2) == 0;
    const std::size_t who = pick(2);
    const HttpAnswer answer =
        server.call("GET", live_agent("/messages/" + id + "?mark_as_read=true"),
                    is_user ? users[who] : agents[who].token);
    const bool may = is_user ? session.owner == who : may_reach(session, who);
    ASSERT_EQ(answer.status, may ? 200 : 403);
    if (!may) return;
    ASSERT_EQ(answer.json().at("total").as_int64(),
              static_cast<std::int64_t>(session.messages.size()));
    for (auto& message : session.messages) message.is_read |= message.is_from_user != is_user;
  }

  void change_status() {
    auto& [id, session] = any_session();
    const std::size_t who = pick(2);
    const std::string wanted =
        std::array{"pending", "active", "active", "resolved", "closed"}[pick(5)];
    const HttpAnswer answer = server.call("PUT", live_agent("/sessions/" + id + "/status"),
                                          agents[who].token, json_of({{"status", wanted}}));
    ASSERT_EQ(answer.status, expected_of_change(session, who, wanted)) << answer.body;
    if (answer.status != 200) return;
    if (wanted == "pending") session.agent.reset();
    if (wanted == "active" && !session.agent) session.agent = who;
    session.status = wanted;
  }

  int expected_of_change(const ModelSession& session, std::size_t who,
                         const std::string& wanted) const {
    if (!may_reach(session, who)) return wanted == "active" ? 409 : 403;
    if (session.status == "closed" && wanted != "closed") return 409;
    return 200;
  }

  void list() {
    const std::size_t who = pick(2);
    const JsonObject page = server.ok(200, "GET", live_agent("/sessions?per_page=100"), users[who]);
    const auto owned =
        std::ranges::count_if(sessions, [&](const auto& each) { return each.second.owner == who; });
    EXPECT_EQ(page.at("total").as_int64(), owned);
    for (const Json& shown : page.at("sessions").as_array()) {
      const ModelSession& model = sessions.at(std::string(shown.at("session_id").as_string()));
      EXPECT_EQ(shown.at("status"), Json(model.status));
      EXPECT_EQ(shown.at("unread_count_user").as_int64(), model.unread_by(true));
      EXPECT_EQ(shown.at("unread_count_agent").as_int64(), model.unread_by(false));
    }
  }

  void compare_all() {
    for (const auto& [id, model] : sessions) {
      const SessionRow row = server.session(id);
      EXPECT_EQ(row.status, model.status) << id;
      EXPECT_EQ(row.unread_count_user, model.unread_by(true)) << id;
      EXPECT_EQ(row.unread_count_agent, model.unread_by(false)) << id;
      EXPECT_EQ(row.assigned_agent_id.has_value(), model.agent.has_value()) << id;
      if (!model.agent) continue;
      EXPECT_EQ(row.assigned_agent_id, agents[*model.agent].id) << id;
    }
  }

  std::mt19937 random;
  std::vector<std::string> users;
  std::vector<TestAgent> agents;
  std::map<std::string, ModelSession> sessions;
};
INSTANTIATE_TEST_SUITE_P(Engines, ModelTest, testing::ValuesIn(all_engines()),
                         engine_name<testing::TestParamInfo<TestEngine>>);

TEST_P(ModelTest, RandomRequestsAreAnsweredAsTheModelSays) {
  const char* given = std::getenv("PARLEY_TEST_SEED");
  const std::uint32_t seed = given != nullptr
                                 ? static_cast<std::uint32_t>(std::strtoul(given, nullptr, 10))
                                 : std::random_device()();
  SCOPED_TRACE("PARLEY_TEST_SEED=" + std::to_string(seed));
  random.seed(seed);
  for (int i = 0; i < 400 && !HasFailure(); ++i) step();
  compare_all();
}

}  // namespace
}  // namespace parley::test
