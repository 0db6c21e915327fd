// Requests that arrive at the same time.

#include <thread>

#include "database/transaction.h"
#include "dialect/dialect.h"
#include "http/live_agent_server.h"
#include "live_agent/receipts.h"

namespace parley::test {
namespace {

using live_agent::MessageRow;

constexpr std::string_view kTake = R"({"status":"active"})";

class Race : public LiveAgentTest {
 protected:
  std::string ann = server.user_token("ann@x");
  TestAgent bob = server.add_agent("Bob");
  TestAgent eve = server.add_agent("Eve");

  void expect_one_winner(const LiveAgentServer& of_bob, const LiveAgentServer& of_eve) {
    for (int round = 0; round < 10; ++round) {
      const std::string id = server.open_session(ann);
      const std::string path = live_agent("/sessions/" + id + "/status");
      HttpAnswer to_bob;
      std::thread other([&] { to_bob = of_bob.call("PUT", path, bob.token, kTake); });
      const HttpAnswer to_eve = of_eve.call("PUT", path, eve.token, kTake);
      other.join();
      const bool bob_won = to_bob.status == 200;
      const HttpAnswer& winner = bob_won ? to_bob : to_eve;
      const HttpAnswer& loser = bob_won ? to_eve : to_bob;
      EXPECT_EQ(winner.status, 200) << winner.body;
      EXPECT_EQ(loser.status, 409) << loser.body;
      EXPECT_THAT(loser.body, testing::HasSubstr(bob_won ? "assigned to Bob" : "assigned to Eve"));
      EXPECT_EQ(server.session(id).assigned_agent_id, bob_won ? bob.id : eve.id);
    }
  }

  void read_all(const LiveAgentServer& node, const std::string& id) {
    node.ok(200, "PUT", live_agent("/sessions/" + id + "/messages/read"), bob.token,
            R"({"read_by":"agent"})");
  }

  std::int64_t unread_by_agent(const std::string& id) {
    const auto rows = server.rows<MessageRow>();
    return std::ranges::count_if(rows, [&](const MessageRow& row) {
      return row.session_id == id && row.sender_type == "user" && row.read_by_agent == false;
    });
  }
};

TEST_P(Race, ExactlyOneOfTwoAgentsTakesASession) { expect_one_winner(server, server); }

TEST_P(Race, ExactlyOneOfTwoNodesTakesASession) {
  const LiveAgentServer second(server);
  expect_one_winner(server, second);
}

TEST_P(Race, TwoNodesKeepCounterAndOrderTrue) {
  constexpr int kMessages = 15;
  LiveAgentServer second(server);
  second.clock.advance(std::chrono::seconds(2));
  const std::string id = server.open_session(ann);
  std::vector<std::thread> threads;
  for (LiveAgentServer* node : {&server, &second}) {
    threads.emplace_back([&, node] {
      for (int i = 0; i < kMessages; ++i) node->send(ann, id, "user", "x");
    });
  }
  threads.emplace_back([&] {
    for (int i = 0; i < kMessages; ++i) read_all(second, id);
  });
  for (auto& thread : threads) thread.join();
  const auto rows = server.rows<MessageRow>();
  EXPECT_EQ(rows.size(), 1U + 2 * kMessages);
  EXPECT_TRUE(std::ranges::is_sorted(rows, {}, &MessageRow::created_at));
  EXPECT_EQ(server.session(id).unread_count_agent, unread_by_agent(id));
}

TEST_P(Race, ReceiptCountsAMessageThatCameFromAnotherNodeMeanwhile) {
  if (dialect::dialect_of(server.connection()).capabilities().one_writer) {
    GTEST_SKIP() << "only one transaction writes at a time";
  }
  const LiveAgentServer second(server);
  const std::string id = server.open_session(ann);
  database::Transaction transaction(server.connection());
  const auto seen = server.session(id);
  const MessageRow first = server.rows<MessageRow>().at(0);
  second.send(ann, id, "user", "meanwhile");
  std::vector<store::Event> events;
  store::UnitOfWork unit{server.connection(), events};
  live_agent::mark_message_read(unit, seen, first, live_agent::Side::Agent, server.clock.now());
  transaction.commit();
  EXPECT_EQ(server.session(id).unread_count_agent, 1);
  EXPECT_EQ(unread_by_agent(id), 1);
}

TEST_P(Race, ConcurrentMessagesAndReceiptsKeepTheCounterTrue) {
  constexpr int kPerThread = 15;
  const std::string id = server.open_session(ann);
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < kPerThread; ++i) {
        server.send(ann, id, "user", "x");
      }
    });
  }
  threads.emplace_back([&] {
    for (int i = 0; i < kPerThread; ++i) {
      read_all(server, id);
    }
  });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(server.rows<MessageRow>().size(), 1U + 4 * kPerThread);
  EXPECT_EQ(server.session(id).unread_count_agent, unread_by_agent(id));
}

TEST_P(Race, IdsAreInTheOrderOfTime) {
  const std::string id = server.open_session(ann);
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 10; ++i) {
        server.clock.advance(std::chrono::seconds(t == 0 ? -3 : 2));
        server.send(ann, id, "user", "x");
      }
    });
  }
  for (auto& thread : threads) thread.join();
  const auto rows =
      store::select<MessageRow>().order_by<&MessageRow::id>().all(server.connection());
  EXPECT_EQ(rows.size(), 41U);
  EXPECT_TRUE(std::ranges::is_sorted(rows, {}, &MessageRow::created_at));
}

INSTANTIATE_TEST_SUITE_P(Engines, Race, testing::ValuesIn(all_engines()),
                         engine_name<testing::TestParamInfo<TestEngine>>);

}  // namespace
}  // namespace parley::test
