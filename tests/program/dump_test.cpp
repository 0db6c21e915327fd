// `parley db dump` as a person runs it, on every engine.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "support/databases.h"
#include "support/process.h"

namespace parley::test {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr const char* kShop = R"(revision: 001_shop
upgrade:
  - create_table: customers
    columns:
      - id: integer auto_increment
      - name: string(80)
    primary_key: [id]
  - create_table: orders
    columns:
      - id: integer auto_increment
      - customer: integer
      - paid: boolean default false
    primary_key: [id]
    foreign_keys:
      - fk_customer: customer -> customers(id) on delete cascade
  - create_index: idx_orders_paid on orders (paid)
)";

class DumpCommand : public testing::TestWithParam<TestEngine> {
 protected:
  DumpCommand() : database_(GetParam()) {
    std::filesystem::create_directory(directory_.path() + "/revisions");
    std::ofstream(directory_.path() + "/revisions/001_shop.yaml") << kShop;
  }

  Outcome db(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "db");
    arguments.insert(arguments.end(), {"--url", database_.url_text(), "--dir", "revisions"});
    return run_parley(arguments, directory_.path());
  }
  std::string dump(const std::string& format) {
    const Outcome outcome = db({"dump", "--format", format});
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    return outcome.out;
  }

  TestDatabase database_;
  TemporaryDirectory directory_;
};
INSTANTIATE_TEST_SUITE_P(Engines, DumpCommand, testing::ValuesIn(all_engines()),
                         engine_name<testing::TestParamInfo<TestEngine>>);

TEST_P(DumpCommand, PrintsTheLiveSchemaWithoutTheEnginesOwnTables) {
  ASSERT_EQ(db({"upgrade"}).exit_code, 0);
  const std::string sql = dump("sql");
  EXPECT_THAT(sql, StartsWith("CREATE TABLE customers (\n"));
  EXPECT_THAT(sql, HasSubstr("CREATE INDEX idx_orders_paid ON orders (paid);\n"));
  EXPECT_THAT(sql, Not(HasSubstr("parley_")));
  EXPECT_THAT(sql, Not(HasSubstr("alembic_version")));
}

TEST_P(DumpCommand, PrintsASchemaFileAndDiagrams) {
  ASSERT_EQ(db({"upgrade"}).exit_code, 0);
  EXPECT_THAT(dump("yaml"), StartsWith("tables:\n  - table: customers\n    columns:\n"));
  EXPECT_THAT(dump("mermaid"), HasSubstr("    customers ||--o{ orders : \"customer\"\n"));
  EXPECT_THAT(dump("svg"), StartsWith("<svg xmlns="));
}

TEST_P(DumpCommand, NeedsNoDatabaseForWhatIsRecorded) {
  const Outcome outcome = db({"dump", "--recorded", "--format", "yaml"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.out,
              HasSubstr("      - fk_customer: customer -> customers(id) on delete cascade\n"));
  EXPECT_THAT(db({"dump", "--recorded", "--dialect", "postgresql"}).out,
              HasSubstr("paid BOOLEAN DEFAULT FALSE NOT NULL"));
}

TEST_P(DumpCommand, SuggestsTheFormatThatWasMeant) {
  const Outcome outcome = db({"dump", "--format", "mermiad"});
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("did you mean 'mermaid'?"));
  EXPECT_EQ(db({"dump", "--recorded", "--declared"}).exit_code, 2);
}

TEST_P(DumpCommand, AnswersOneDocumentForPrograms) {
  const Outcome outcome = db({"dump", "--recorded", "--format", "mermaid", "--json"});
  EXPECT_THAT(outcome.out, StartsWith("{\"format\":\"mermaid\",\"schema\":\"erDiagram"));
}

}  // namespace
}  // namespace parley::test
