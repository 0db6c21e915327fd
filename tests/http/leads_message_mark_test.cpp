// POST /api/messages/{id}/read, /failed, /flag.

#include "http/leads_server.h"

namespace parley::test {
namespace {

using leads::MessageRow;

class LeadsMessageMark : public LeadsTest {
 protected:
  LeadsMessageMark() {
    server.add_greeter("Sarah");
    server.lead_created("abc");
    server.message_received("abc", "hello");
    of_agent = server.messages().at(0).id;
    of_lead = server.messages().at(1).id;
  }

  static std::string path(std::int64_t id, const std::string& mark) {
    return "/api/messages/" + std::to_string(id) + "/" + mark;
  }
  MessageRow stored(std::int64_t id) {
    return store::select<MessageRow>()
        .where(store::equals<&MessageRow::id>(id))
        .first(server.connection())
        .value();
  }

  std::int64_t of_agent = 0;
  std::int64_t of_lead = 0;
};

TEST_P(LeadsMessageMark, ReadKeepsTheFirstTime) {
  const Timestamp first = server.clock.now();
  EXPECT_EQ(server.post(path(of_agent, "read"), {}).at("message_status"), "read");
  server.clock.advance(std::chrono::seconds(5));
  server.post(path(of_agent, "read/"), {});
  EXPECT_EQ(stored(of_agent).read_at, first);
}

TEST_P(LeadsMessageMark, FailureIsNotedWithItsReason) {
  const JsonObject failed =
      server.post(path(of_agent, "failed"), {{"error_message", "number unknown"}});
  EXPECT_EQ(failed.at("message_status"), "failed");
  EXPECT_EQ(failed.at("delivery_status"), "failed");
  EXPECT_EQ(failed.at("error_message"), "number unknown");
  play(server,
       {{"of the lead", "POST", path(of_lead, "failed"), "", "{}", 409, {"the lead"}, {}, {}}});
}

TEST_P(LeadsMessageMark, DeliveredMessageHasNotFailed) {
  server.post("/api/webhooks/zapier/mark-delivered/" + std::to_string(of_agent), {});
  play(server, {{"late", "POST", path(of_agent, "failed"), "", "{}", 409, {"delivered"}, {}, {}}});
}

TEST_P(LeadsMessageMark, FlagIsSetAndTakenBack) {
  const JsonObject flagged =
      server.post(path(of_lead, "flag"), {{"reason", "rude"}, {"quality_score", 0.25}});
  EXPECT_EQ(flagged.at("is_flagged"), true);
  EXPECT_EQ(flagged.at("flagged_reason"), "rude");
  EXPECT_EQ(flagged.at("quality_score"), "0.25");
  const JsonObject cleared = server.post(path(of_lead, "flag"), {{"is_flagged", false}});
  EXPECT_EQ(cleared.at("is_flagged"), false);
  EXPECT_EQ(cleared.at("flagged_reason"), nullptr);
  EXPECT_EQ(cleared.at("quality_score"), "0.25");
}

TEST_P(LeadsMessageMark, BadInputIsRefused) {
  play(server, {{"missing", "POST", path(777, "read"), "", "{}", 404, {"777"}, {}, {}},
                {"score",
                 "POST",
                 path(of_lead, "flag"),
                 "",
                 R"({"quality_score":2})",
                 422,
                 {"/quality_score"},
                 {},
                 {}},
                {"flag",
                 "POST",
                 path(of_lead, "flag"),
                 "",
                 R"({"is_flagged":"yes"})",
                 422,
                 {"/is_flagged"},
                 {},
                 {}}});
  EXPECT_EQ(stored(of_lead).is_flagged, false);
}

INSTANTIATE_TEST_SUITE_P(Engines, LeadsMessageMark, testing::ValuesIn(all_engines()),
                         engine_name<testing::TestParamInfo<TestEngine>>);

}  // namespace
}  // namespace parley::test
