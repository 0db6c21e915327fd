#include "migrate/scope.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace parley::migrate {
namespace {

using namespace schema;
using testing::ElementsAre;
using testing::Optional;

Table table(const std::string& name, const std::vector<std::string>& refers_to = {}) {
  Table table{.name = name, .columns = {{.name = "id", .type = integer()}}};
  for (const std::string& other : refers_to) {
    table.foreign_keys.push_back(
        {.columns = {"id"}, .referenced_table = other, .referenced_columns = {"id"}});
  }
  return table;
}

const Schema kSchema{.tables = {table("a"), table("b", {"a"}), table("c", {"b"}), table("d")}};

TEST(Scope, OfATableIsItAndThoseTiedToIt) {
  EXPECT_THAT(scope_of({AddColumn{"b", {.name = "x", .type = integer()}}}, kSchema),
              Optional(ElementsAre("a", "b", "c")));
}

TEST(Scope, OfATableMuchReferredToDoesNotGrowWithTheReferrers) {
  EXPECT_THAT(scope_of({CreateTable{table("new", {"a"})}}, kSchema),
              Optional(ElementsAre("a", "new")));
}

TEST(Scope, OfARenameHasBothNames) {
  EXPECT_THAT(scope_of({RenameTable{"d", "e"}}, kSchema), Optional(ElementsAre("d", "e")));
}

TEST(Scope, OfAUsersOwnSqlIsEverything) {
  EXPECT_EQ(scope_of({Execute{.texts = {{.dialect = "", .sql = "SELECT 1"}}}}, kSchema),
            std::nullopt);
}

TEST(Scope, OfAChangeThatAViewMayMentionIsEverything) {
  Schema with_view = kSchema;
  with_view.views.push_back({.name = "v", .query = {{.dialect = "", .sql = "SELECT id FROM d"}}});
  EXPECT_EQ(scope_of({DropTable{"d"}}, with_view), std::nullopt);
  EXPECT_THAT(scope_of({CreateTable{table("new")}}, with_view), Optional(ElementsAre("new")));
}

TEST(Scope, PartsComeAndGoWithoutTouchingTheRest) {
  Schema whole = kSchema;
  Schema part = part_of(whole, std::set<std::string>{"d", "e"});
  ASSERT_EQ(part.tables.size(), 1U);
  part.tables.front().name = "e";
  replace_part(whole, std::set<std::string>{"d", "e"}, part);
  EXPECT_EQ(whole.find_table("d"), nullptr);
  EXPECT_NE(whole.find_table("e"), nullptr);
  EXPECT_NE(whole.find_table("c"), nullptr);
}

}  // namespace
}  // namespace parley::migrate
