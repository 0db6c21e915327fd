// Questions to agents, with a scripted model, over databases of every engine and over Power BI:
// what is asked of whom, what is recorded, and that nothing is changed.

#include "chat/data_answerer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>

#include "ai/openai_model.h"
#include "chat/offline_answerer.h"
#include "database/connection.h"
#include "support/databases.h"
#include "support/fake_model_server.h"
#include "support/fake_powerbi.h"

namespace parley::chat {
namespace {

using namespace std::chrono_literals;
using test::says;
using test::TestEngine;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::Optional;
using testing::SizeIs;
using testing::StartsWith;

std::string plan(const std::string& query) {
  return to_text(JsonObject{{"action", "QUERY"}, {"query", query}});
}
std::string corrected(const std::string& query) { return to_text(JsonObject{{"query", query}}); }
const std::string kDescribe = R"({"action":"DESCRIBE"})";

/// What every answering needs, whatever it asks.
class AnsweringWithModel {
 protected:
  AnsweringWithModel() {
    ai_.base_url = model_server_.base_url();
    ai_.api_key = "sk-house";
    ai_.model = "house-model";
    ai_.retry_pause = 1ms;
    sources_settings_.powerbi_timeout = 5s;
  }

  void the_model_says(std::initializer_list<std::string> replies) {
    for (const std::string& reply : replies) model_server_.will(says(reply));
  }
  Answer answer_to(const std::string& text, const Cancellation& cancellation = {}) {
    question_.text = text;
    ai::OpenAiModel model(client_, clock_, ai_);
    DataSources sources(sources_settings_, client_, clock_);
    DataAnswerer answerer(ai_, model, sources, clock_);
    pieces_.clear();
    return answerer.answer(
        question_, [this](std::string_view piece) { pieces_ += piece; }, cancellation);
  }
  std::string prompt(std::size_t number) const {
    return to_text(model_server_.asked().at(number).at("messages"));
  }

  test::FakeModelServer model_server_;
  ai::Settings ai_;
  DataSourceSettings sources_settings_;
  ManualClock clock_{*parse_timestamp("2026-01-01 00:00:00")};
  http::Client client_;
  Question question_;
  std::string pieces_;
};

class AnsweringFromDatabase : public AnsweringWithModel, public testing::TestWithParam<TestEngine> {
 protected:
  AnsweringFromDatabase() {
    database_.connect()->execute(
        "CREATE TABLE cities (id INTEGER PRIMARY KEY, name VARCHAR(20));"
        "INSERT INTO cities VALUES (1, 'Rom'), (2, 'Ulm')");
    sources_settings_.sqlite_dirs = {database_.url().database};
    question_.agent.connection_type = "DB";
    question_.agent.connection_config = config();
    if (GetParam() == TestEngine::Sqlite) {
      sources_settings_.sqlite_dirs = {
          database_.url().database.substr(0, database_.url().database.rfind('/'))};
    }
  }

  Json config() const {
    const database::Url& url = database_.url();
    const bool is_file = GetParam() == TestEngine::Sqlite;
    return JsonObject{{"host", is_file ? url.database : url.host},
                      {"username", url.user},
                      {"password", url.password},
                      {"database", is_file ? "unused" : url.database},
                      {"port", url.port},
                      {"database_type", on("sqlite", "postgresql", "mariadb")}};
  }
  std::string on(const char* sqlite, const char* postgresql, const char* mariadb) const {
    switch (GetParam()) {
      case TestEngine::Sqlite: return sqlite;
      case TestEngine::Postgresql: return postgresql;
      case TestEngine::Mariadb: return mariadb;
    }
    return {};
  }
  std::vector<std::string> cities() const {
    std::vector<std::string> names;
    const auto connection = database_.connect();
    for (const auto& row : database::query(*connection, "SELECT name FROM cities ORDER BY id")) {
      names.push_back(database::text_of(row.at(0)));
    }
    return names;
  }

