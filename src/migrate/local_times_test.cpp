#include "migrate/local_times.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "migrate/executor.h"
#include "support/databases.h"
#include "support/errors.h"

namespace parley::migrate {
namespace {

using namespace schema;
using test::TestDatabase;
using test::TestEngine;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Table messages() {
  Type exact = datetime();
  exact.precision = 6;
  return Table{
      .name = "messages",
      .columns = {{.name = "id", .type = integer()},
                  {.name = "sent_at", .type = exact, .nullable = true},
                  {.name = "updated_at", .type = exact, .nullable = true, .on_update_now = true},
                  {.name = "flushed_at", .type = datetime_with_time_zone(), .nullable = true}},
      .primary_key = PrimaryKey{.columns = {"id"}}};
}

class LocalTimes : public testing::TestWithParam<TestEngine> {
 protected:
  LocalTimes() : database_(GetParam()), connection_(database_.connect()) {
    upgrade(deployment_, "head", "", options_);
    connection_->execute(
        "INSERT INTO messages (id, sent_at, updated_at, flushed_at) VALUES "
        "(1, '2024-01-15 12:00:00.000125', '2024-07-15 00:30:00', '2024-01-15 12:00:00'), "
        "(2, '2024-10-27 02:30:00', NULL, NULL), (3, NULL, '1969-07-20 21:17:40', NULL)");
  }

  std::vector<std::string> convert(const std::string& zone) {
    return convert_local_times(deployment_, zone, options_);
  }
  std::vector<std::string> times(const std::string& column) {
    std::vector<std::string> times;
    for (const auto& row :
         database::query(*connection_, "SELECT " + column + " FROM messages ORDER BY id")) {
      const auto time = parse_timestamp(database::text_of(row[0]));
      times.push_back(time ? format_sql(*time) : "");
    }
    return times;
  }

  TestDatabase database_;
  std::unique_ptr<database::Connection> connection_;
  SystemClock clock_;
  ExecuteOptions options_{.lock_patience = std::chrono::milliseconds(100), .tool_version = "test"};
  NamespaceDefinition definition_{.name = "chat",
                                  .histories = {HistoryDefinition{.declared_tables = {messages()}}},
                                  .graph = History({Revision{.id = "001_messages",
                                                             .message = "messages",
                                                             .upgrade = {CreateTable{messages()}},
                                                             .file = "001.yaml"}})};
  Deployment deployment_{*connection_, definition_, clock_};
};

INSTANTIATE_TEST_SUITE_P(Engines, LocalTimes, testing::ValuesIn(test::all_engines()),
                         test::engine_name<testing::TestParamInfo<TestEngine>>);

TEST_P(LocalTimes, BecomeUtcAndNothingElseMoves) {
  EXPECT_THAT(convert("Europe/Berlin"),
              ElementsAre("Converted the times of 3 rows of messages from Europe/Berlin to UTC"));
  EXPECT_THAT(times("sent_at"),
              ElementsAre("2024-01-15 11:00:00.000125", "2024-10-27 00:30:00", ""));
  EXPECT_THAT(times("updated_at"), ElementsAre("2024-07-14 22:30:00", "", "1969-07-20 20:17:40"));
  EXPECT_THAT(times("flushed_at"), ElementsAre("2024-01-15 12:00:00", "", ""));
  EXPECT_TRUE(deployment_.drift(deployment_.state()).is_clean());
}

TEST_P(LocalTimes, AreConvertedOnce) {
  convert("+02:00");
  const auto once = times("sent_at");
  EXPECT_THAT(convert("+02:00"), IsEmpty());
  EXPECT_EQ(test::code_of([&] { convert("UTC"); }), ErrorCode::RefusedForSafety);
  EXPECT_EQ(times("sent_at"), once);
}

TEST_P(LocalTimes, RefuseAZoneThatIsNone) {
  EXPECT_EQ(test::code_of([&] { convert("Europe/Berln"); }), ErrorCode::InvalidArgument);
  EXPECT_EQ(times("sent_at").front(), "2024-01-15 12:00:00.000125");
}

TEST_P(LocalTimes, RefuseANamespaceWithoutSuch) {
  definition_.histories.front().declared_tables.clear();
  const auto error = test::error_of([&] { convert("UTC"); });
  ASSERT_TRUE(error);
  EXPECT_THAT(error->what(), HasSubstr("no columns of times"));
}

TEST(LocalTimesOfSqlite, LeaveTextsOfSqliteThatAreNoLocalTime) {
  const auto connection = database::open(database::Url::sqlite_file(":memory:"));
  SystemClock clock;
  const NamespaceDefinition definition{
      .name = "chat",
      .histories = {HistoryDefinition{.declared_tables = {messages()}}},
      .graph = History({Revision{.id = "001_messages",
                                 .message = "messages",
                                 .upgrade = {CreateTable{messages()}},
                                 .file = "001.yaml"}})};
  Deployment deployment(*connection, definition, clock);
  upgrade(deployment, "head", "", {.tool_version = "test"});
  connection->execute(
      "INSERT INTO messages (id, sent_at) VALUES (1, '2024-01-15T12:00:00.5+01:00'), "
      "(2, 'soon'), (3, '2024-01-15T12:00:00.5')");
  convert_local_times(deployment, "Europe/Berlin", {.tool_version = "test"});
  std::vector<std::string> times;
  for (const auto& row : database::query(*connection, "SELECT sent_at FROM messages ORDER BY id")) {
    times.push_back(database::text_of(row[0]));
  }
  EXPECT_THAT(times, ElementsAre("2024-01-15T12:00:00.5+01:00", "soon", "2024-01-15 11:00:00.5"));
}

}  // namespace
}  // namespace parley::migrate
