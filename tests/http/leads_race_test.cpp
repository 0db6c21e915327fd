// Two of everything at once, also on two nodes: one lead, one session, one row per message.

#include <atomic>
#include <set>
#include <thread>

#include "http/leads_server.h"

namespace parley::test {
namespace {

using leads::AgentRow;
using leads::AgentSessionRow;
using leads::LeadRow;
using leads::MessageRow;

class LeadsRace : public LeadsTest {
 protected:
  LeadsServer other{server};

  /// Calls `one` with both nodes, from four threads each.
  void at_once(const std::function<void(const LeadsServer&, int)>& one) {
    std::vector<std::thread> threads;
    for (int i = 0; i < 8; ++i) {
      threads.emplace_back([&, i] { one(i % 2 == 0 ? server : other, i); });
    }
    for (std::thread& thread : threads) thread.join();
  }
};

TEST_P(LeadsRace, OneLeadPerForeignId) {
  server.add_greeter("Sarah");
  at_once([](const LeadsServer& node, int) { node.lead_created("abc"); });
  EXPECT_EQ(server.rows<LeadRow>().size(), 1U);
  EXPECT_EQ(server.rows<AgentSessionRow>().size(), 1U);
  EXPECT_EQ(server.messages().size(), 1U);
}

TEST_P(LeadsRace, OneSessionPerLeadAndARowPerMessage) {
  server.add_agent("Sarah");
  const LeadRow lead = server.add_lead("Maria");
  at_once([&](const LeadsServer& node, int i) {
    for (int k = 0; k < 3; ++k) node.route(lead.id, std::to_string(10 * i + k));
  });
  EXPECT_EQ(server.rows<AgentSessionRow>().size(), 1U);
  const std::vector<MessageRow> messages = server.messages();
  EXPECT_EQ(messages.size(), 48U);
  EXPECT_EQ(server.rows<AgentSessionRow>().at(0).message_count, 48);
  std::set<std::string> texts;
  std::set<Timestamp> times;
  for (const MessageRow& each : messages) {
    if (each.sender_type == "lead") texts.insert(each.content);
    times.insert(each.created_at.value());
  }
  EXPECT_EQ(texts.size(), 24U);
  EXPECT_EQ(times.size(), 48U);
  EXPECT_EQ(server.rows<AgentRow>().at(0).total_interactions, 24);
}

TEST_P(LeadsRace, OneHoldingAgent) {
  std::vector<LeadRow> leads;
  for (int i = 0; i < 8; ++i) leads.push_back(server.add_lead("Lead"));
  at_once([&](const LeadsServer& node, int i) {
    node.route(leads[static_cast<std::size_t>(i)].id, "Anybody?");
  });
  EXPECT_EQ(server.rows<AgentRow>().size(), 1U);
  EXPECT_EQ(server.messages().size(), 8U);
}

INSTANTIATE_TEST_SUITE_P(Engines, LeadsRace, testing::ValuesIn(all_engines()),
                         engine_name<testing::TestParamInfo<TestEngine>>);

}  // namespace
}  // namespace parley::test