  test::TestDatabase database_{GetParam()};
};

TEST_P(AnsweringFromDatabase, IsRightAtOnce) {
  the_model_says({plan("SELECT name FROM cities ORDER BY id"), "Rom and Ulm."});
  const Answer answer = answer_to("Which cities?");
  EXPECT_EQ(answer.content, "Rom and Ulm.");
  EXPECT_EQ(answer.content, pieces_);
  EXPECT_EQ(answer.action, Action::Query);
  EXPECT_THAT(answer.attempts, ElementsAre("SELECT name FROM cities ORDER BY id"));
  EXPECT_EQ(answer.final_query, "SELECT name FROM cities ORDER BY id");
  EXPECT_EQ(answer.error, std::nullopt);
  EXPECT_EQ(answer.resolution_note, std::nullopt);
  EXPECT_EQ(answer.model, test::FakeModelServer::kModel);
  EXPECT_EQ(answer.usage, (ai::Usage{22, 10, 32}));
  EXPECT_THAT(prompt(0), AllOf(HasSubstr("cities(id"), HasSubstr("Which cities?")));
  EXPECT_THAT(prompt(1), HasSubstr("name\\nRom\\nUlm\\n"));
}

TEST_P(AnsweringFromDatabase, IsRightAtTheThirdAttempt) {
  the_model_says({plan("SELECT town FROM cities"), corrected("SELECT name FROM towns"),
                  corrected("SELECT name FROM cities WHERE id = 2"), "Ulm."});
  const Answer answer = answer_to("Which city?");
  EXPECT_EQ(answer.content, "Ulm.");
  EXPECT_EQ(answer.action, Action::Query);
  EXPECT_THAT(answer.attempts, ElementsAre("SELECT town FROM cities", "SELECT name FROM towns",
                                           "SELECT name FROM cities WHERE id = 2"));
  EXPECT_EQ(answer.final_query, "SELECT name FROM cities WHERE id = 2");
  EXPECT_EQ(answer.error, std::nullopt);
  EXPECT_THAT(prompt(1), AllOf(HasSubstr("SELECT town FROM cities"), HasSubstr("town")));
  EXPECT_THAT(prompt(2), AllOf(HasSubstr("SELECT name FROM towns"), HasSubstr("towns")));
}

TEST_P(AnsweringFromDatabase, IsWrongForEver) {
  model_server_.will(says(plan("SELECT a FROM x")));
  model_server_.respond_with([](const JsonObject&) { return says(corrected("SELECT b FROM y")); });
  const Answer answer = answer_to("What?");
  EXPECT_EQ(answer.action, Action::Error);
  EXPECT_THAT(answer.attempts, SizeIs(3));
  EXPECT_EQ(answer.final_query, std::nullopt);
  EXPECT_THAT(answer.error, Optional(HasSubstr("y")));
  EXPECT_THAT(answer.content, AllOf(StartsWith("Sorry"), HasSubstr(*answer.error)));
  EXPECT_EQ(pieces_, answer.content);
  EXPECT_EQ(model_server_.count(), 3U);
}

TEST_P(AnsweringFromDatabase, EndsASlowQueryEachTime) {
  sources_settings_.database_timeout = 100ms;
  const std::string slow =
      on("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n",
         "SELECT pg_sleep(30)", "SELECT SLEEP(30)");
  model_server_.will(says(plan(slow)));
  model_server_.respond_with([&](const JsonObject&) { return says(corrected(slow)); });
  const auto start = std::chrono::steady_clock::now();
  const Answer answer = answer_to("How long?");
  EXPECT_EQ(answer.action, Action::Error);
  EXPECT_THAT(answer.attempts, ElementsAre(slow, slow, slow));
  EXPECT_THAT(answer.error, Optional(HasSubstr("longer than 100 ms")));
  EXPECT_LT(std::chrono::steady_clock::now() - start, 20s);
}

TEST_P(AnsweringFromDatabase, ReadsTheFirstRowsOfAMillion) {
  const std::string numbers =
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000) ";
  the_model_says({plan(numbers + "SELECT a.i FROM n AS a CROSS JOIN n AS b"), "Many."});
  const Answer answer = answer_to("How many?");
  EXPECT_EQ(answer.content, "Many.");
  EXPECT_EQ(answer.action, Action::Query);
  EXPECT_THAT(prompt(1), HasSubstr("of which there were more"));
  EXPECT_LT(prompt(1).size(), 5000U);
}

TEST_P(AnsweringFromDatabase, ChangesNothing) {
  const std::vector<std::string> bad = {
      "DROP TABLE cities",
      "DELETE FROM cities",
      "WITH gone AS (DELETE FROM cities RETURNING id) SELECT * FROM gone",
      "WITH old AS (SELECT 1) DELETE FROM cities",
      "SELECT 1; DROP TABLE cities",
      "ATTACH DATABASE '/tmp/other.db' AS other",
      "PRAGMA writable_schema = 1",
      "SELECT * INTO more FROM cities",
      "SELECT name FROM cities FOR UPDATE",
      "SELECT name INTO OUTFILE '/tmp/parley-out' FROM cities",
      "SELECT load_extension('x')",
      "",
  };
  for (const std::string& query : bad) {
    model_server_.will(says(plan(query)));
    model_server_.will(says(corrected(query)));
    model_server_.will(says(corrected("SELECT name FROM cities WHERE id = 1")));
    model_server_.will(says("Rom."));
    const Answer answer = answer_to("Please.");
    EXPECT_THAT(cities(), ElementsAre("Rom", "Ulm")) << query;
    if (query.empty()) continue;
    EXPECT_THAT(answer.attempts, ElementsAre(query, query, "SELECT name FROM cities WHERE id = 1"));
    EXPECT_EQ(answer.content, "Rom.");
  }
}

TEST_P(AnsweringFromDatabase, DescribesTheSchema) {
  the_model_says({kDescribe, "There are cities."});
  const Answer answer = answer_to("What is there?");
  EXPECT_EQ(answer.content, "There are cities.");
  EXPECT_EQ(answer.action, Action::Describe);
  EXPECT_THAT(answer.attempts, IsEmpty());
  EXPECT_EQ(answer.final_query, std::nullopt);
}

TEST_P(AnsweringFromDatabase, SaysThatTheDatabaseIsNotThere) {
  Json wrong = config();
  wrong.as_object()[GetParam() == TestEngine::Sqlite ? "host" : "port"] =
      GetParam() == TestEngine::Sqlite ? Json("/nowhere.db") : Json(1);
  question_.agent.connection_config = wrong;
  const Answer answer = answer_to("What?");
  EXPECT_EQ(answer.action, Action::Error);
  EXPECT_THAT(answer.attempts, IsEmpty());
  EXPECT_EQ(model_server_.count(), 0U);
}

TEST_P(AnsweringFromDatabase, ShowsItsConnectionAndSchema) {
  DataSources sources(sources_settings_, client_, clock_);
  const JsonObject check = sources.check_connection("DB", config(), {});
  EXPECT_EQ(check.at("connected"), true);
  EXPECT_EQ(check.at("table_count"), 1);
  EXPECT_EQ(check.at("error"), nullptr);
  const JsonObject schema = sources.get_schema("DB", config(), {});
  EXPECT_EQ(schema.at("success"), true);
  EXPECT_EQ(schema.at("data").at("tables").at(0).at("name"), "cities");
  EXPECT_EQ(schema.at("data").at("tables").at(0).at("columns").at(1).at("name"), "name");

  Json wrong = config();
  wrong.as_object()["database_type"] = "oracle";
  const JsonObject refused = sources.check_connection("DB", wrong, {});
  EXPECT_EQ(refused.at("connected"), false);
  EXPECT_THAT(std::string(refused.at("error").as_string()), HasSubstr("not supported"));
  EXPECT_EQ(sources.get_schema("DB", {}, {}).at("success"), false);
}

TEST_P(AnsweringFromDatabase, AnswersOffline) {
  DataSources sources(sources_settings_, client_, clock_);
  OfflineAnswerer offline(sources, clock_);
  question_.text = "What are the Cities like?";
  const Answer answer = offline.answer(question_, {}, {});
  EXPECT_EQ(answer.action, Action::Describe);
  EXPECT_EQ(answer.content,
            "No language model is configured, so this is only what the schema says.\n"
            "Tables: cities.\nColumns of cities: id, name.");
  EXPECT_EQ(offline.answer(question_, {}, {}).content, answer.content);
  question_.agent.connection_config = JsonObject{};
  EXPECT_EQ(offline.answer(question_, {}, {}).action, Action::Error);
}

INSTANTIATE_TEST_SUITE_P(Engines, AnsweringFromDatabase, testing::ValuesIn(test::all_engines()),
                         test::engine_name<testing::TestParamInfo<TestEngine>>);

class AnsweringFromPowerBi : public AnsweringWithModel, public testing::Test {
 protected:
  AnsweringFromPowerBi() {
    sources_settings_.powerbi_authority_url = powerbi_.origin();
    sources_settings_.powerbi_api_url = powerbi_.origin();
    question_.agent.connection_type = "POWERBI";
    question_.agent.connection_config = test::FakePowerBi::config();
  }
  /// The question mentions no value.
  void the_model_says_after_no_word(std::initializer_list<std::string> replies) {
    the_model_says({R"({"columns":[]})"});
    the_model_says(replies);
  }

