#include "chat/powerbi.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/errors.h"
#include "support/fake_powerbi.h"

namespace parley::chat {
namespace {

using namespace std::chrono_literals;
using test::code_of;
using test::error_of;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

class PowerBi : public testing::Test {
 protected:
  PowerBi() {
    settings_.powerbi_authority_url = fake_.origin();
    settings_.powerbi_api_url = fake_.origin();
    settings_.powerbi_timeout = 5s;
  }

  std::unique_ptr<DataSource> open() {
    return open_powerbi_source(settings_, client_, tokens_, config_);
  }
  DataRows run(const std::string& query) { return open()->run(query, {}); }

  test::FakePowerBi fake_;
  DataSourceSettings settings_;
  http::Client client_;
  ManualClock clock_{*parse_timestamp("2026-01-01 00:00:00")};
  PowerBiTokens tokens_{clock_};
  Json config_ = test::FakePowerBi::config();
};

TEST_F(PowerBi, RunsAQuery) {
  fake_.will_give({JsonObject{{"Sales[City]", "Rom"}, {"[Sum]", 7}, {"[None]", nullptr}},
                   JsonObject{{"Sales[City]", "Köln"}, {"[Sum]", 1.5}, {"[None]", true}}});
  const DataRows rows = run("EVALUATE Sales");
  EXPECT_THAT(rows.columns, ElementsAre("Sales[City]", "[Sum]", "[None]"));
  EXPECT_THAT(rows.rows.at(0), ElementsAre("Rom", "7", std::nullopt));
  EXPECT_THAT(rows.rows.at(1), ElementsAre("Köln", "1.5", "true"));
  EXPECT_FALSE(rows.is_cut);
  const auto asked = fake_.server().requests().back().json();
  EXPECT_EQ(asked.at("serializerSettings").at("includeNulls"), true);
  EXPECT_THAT(fake_.queries(), ElementsAre("EVALUATE Sales"));
}

TEST_F(PowerBi, KeepsTheFirstRowsOnly) {
  settings_.rows_max = 2;
  fake_.will_give({JsonObject{{"a", 1}}, JsonObject{{"a", 2}}, JsonObject{{"a", 3}}});
  const DataRows rows = run("EVALUATE Sales");
  EXPECT_EQ(rows.rows.size(), 2U);
  EXPECT_TRUE(rows.is_cut);
}

TEST_F(PowerBi, KeepsATokenUntilShortlyBeforeItsEnd) {
  run("EVALUATE A");
  run("EVALUATE B");
  EXPECT_EQ(fake_.tokens_given(), 1U);
  clock_.advance(59min);
  run("EVALUATE C");
  EXPECT_EQ(fake_.tokens_given(), 2U);
}

TEST_F(PowerBi, GetsAnotherTokenWhenOneIsRefused) {
  run("EVALUATE A");
  fake_.void_tokens();
  run("EVALUATE B");
  EXPECT_EQ(fake_.tokens_given(), 2U);
}

TEST_F(PowerBi, SharesNoTokenBetweenCredentials) {
  run("EVALUATE A");
  config_.as_object()["client_secret"] = "wrong";
  const auto error = error_of([&] { run("EVALUATE B"); });
  ASSERT_TRUE(error.has_value());
  EXPECT_EQ(error->code(), ErrorCode::PermissionDenied);
  EXPECT_THAT(error->what(), HasSubstr("Wrong secret."));
  EXPECT_THAT(error->what(), Not(HasSubstr("wrong ")));
}

TEST_F(PowerBi, SaysWhatIsWrongWithAQuery) {
  fake_.will_refuse("The syntax for 'x' is incorrect.");
  const auto error = error_of([&] { run("EVALUATE x"); });
  ASSERT_TRUE(error.has_value());
  EXPECT_EQ(error->code(), ErrorCode::InvalidArgument);
  EXPECT_STREQ(error->what(), "Power BI: The syntax for 'x' is incorrect.");
}

TEST_F(PowerBi, SaysWhatIsWrongWithAnAnswer) {
  for (const char* body : {"<html>", "{}", "[]", R"({"results":[]})",
                           R"({"results":[{"error":{"code":"Timeout"}}]})"}) {
    fake_.will(test::http_reply(200, "application/json", body));
    EXPECT_TRUE(error_of([&] { run("EVALUATE x"); }).has_value()) << body;
  }
  fake_.will(test::http_reply(503, "text/plain", "busy"));
  EXPECT_EQ(code_of([&] { run("EVALUATE x"); }), ErrorCode::Unavailable);
}

TEST_F(PowerBi, GivesUpInTime) {
  run("EVALUATE A");
  settings_.powerbi_timeout = 30ms;
  test::ScriptedReply held = test::http_reply(200, "application/json", "{}");
  held.held_before = 0;
  fake_.will(held);
  EXPECT_EQ(code_of([&] { run("EVALUATE x"); }), ErrorCode::Unavailable);
}

TEST_F(PowerBi, ReadsTheSchema) {
  const auto schema = open()->schema({});
  ASSERT_EQ(schema->columns.size(), 2U);
  EXPECT_EQ(schema->columns[0].name, "City");
  EXPECT_TRUE(schema->columns[0].is_text);
  EXPECT_FALSE(schema->columns[1].is_text);
  EXPECT_THAT(schema->tables(), ElementsAre("Sales"));
  EXPECT_THAT(schema->text, HasSubstr("'Sales' -- What was sold\n  [City] Text\n"));
  EXPECT_THAT(schema->text, HasSubstr("'Sales'[Total] = SUM(Sales[Amount]) xxx"));
  EXPECT_THAT(schema->text, Not(HasSubstr(std::string(220, 'x'))));
  EXPECT_THAT(schema->text, Not(HasSubstr("RowNumber")));
  EXPECT_EQ(fake_.schema_queries(), 4U);
}

TEST_F(PowerBi, NamesWhatIsMissing) {
  config_.as_object().erase("dataset_id");
  const auto error = error_of([&] { open(); });
  ASSERT_TRUE(error.has_value());
  EXPECT_THAT(error->what(), HasSubstr("dataset_id"));
}

}  // namespace
}  // namespace parley::chat
