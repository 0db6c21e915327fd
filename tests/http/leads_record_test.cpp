// /api/leads: created, listed, changed, noted on, counted, deleted.

#include <thread>

#include "http/leads_server.h"
#include "leads/stored_json.h"

namespace parley::test {
namespace {

using leads::AgentSessionRow;
using leads::FollowUpTaskRow;
using leads::LeadRow;
using leads::MessageRow;
using testing::ElementsAre;
using testing::IsEmpty;

const std::string kLeads = "/api/leads/";

class LeadsRecord : public LeadsTest {
 protected:
  JsonObject create(JsonObject fields) {
    if (!fields.contains("source")) fields["source"] = "website";
    if (!fields.contains("email")) fields["email"] = "";
    return server.post(kLeads, fields);
  }

  std::vector<std::int64_t> ids(const std::string& query) const {
    std::vector<std::int64_t> found;
    const JsonObject list = server.get(kLeads + query);
    for (const Json& each : list.at("leads").as_array()) {
      found.push_back(each.at("id").as_int64());
    }
    return found;
  }

  std::string path(std::int64_t id, const std::string& rest = {}) const {
    return kLeads + std::to_string(id) + rest;
  }
};

TEST_P(LeadsRecord, AnswerHasEveryColumn) {
  const JsonObject lead = create({{"email", "ann@x"},
                                  {"name", "Ann Lee"},
                                  {"first_name", "Ann"},
                                  {"last_name", "Lee"},
                                  {"phone", "1"},
                                  {"company", "Lee Ltd"},
                                  {"address", "Here"},
                                  {"external_id", "e1"},
                                  {"service_requested", "Tiling"},
                                  {"status", "contacted"},
                                  {"notes", json::array{JsonObject{{"id", 4}}}},
                                  {"interaction_history", json::array{1}}});
  std::vector<std::string> fields;
  for (const auto& field : lead) fields.emplace_back(field.key());
  EXPECT_EQ(fields, schema::column_names<LeadRow>());
  EXPECT_EQ(lead.at("status"), "contacted");
  EXPECT_EQ(lead.at("created_at"), "2025-03-15T10:00:00.000000Z");
  EXPECT_EQ(server.get(path(number_at(lead, "id"))), lead);
  EXPECT_EQ(server.get(path(number_at(lead, "id"), "/")), lead);
  EXPECT_EQ(server.get(path(number_at(lead, "id"), "/interactions")).at("interactions"),
            (json::array{1}));
}

TEST_P(LeadsRecord, LittleIsNeeded) {
  const JsonObject lead = create({});
  EXPECT_EQ(lead.at("status"), "new");
  EXPECT_EQ(lead.at("name"), nullptr);
  EXPECT_EQ(lead.at("notes"), json::array{});
  EXPECT_EQ(lead.at("interaction_history"), json::array{});
  EXPECT_THAT(server.events("lead:" + std::to_string(number_at(lead, "id"))),
              ElementsAre("lead.created"));
}

TEST_P(LeadsRecord, JsonColumnsOfOldRowsAreNeverNullNorText) {
  LeadRow row = server.add_lead("Old");
  server.write([&](store::UnitOfWork& unit) {
    store::update(unit.connection, store::equals<&LeadRow::id>(row.id),
                  store::set<&LeadRow::notes>(Json("[{\"id\":1}]")),
                  store::set<&LeadRow::interaction_history>(std::nullopt));
  });
  const JsonObject lead = server.get(path(row.id));
  EXPECT_EQ(lead.at("notes"), (json::array{JsonObject{{"id", 1}}}));
  EXPECT_EQ(lead.at("interaction_history"), json::array{});
}

TEST_P(LeadsRecord, ProjectBecomesNotes) {
  const JsonObject lead =
      create({{"project_data", JsonObject{{"job_names", json::array{"Tiling", "Painting"}},
                                          {"budget", "500"},
                                          {"timeline", "soon"},
                                          {"location", JsonObject{{"city", "Rome"}}},
                                          {"availability", ""}}},
              {"platform_metadata", JsonObject{{"page", "contact"}}}});
  EXPECT_EQ(lead.at("service_requested"), "Tiling, Painting");
  std::vector<std::string> types;
  for (const Json& note : lead.at("notes").as_array()) {
    types.emplace_back(note.at("type").as_string());
  }
  EXPECT_THAT(types, ElementsAre("services_requested", "location", "budget", "timeline",
                                 "platform_metadata"));
  EXPECT_EQ(lead.at("notes").at(2).at("content"), "500");
  EXPECT_EQ(lead.at("notes").at(2).at("id"), 3);
}

TEST_P(LeadsRecord, NewLeadOpensASessionWithAGreeting) {
  const auto agent = server.add_greeter("Sarah");
  const std::int64_t id = number_at(create({{"name", "Ann"}}), "id");
  const auto sessions = server.rows<AgentSessionRow>();
  ASSERT_EQ(sessions.size(), 1U);
  EXPECT_EQ(sessions[0].agent_id, agent.id);
  EXPECT_EQ(sessions[0].trigger_type, "new_lead");
  EXPECT_EQ(server.messages().size(), 1U);
  EXPECT_THAT(server.events("lead:" + std::to_string(id)),
              ElementsAre("lead.created", "session.started", "message.created"));
}

TEST_P(LeadsRecord, EmailAndExternalIdAreTakenOnce) {
  create({{"email", "ann@x"}, {"external_id", "e1"}});
  play(server, {{"e-mail",
                 "POST",
                 kLeads,
                 "",
                 R"({"email":"ann@x","source":"web"})",
                 400,
                 {"email already exists"},
                 {},
                 {}},
                {"external id",
                 "POST",
                 kLeads,
                 "",
                 R"({"email":"","source":"web","external_id":"e1"})",
                 400,
                 {"external_id"},
                 {},
                 {}}});
  const std::int64_t other = number_at(create({}), "id");
  play(server,
       {{"change", "PUT", path(other), "", R"({"email":"ann@x"})", 400, {"already exists"}, {}, {}},
        {"to nothing", "PUT", path(other), "", R"({"email":""})", 200, {}, {}, {}}});
  EXPECT_EQ(server.rows<LeadRow>().size(), 2U);
}

TEST_P(LeadsRecord, OfTwoRequestsAtOnceOneGetsTheEmail) {
  const LeadsServer second(server);
  for (int round = 0; round < 5; ++round) {
    const std::string body =
        json_of({{"email", "ann" + std::to_string(round) + "@x"}, {"source", "web"}});
    HttpAnswer to_second;
    std::thread other([&] { to_second = second.call("POST", kLeads, "", body); });
    const HttpAnswer to_first = server.call("POST", kLeads, "", body);
    other.join();
    EXPECT_EQ(to_first.status + to_second.status, 600) << to_first.body << to_second.body;
  }
  EXPECT_EQ(server.rows<LeadRow>().size(), 5U);
}

TEST_P(LeadsRecord, ListIsNewestFirstInPages) {
  const std::int64_t first = number_at(create({{"name", "A"}}), "id");
  const std::int64_t second = number_at(create({{"name", "B"}}), "id");
  const std::int64_t third = number_at(create({{"name", "C"}}), "id");
  EXPECT_THAT(ids(""), ElementsAre(third, second, first));
  EXPECT_THAT(ids("?per_page=2&page=2"), ElementsAre(first));
  const JsonObject page = server.get(kLeads + "?per_page=2&page=1");
  EXPECT_EQ(page.at("total"), 3);
  EXPECT_EQ(page.at("page"), 1);
  EXPECT_EQ(page.at("per_page"), 2);
  EXPECT_EQ(page.at("total_pages"), 2);
  EXPECT_THAT(ids("?page=9"), IsEmpty());
}

TEST_P(LeadsRecord, ListIsFiltered) {
  const std::int64_t ann = number_at(
      create({{"name", "Ann 100%"}, {"email", "a@x"}, {"company", "Lee"}, {"status", "won"}}),
      "id");
  const std::int64_t bob =
      number_at(create({{"name", "Bob"}, {"email", "bob@lee.example"}, {"source", "yelp"}}), "id");
  EXPECT_THAT(ids("?status=won"), ElementsAre(ann));
  EXPECT_THAT(ids("?source=yelp"), ElementsAre(bob));
  EXPECT_THAT(ids("?company=lee"), ElementsAre(ann));
  EXPECT_THAT(ids("?search=LEE"), ElementsAre(bob, ann));
  EXPECT_THAT(ids("?search=100%25"), ElementsAre(ann));
  EXPECT_THAT(ids("?search=1_0"), IsEmpty());
  EXPECT_THAT(ids("?search=bob&status=won"), IsEmpty());
}

TEST_P(LeadsRecord, ChangeTouchesWhatIsGiven) {
  const std::int64_t id =
      number_at(create({{"name", "Ann"}, {"phone", "1"}, {"company", "Lee"}}), "id");
  server.clock.advance(std::chrono::seconds(5));
  const JsonObject lead =
      server.ok(200, "PUT", path(id), "", R"({"status":"qualified","phone":null})");
  EXPECT_EQ(lead.at("status"), "qualified");
  EXPECT_EQ(lead.at("phone"), nullptr);
  EXPECT_EQ(lead.at("company"), "Lee");
  EXPECT_EQ(lead.at("updated_at"), "2025-03-15T10:00:05.000000Z");
  EXPECT_THAT(server.events("lead:" + std::to_string(id)),
              ElementsAre("lead.created", "lead.updated"));
}

TEST_P(LeadsRecord, NotesAreNumbered) {
  const std::int64_t id = number_at(create({}), "id");
  const JsonObject first = server.post(path(id, "/notes"), {{"content", "called"}});
  EXPECT_EQ(first.at("note").at("id"), 1);
  EXPECT_EQ(first.at("note").at("author"), "User");
  EXPECT_EQ(first.at("note").at("content"), "called");
  EXPECT_EQ(first.at("note").at("timestamp"), "2025-03-15T10:00:00.000000Z");
  const JsonObject second =
      server.post(path(id, "/notes"), {{"content", "again"}, {"author", "Eve"}});
  EXPECT_EQ(second.at("note").at("id"), 2);
  EXPECT_EQ(server.get(path(id)).at("notes").as_array().size(), 2U);
}

TEST_P(LeadsRecord, FiguresCountStatuses) {
  for (const char* status : {"new", "contacted", "in_progress", "won", "completed", "lost"}) {
    create({{"status", status}, {"source", status == std::string("new") ? "yelp" : "web"}});
  }
  const JsonObject figures = server.get(kLeads + "stats/overview");
  EXPECT_EQ(figures.at("total_leads"), 6);
  EXPECT_EQ(figures.at("active_leads"), 3);
  EXPECT_EQ(figures.at("won_leads"), 2);
  EXPECT_DOUBLE_EQ(figures.at("conversion_rate").to_number<double>(), 33.33);
  const HttpAnswer sources = server.call("GET", kLeads + "stats/by-source", "");
  EXPECT_EQ(sources.json(),
            (Json{{{"source", "web"}, {"count", 5}}, {{"source", "yelp"}, {"count", 1}}}));
  const HttpAnswer statuses = server.call("GET", kLeads + "stats/by-status/", "");
  EXPECT_EQ(statuses.json().as_array().size(), 6U);
}

TEST_P(LeadsRecord, DeletingTakesEverythingAlong) {
  server.add_agent("Sarah", [](leads::AgentRow& agent) {
    agent.triggers = json::array{"new_lead"};
    agent.workflow_steps = parse_json(R"([{"id":"s1","type":"time_based_trigger",
        "trigger":{"event":"no_response","delay_minutes":60},
        "action":{"type":"send","template":"Hi","template_type":"no_response_sequence"}}])");
  });
  const std::int64_t id = number_at(create({{"name", "Ann"}}), "id");
  server.route(id, "hello");
  const auto said = server.messages();
  server.write([&](store::UnitOfWork& unit) {
    store::update(unit.connection, store::equals<&MessageRow::id>(said.back().id),
                  store::set<&MessageRow::parent_message_id>(said.front().id));
  });
  const std::int64_t other = number_at(create({{"name", "Bob"}}), "id");
  const JsonObject summary = server.ok(200, "DELETE", path(id), "").at("summary").as_object();
  EXPECT_EQ(summary.at("lead_id"), id);
  EXPECT_EQ(summary.at("lead_name"), "Ann");
  EXPECT_EQ(summary.at("deleted_records"), (Json{{"messages", said.size()},
                                                 {"sessions", 1},
                                                 {"follow_ups", 1},
                                                 {"calls", 0},
                                                 {"lead", 1}}));
  EXPECT_EQ(summary.at("total_deleted").to_number<std::size_t>(), said.size() + 3);
  EXPECT_EQ(server.rows<LeadRow>().size(), 1U);
  EXPECT_EQ(server.rows<LeadRow>().front().id, other);
  EXPECT_EQ(server.rows<AgentSessionRow>().size(), 1U);
  EXPECT_EQ(server.rows<FollowUpTaskRow>().size(), 1U);
  EXPECT_EQ(server.events("lead:" + std::to_string(id)).back(), "lead.deleted");
  play(server, {{"gone", "GET", path(id), "", "", 404, {std::to_string(id)}, {}, {}},
                {"twice", "DELETE", path(id), "", "", 404, {}, {}, {}}});
}

