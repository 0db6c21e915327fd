#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "dialect/dialect.h"
#include "support/databases.h"

namespace parley::dialect {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(PostgresqlLeftovers, AreTheInvalidIndexOfAnInterruptedConcurrentBuild) {
  const test::TestDatabase database(test::TestEngine::Postgresql);
  const auto connection = database.connect();
  const schema::Change change =
      schema::CreateIndex{"t", {.name = "idx_t_a", .parts = {{.column = "a"}}, .unique = true}};
  connection->execute("CREATE TABLE t (a INTEGER)");
  EXPECT_THAT(postgresql().leftovers(*connection, change), IsEmpty());
  connection->execute("INSERT INTO t VALUES (1), (1)");
  EXPECT_THROW(connection->execute("CREATE UNIQUE INDEX CONCURRENTLY idx_t_a ON t (a)"), Error);
  const auto statements = postgresql().leftovers(*connection, change);
  EXPECT_THAT(statements, ElementsAre("DROP INDEX idx_t_a"));
  connection->execute(statements.front());
  EXPECT_THAT(postgresql().leftovers(*connection, change), IsEmpty());
}

}  // namespace
}  // namespace parley::dialect