  test::FakePowerBi powerbi_;
};

TEST_F(AnsweringFromPowerBi, IsRightAtOnce) {
  the_model_says_after_no_word({plan("EVALUATE Sales"), "Seven."});
  powerbi_.will_give({JsonObject{{"[Sum]", 7}}});
  const Answer answer = answer_to("How much?");
  EXPECT_EQ(answer.content, "Seven.");
  EXPECT_EQ(answer.action, Action::Query);
  EXPECT_THAT(answer.attempts, ElementsAre("EVALUATE Sales"));
  EXPECT_EQ(answer.final_query, "EVALUATE Sales");
  EXPECT_EQ(answer.resolution_note, "");
}

TEST_F(AnsweringFromPowerBi, IsRightAtTheThirdAttempt) {
  the_model_says_after_no_word(
      {plan("EVALUATE A"), corrected("EVALUATE B"), corrected("EVALUATE C"), "Seven."});
  powerbi_.will_refuse("no table A");
  powerbi_.will_refuse("no table B");
  powerbi_.will_give({JsonObject{{"[Sum]", 7}}});
  const Answer answer = answer_to("How much?");
  EXPECT_THAT(answer.attempts, ElementsAre("EVALUATE A", "EVALUATE B", "EVALUATE C"));
  EXPECT_EQ(answer.final_query, "EVALUATE C");
  EXPECT_EQ(answer.error, std::nullopt);
  EXPECT_THAT(prompt(3), HasSubstr("no table B"));
}

TEST_F(AnsweringFromPowerBi, IsWrongForEver) {
  the_model_says_after_no_word(
      {plan("EVALUATE A"), corrected("EVALUATE B"), corrected("EVALUATE C")});
  for (const char* table : {"A", "B", "C"}) powerbi_.will_refuse(std::string("no table ") + table);
  const Answer answer = answer_to("How much?");
  EXPECT_EQ(answer.action, Action::Error);
  EXPECT_THAT(answer.attempts, SizeIs(3));
  EXPECT_EQ(answer.final_query, std::nullopt);
  EXPECT_EQ(answer.error, "Power BI: no table C");
}

TEST_F(AnsweringFromPowerBi, RunsNothingThatDoesNotEvaluate) {
  the_model_says_after_no_word({plan("DROP TABLE Sales")});
  const Answer answer = answer_to("How much?");
  EXPECT_EQ(answer.action, Action::Error);
  EXPECT_THAT(answer.attempts, IsEmpty());
  EXPECT_THAT(powerbi_.queries(), IsEmpty());
  EXPECT_THAT(answer.error, Optional(HasSubstr("EVALUATE")));
}

TEST_F(AnsweringFromPowerBi, FindsTheValueThatIsMeant) {
  the_model_says({R"({"word":"rome","columns":[{"table":"Sales","column":"City"}]})",
                  R"({"choice":"Rom"})", plan("EVALUATE Rom"), "Seven."});
  powerbi_.will_give({JsonObject{{"Sales[City]", "Rom"}}, JsonObject{{"Sales[City]", "Ulm"}}});
  powerbi_.will_give({JsonObject{{"[Sum]", 7}}});
  const Answer answer = answer_to("Sales in Rome?");
  EXPECT_EQ(answer.resolution_note, "interpreting \"rome\" as \"Rom\"");
  EXPECT_THAT(answer.attempts, ElementsAre("EVALUATE Rom"));
  EXPECT_THAT(prompt(1), HasSubstr(R"([\"Rom\",\"Ulm\"])"));
  EXPECT_THAT(prompt(2), HasSubstr("Sales in Rom?"));
}

TEST_F(AnsweringFromPowerBi, GoesOnWhenTheValuesCannotBeRead) {
  the_model_says({R"({"word":"rome","columns":[{"table":"Sales","column":"City"}]})",
                  plan("EVALUATE Sales"), "Seven."});
  powerbi_.will_refuse("no access");
  powerbi_.will_give({JsonObject{{"[Sum]", 7}}});
  const Answer answer = answer_to("Sales in Rome?");
  EXPECT_EQ(answer.content, "Seven.");
  EXPECT_EQ(answer.resolution_note, "");
}

TEST_F(AnsweringFromPowerBi, SpeaksInTheTonesOfTheAgent) {
  question_.agent.system_instructions = "You are Bo.";
  question_.agent.custom_tone_rows_enabled = true;
  question_.agent.custom_tone_rows = "Rhyme.";
  question_.agent.custom_tone_schema = "Whisper.";
  the_model_says_after_no_word({plan("EVALUATE Sales"), "Seven, by heaven."});
  answer_to("How much?");
  for (const JsonObject& asked : model_server_.asked()) {
    EXPECT_THAT(std::string(asked.at("messages").at(0).at("content").as_string()),
                StartsWith("You are Bo."));
  }
  EXPECT_THAT(prompt(2), AllOf(HasSubstr("Rhyme."), Not(HasSubstr("Whisper."))));
}

TEST_F(AnsweringFromPowerBi, AsksTheModelOfTheAgent) {
  question_.agent.model_type = "agent-model";
  question_.agent.api_key = "sk-agent";
  the_model_says_after_no_word({kDescribe, "Sales."});
  answer_to("What?");
  for (const auto& request : model_server_.server().requests()) {
    EXPECT_EQ(request.header("Authorization"), "Bearer sk-agent");
    EXPECT_EQ(request.json().at("model"), "agent-model");
    EXPECT_EQ(request.json().at("temperature"), 0.0);
  }
}

TEST_F(AnsweringFromPowerBi, TellsTheHistory) {
  question_.history = {{ai::Role::User, "before"}, {ai::Role::Assistant, "said"}};
  the_model_says_after_no_word({kDescribe, "Sales."});
  answer_to("And now?");
  EXPECT_THAT(prompt(2), HasSubstr(R"({"role":"user","content":"before"},)"
                                   R"({"role":"assistant","content":"said"},)"
                                   R"({"role":"user","content":"And now?"}])"));
}

TEST_F(AnsweringFromPowerBi, DescribesWhenThePlanCannotBeRead) {
  the_model_says_after_no_word({"I would rather talk.", "Sales."});
  const Answer answer = answer_to("What?");
  EXPECT_EQ(answer.action, Action::Describe);
  EXPECT_EQ(answer.content, "Sales.");
}

TEST_F(AnsweringFromPowerBi, SaysThatTheModelFailed) {
  for (int i = 0; i < 3; ++i) model_server_.will(test::fails(500, "out of order"));
  const Answer answer = answer_to("What?");
  EXPECT_EQ(answer.action, Action::Error);
  EXPECT_THAT(answer.error, Optional(HasSubstr("out of order")));
}

TEST_F(AnsweringFromPowerBi, KeepsTheAttemptsWhenTheLastWordIsMissing) {
  the_model_says_after_no_word({plan("EVALUATE Sales")});
  model_server_.will(test::breaks_off_after({"Sev"}));
  powerbi_.will_give({JsonObject{{"[Sum]", 7}}});
  const Answer answer = answer_to("How much?");
  EXPECT_EQ(answer.action, Action::Error);
  EXPECT_THAT(answer.attempts, ElementsAre("EVALUATE Sales"));
  EXPECT_EQ(answer.final_query, std::nullopt);
  EXPECT_EQ(pieces_, "Sev");
}

TEST_F(AnsweringFromPowerBi, SaysThatNoModelIsNamed) {
  ai_.model = "";
  EXPECT_THAT(answer_to("What?").error, Optional(HasSubstr("No model")));
}

TEST_F(AnsweringFromPowerBi, StopsWhenItIsCancelled) {
  model_server_.will(test::held(says("late")));
  const Cancellation cancellation;
  auto answer = std::async(std::launch::async, [&] { return answer_to("What?", cancellation); });
  ASSERT_EQ(model_server_.server().wait_for_requests(1), 1U);
  cancellation.cancel();
  EXPECT_THAT(answer.get().error, Optional(HasSubstr("cancelled")));
}

TEST_F(AnsweringFromPowerBi, KeepsTheSchemaForTenMinutes) {
  DataSources sources(sources_settings_, client_, clock_);
  const Json config = test::FakePowerBi::config();
  sources.open("POWERBI", config)->schema({});
  clock_.advance(9min);
  sources.open("POWERBI", config)->schema({});
  EXPECT_EQ(powerbi_.schema_queries(), 4U);
  clock_.advance(1min);
  sources.open("POWERBI", config)->schema({});
  EXPECT_EQ(powerbi_.schema_queries(), 8U);
  Json changed = config;
  changed.as_object()["note"] = "changed";
  sources.open("POWERBI", changed)->schema({});
  EXPECT_EQ(powerbi_.schema_queries(), 12U);
}

TEST_F(AnsweringFromPowerBi, WantsAKeyUnlessNoneIsNeeded) {
  ai::OpenAiModel model(client_, clock_, ai_);
  DataSources sources(sources_settings_, client_, clock_);
  EXPECT_FALSE(DataAnswerer(ai_, model, sources, clock_).lacks_key(question_.agent));
  ai_.api_key = "";
  EXPECT_TRUE(DataAnswerer(ai_, model, sources, clock_).lacks_key(question_.agent));
  question_.agent.api_key = "sk-agent";
  EXPECT_FALSE(DataAnswerer(ai_, model, sources, clock_).lacks_key(question_.agent));
  question_.agent.api_key = "";
  ai_.key_required = false;
  EXPECT_FALSE(DataAnswerer(ai_, model, sources, clock_).lacks_key(question_.agent));
}

}  // namespace
}  // namespace parley::chat
