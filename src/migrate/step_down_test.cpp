// Going down gives what replaying the history for every step would give, whatever its shape.

#include "migrate/step_down.h"

#include <gtest/gtest.h>

#include "migrate/ground.h"
#include "migrate/plan.h"
#include "migrate/scope.h"

namespace parley::migrate {
namespace {

using namespace schema;

Revision revision(const std::string& id, std::vector<std::string> parents,
                  std::vector<Change> upgrade) {
  return {.id = id, .down_revisions = std::move(parents), .upgrade = std::move(upgrade)};
}

Change table(const std::string& name) {
  return CreateTable{{.name = name,
                      .columns = {{.name = "id", .type = integer()}},
                      .primary_key = PrimaryKey{.columns = {"id"}}}};
}

Change column(const std::string& table, const std::string& name) {
  return AddColumn{table, {.name = name, .type = integer(), .nullable = true}};
}

History line() {
  return History({revision("aaaa", {}, {table("a")}), revision("bbbb", {"aaaa"}, {table("b")}),
                  revision("cccc", {"bbbb"}, {column("a", "x"), DropTable{"b"}}),
                  revision("dddd", {"cccc"}, {column("a", "y")})});
}

History branches() {
  return History({revision("aaaa", {}, {table("a")}),
                  revision("bbbb", {"aaaa"}, {column("a", "x"), table("b")}),
                  revision("cccc", {"aaaa"}, {column("a", "y"), table("c")}),
                  revision("dddd", {"bbbb"}, {DropTable{"b"}, column("a", "z")}),
                  revision("eeee", {"cccc"}, {column("c", "w")}),
                  revision("ffff", {"dddd", "eeee"}, {column("c", "v")})});
}

Applied all_of(const History& history) {
  Applied all;
  for (const Revision& each : history.revisions()) all.insert(each.id);
  return all;
}

void expect_same_as_replays(const History& history, Applied applied,
                            const std::vector<const Revision*>& path) {
  const auto steps = steps_down(history, applied, path);
  ASSERT_EQ(steps.size(), path.size());
  for (std::size_t i = 0; i < path.size(); ++i) {
    SCOPED_TRACE(path[i]->id);
    const Schema with = history.replay(applied);
    applied.erase(path[i]->id);
    const Schema without = history.replay(applied);
    EXPECT_EQ(steps[i].revision, path[i]);
    EXPECT_EQ(steps[i].changes, changes_back(*path[i], without));
    EXPECT_EQ(steps[i].before, part_of(with, scope_of(steps[i].changes, with)));
  }
}

TEST(StepsDown, OfALineAreThoseOfReplays) {
  const History history = line();
  for (const char* target : {"base", "aaaa", "bbbb", "cccc"}) {
    SCOPED_TRACE(target);
    expect_same_as_replays(history, all_of(history),
                           history.downgrade_path(target, all_of(history), ""));
  }
}

TEST(StepsDown, OfBranchesAreThoseOfReplays) {
  const History history = branches();
  for (const char* target : {"base", "aaaa", "bbbb", "cccc", "dddd", "eeee"}) {
    SCOPED_TRACE(target);
    expect_same_as_replays(history, all_of(history),
                           history.downgrade_path(target, all_of(history), ""));
  }
}

TEST(StepsDown, LeaveOutTheTablesThatAStepDoesNotTouch) {
  const History history = line();
  const auto steps =
      steps_down(history, all_of(history), history.downgrade_path("-1", all_of(history), ""));
  ASSERT_EQ(steps.size(), 1U);
  EXPECT_EQ(steps.front().before.tables.size(), 1U);
}

TEST(Ground, IsWhatARevisionStandsOn) {
  for (const History& history : {line(), branches()}) {
    Ground ground(history);
    for (const Revision& each : history.revisions()) {
      Applied below = history.with_ancestors(each.id);
      below.erase(each.id);
      EXPECT_EQ(ground.below(each), history.replay(below)) << each.id;
    }
  }
}

}  // namespace
}  // namespace parley::migrate
