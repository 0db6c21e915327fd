// From a random schema A with rows to a variation B and back to A: each plan is proved before, the
// rows that both sides know stay as they are, and the catalogue ends where it began. The seed is in
// the failure; PARLEY_SEED=n runs one more.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>

#include "base/clock.h"
#include "conformance/conformance.h"
#include "conformance/random_schema.h"
#include "migrate/declarative.h"
#include "migrate/diff.h"

namespace parley::test {
namespace {

using namespace schema;
using migrate::Renames;

Renames reversed(const Renames& renames) {
  Renames back;
  for (const auto& each : renames.tables) back.tables.push_back({each.to, each.from});
  for (const auto& each : renames.columns) {
    std::string table = each.table;
    for (const auto& renamed : renames.tables) {
      if (renamed.to == table) table = renamed.from;
    }
    back.columns.push_back({table, each.to, each.from});
  }
  return back;
}

std::string old_table(const Renames& renames, const std::string& table) {
  const auto found = std::ranges::find(renames.tables, table, &migrate::TableRename::to);
  return found == renames.tables.end() ? table : found->from;
}

std::string old_column(const Renames& renames, const std::string& table,
                       const std::string& column) {
  for (const auto& each : renames.columns) {
    if (each.table == table && each.to == column) return each.from;
  }
  return column;
}

class Property : public testing::TestWithParam<TestEngine> {
 protected:
  Property()
      : database_(GetParam()),
        connection_(database_.connect()),
        dialect_(dialect::dialect_of(*connection_)),
        deployment_(*connection_, definition_, clock_) {}

  migrate::WantedSchema wanted(const Schema& schema) {
    return migrate::wanted_of(schema, *connection_);
  }

  void go_to(const Schema& schema, const Renames& renames) {
    const auto done =
        migrate::apply_target(deployment_, wanted(schema), renames, migrate::Drops::Allowed, {});
    EXPECT_TRUE(done.is_empty() || done.proof.is_proved()) << to_text(done.proof);
    const auto again =
        migrate::plan_towards(deployment_, wanted(schema), {}, migrate::Drops::Allowed);
    EXPECT_TRUE(again.is_empty()) << described(again.plan);
  }

  static std::string described(const migrate::Plan& plan) {
    std::string text;
    for (const auto& step : plan.steps) text += "\n" + step.reason;
    return text;
  }

  /// One column of one table, row by row.
  std::vector<std::string> values(const std::string& table, const std::string& column) {
    std::vector<std::string> list;
    for (const auto& row :
         database::query(*connection_, fmt::format("SELECT {}, {} IS NULL FROM {} ORDER BY id",
                                                   dialect_.quote(column), dialect_.quote(column),
                                                   dialect_.quote(table)))) {
      list.push_back(database::truth_of(row[1]) ? "NULL" : database::text_of(row[0]));
    }
    return list;
  }

  using Rows = std::map<std::pair<std::string, std::string>, std::vector<std::string>>;

  /// All columns of `schema`, under their names in the schema that `renames` lead from.
  Rows rows_of(const Schema& schema, const Renames& renames) {
    Rows rows;
    for (const Table& table : schema.tables) {
      for (const Column& column : table.columns) {
        rows[{old_table(renames, table.name), old_column(renames, table.name, column.name)}] =
            values(table.name, column.name);
      }
    }
    return rows;
  }

  static void expect_same_where_both_know(const Rows& before, const Rows& after) {
    for (const auto& [place, list] : before) {
      const auto found = after.find(place);
      if (found == after.end()) continue;
      EXPECT_EQ(list, found->second) << place.first << "." << place.second;
    }
  }

  void go_there_and_back(std::uint32_t seed) {
    RandomSchema random(seed, dialect_);
    const Schema a = random.make();
    const auto [b, renames] = random.vary(a);
    go_to(a, {});
    const Schema start = deployment_.live();
    random.insert_rows(*connection_, a);
    const Rows rows = rows_of(a, {});
    go_to(b, renames);
    const Rows between = rows_of(b, renames);
    expect_same_where_both_know(rows, between);
    go_to(a, reversed(renames));
    expect_same_where_both_know(between, rows_of(a, {}));
    EXPECT_TRUE(migrate::diff(deployment_.live(), start).empty());
    go_to({}, {});
  }

  TestDatabase database_;
  std::unique_ptr<database::Connection> connection_;
  const dialect::Dialect& dialect_;
  SystemClock clock_;
  migrate::NamespaceDefinition definition_{
      .name = "", .histories = {migrate::HistoryDefinition{}}, .graph = migrate::History({})};
  migrate::Deployment deployment_;
};
INSTANTIATE_TEST_SUITE_P(Engines, Property, testing::ValuesIn(all_engines()),
                         engine_name<testing::TestParamInfo<TestEngine>>);

std::vector<std::uint32_t> seeds() {
  std::vector<std::uint32_t> list;
  for (std::uint32_t seed = 1; seed <= 20; ++seed) list.push_back(seed);
  if (const char* more = std::getenv("PARLEY_SEED")) {
    list.push_back(static_cast<std::uint32_t>(std::strtoul(more, nullptr, 10)));
  }
  return list;
}

TEST_P(Property, ThereAndBackKeepsRowsAndCatalogue) {
  for (const std::uint32_t seed : seeds()) {
    SCOPED_TRACE("PARLEY_SEED=" + std::to_string(seed));
    try {
      go_there_and_back(seed);
    } catch (const std::exception& error) {
      ADD_FAILURE() << error.what();
    }
    if (HasFailure()) return;
  }
}

}  // namespace
}  // namespace parley::test