TEST_P(LeadsRecord, RowsOfUnknownTablesKeepALead) {
  const std::int64_t id = number_at(create({}), "id");
  server.connection().execute(
      "CREATE TABLE calls (id INTEGER PRIMARY KEY, lead_id INTEGER NOT NULL, "
      "FOREIGN KEY (lead_id) REFERENCES leads (id))");
  server.connection().execute("INSERT INTO calls (id, lead_id) VALUES (1, " + std::to_string(id) +
                              ")");
  play(server, {{"in use", "DELETE", path(id), "", "", 409, {"calls"}, {}, {}}});
  EXPECT_EQ(server.rows<LeadRow>().size(), 1U);
  server.connection().execute("DELETE FROM calls");
  server.ok(200, "DELETE", path(id), "");
}

TEST_P(LeadsRecord, BadInputIsRefused) {
  const std::string long_text(256, 'x');
  play(server,
       {{"nothing", "POST", kLeads, "", "{}", 422, {"/email", "/source"}, {}, {}},
        {"no json", "POST", kLeads, "", "{", 422, {}, {}, {}},
        {"status",
         "POST",
         kLeads,
         "",
         R"({"email":"","source":"w","status":"bad"})",
         422,
         {"/status", "in_progress"},
         {},
         {}},
        {"notes",
         "POST",
         kLeads,
         "",
         R"({"email":"","source":"w","notes":{}})",
         422,
         {"/notes"},
         {},
         {}},
        {"long",
         "POST",
         kLeads,
         "",
         json_of({{"email", ""}, {"source", "w"}, {"name", long_text}}),
         422,
         {"/name"},
         {},
         {}},
        {"blank source",
         "POST",
         kLeads,
         "",
         R"({"email":"","source":" "})",
         422,
         {"/source"},
         {},
         {}},
        {"filter", "GET", kLeads + "?status=bad", "", "", 422, {"in_progress"}, {}, {}},
        {"page", "GET", kLeads + "?page=0", "", "", 422, {}, {}, {}},
        {"per_page", "GET", kLeads + "?per_page=101", "", "", 422, {}, {}, {}},
        {"missing", "GET", path(77), "", "", 404, {"77"}, {}, {}},
        {"word", "GET", kLeads + "seven", "", "", 422, {}, {}, {}},
        {"null source", "PUT", path(1), "", R"({"source":null})", 422, {"/source"}, {}, {}},
        {"change of none", "PUT", path(77), "", R"({"name":"x"})", 404, {"77"}, {}, {}},
        {"note of none", "POST", path(77, "/notes"), "", R"({"content":"x"})", 404, {}, {}, {}},
        {"empty note", "POST", path(77, "/notes"), "", R"({"content":" "})", 422, {}, {}, {}}});
  EXPECT_THAT(server.rows<LeadRow>(), IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(Engines, LeadsRecord, testing::ValuesIn(all_engines()),
                         engine_name<testing::TestParamInfo<TestEngine>>);

}  // namespace
}  // namespace parley::test
