// `parley serve` on databases that the original lead backend has left: it starts when nothing is
// missing, and otherwise says what is and changes nothing; after the command that it names, the old
// conversations go on.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>

#include "adoption/shapes.h"
#include "base/json.h"
#include "support/http_client.h"
#include "support/process.h"

namespace parley::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

/// An outbound URL that another program keeps, with one delivery of it.
const std::string kOutbound =
    "INSERT INTO outbound_urls (id, url) VALUES (3, 'https://hooks.example.org/x');"
    "INSERT INTO outbound_deliveries (id, url_id, event_type, payload, next_at) VALUES "
    "(4, 3, 'lead_created', '{}', '2025-10-09 10:00:00');";

class LeadsServed : public testing::TestWithParam<TestEngine> {
 protected:
  void leave(const std::string& shape) {
    database_.connect()->execute(script_of(shape, GetParam()));
  }
  Environment environment() const { return {{"PARLEY_DATABASE_LEADS", database_.url_text()}}; }
  Outcome serve_in_vain() {
    return run_parley({"serve", "--listen", "127.0.0.1:0"}, directory_.path(), environment());
  }
  Outcome db(const std::string& command) {
    return run_parley({"db", command, "--module", "leads", "--url", database_.url_text()},
                      directory_.path());
  }
  std::int64_t rows_in(const std::string& table) {
    return database::integer_of(
        database::query(*database_.connect(), "SELECT COUNT(*) FROM " + table).front().front());
  }

  /// Lead 1 of the fixtures writes once more, and its agent answers.
  void expect_that_the_conversation_goes_on() {
    const RunningServer server({}, directory_.path(), environment());
    const HttpAnswer answer = http_call(server.port(), "POST", "/api/messages/route", {},
                                        R"({"lead_id": 1, "message": "Still there?"})");
    ASSERT_EQ(answer.status, 200) << answer.body;
    EXPECT_EQ(answer.json().at("session_id"), 1);
    EXPECT_EQ(answer.json().at("agent_name"), "Sarah");
    const HttpAnswer list = http_call(server.port(), "GET", "/api/messages/lead/1/messages");
    ASSERT_EQ(list.status, 200) << list.body;
    std::vector<std::string> senders;
    std::vector<std::string> texts;
    const Json messages = list.json().at("messages");
    for (const Json& each : messages.as_array()) {
      senders.emplace_back(each.at("sender_type").as_string());
      texts.emplace_back(each.at("content").as_string());
    }
    EXPECT_THAT(senders, ElementsAre("lead", "agent", "lead", "agent"));
    ASSERT_EQ(texts.size(), 4U);
    EXPECT_EQ(texts[0], "How much?");
    EXPECT_EQ(texts[1], "It depends.");
    EXPECT_EQ(texts[2], "Still there?");
    EXPECT_EQ(messages.at(0).at("created_at"), "2025-10-09T10:00:00.000000Z");
  }

  TestDatabase database_{GetParam()};
  TemporaryDirectory directory_;
};
INSTANTIATE_TEST_SUITE_P(Engines, LeadsServed, testing::ValuesIn(all_engines()),
                         engine_name<testing::TestParamInfo<TestEngine>>);

TEST_P(LeadsServed, WithoutDefaultsAndWithIndexesOfTheOriginalAtOnce) {
  leave("leads.D1");
  expect_that_the_conversation_goes_on();
  EXPECT_EQ(rows_in("messages"), 4);
}

TEST_P(LeadsServed, WithoutDefaultsAfterTheirRepair) {
  leave("leads.D1");
  const Outcome repaired = db("repair");
  EXPECT_EQ(repaired.exit_code, 0) << repaired.out << repaired.err;
  expect_that_the_conversation_goes_on();
  EXPECT_EQ(db("verify").exit_code, 0);
}

TEST_P(LeadsServed, WithColumnsMissingOnlyAfterTheirRepair) {
  leave("leads.D5");
  const Outcome refused = serve_in_vain();
  EXPECT_EQ(refused.exit_code, 3) << refused.err;
  EXPECT_THAT(refused.err, HasSubstr("Missing column: leads.external_id"));
  EXPECT_THAT(refused.err, HasSubstr("parley db repair --module leads"));
  EXPECT_THAT(db("verify").out, HasSubstr("Missing column: leads.external_id"));
  const Outcome repaired = db("repair");
  EXPECT_EQ(repaired.exit_code, 0) << repaired.out << repaired.err;
  expect_that_the_conversation_goes_on();
}

TEST_P(LeadsServed, KeepsTheRowsOfTheOutboundTables) {
  leave("leads.D1");
  ASSERT_EQ(db("adopt").exit_code, 0);
  database_.connect()->execute(kOutbound);
  database_.connect()->execute("ALTER TABLE agents DROP COLUMN last_used_at");
  const Outcome adopted = db("adopt");
  EXPECT_EQ(adopted.exit_code, 0) << adopted.out << adopted.err;
  expect_that_the_conversation_goes_on();
  EXPECT_EQ(rows_in("outbound_urls"), 1);
  EXPECT_EQ(rows_in("outbound_deliveries"), 1);
}

}  // namespace
}  // namespace parley::test
