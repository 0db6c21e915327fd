// Every graph of up to four revisions, with every way to tie two of them (not at all, as parent, as
// dependency), against definitions that are too slow to be wrong.

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <functional>

#include "migrate/history_test_graphs.h"

namespace parley::migrate {
namespace {

enum class Tie { None, Parent, Dependency };

/// One graph: tie[i][j] says how revision i stands on revision j, which is always a smaller one, so
/// that every graph without cycles is there in some numbering.
struct Graph {
  std::size_t size = 0;
  std::array<std::array<Tie, 4>, 4> tie{};

  static std::string id(std::size_t i) { return std::string(1, static_cast<char>('a' + i)); }

  bool needs(std::size_t i, std::size_t j) const { return tie[i][j] != Tie::None; }

  /// The path from i down to j, by parents only or by all ties.
  bool reaches(std::size_t i, std::size_t j, Ties ties) const {
    if (i == j) return true;
    for (std::size_t next = 0; next < i; ++next) {
      const bool is_way = ties == Ties::All ? needs(i, next) : tie[i][next] == Tie::Parent;
      if (is_way && reaches(next, j, ties)) return true;
    }
    return false;
  }

  /// The files come in the opposite order, which the result must not depend on.
  History history() const {
    std::vector<Revision> revisions;
    for (std::size_t i = size; i-- > 0;) {
      Revision revision = node(id(i));
      for (std::size_t j = 0; j < i; ++j) {
        if (tie[i][j] == Tie::Parent) revision.down_revisions.push_back(id(j));
        if (tie[i][j] == Tie::Dependency) revision.depends_on.push_back(id(j));
      }
      revisions.push_back(std::move(revision));
    }
    return History(std::move(revisions));
  }

  std::string text() const {
    std::string text;
    for (std::size_t i = 0; i < size; ++i) {
      text += id(i) + "(";
      for (std::size_t j = 0; j < i; ++j) {
        if (tie[i][j] == Tie::Parent) text += id(j);
        if (tie[i][j] == Tie::Dependency) text += "~" + id(j);
      }
      text += ") ";
    }
    return text;
  }
};

void for_each_graph(const std::function<void(const Graph&)>& check) {
  for (std::size_t size = 1; size <= 4; ++size) {
    const std::size_t ties = size * (size - 1) / 2;
    std::size_t count = 1;
    for (std::size_t i = 0; i < ties; ++i) count *= 3;
    for (std::size_t number = 0; number < count; ++number) {
      Graph graph{.size = size};
      std::size_t rest = number;
      for (std::size_t i = 0; i < size; ++i) {
        for (std::size_t j = 0; j < i; ++j, rest /= 3) graph.tie[i][j] = static_cast<Tie>(rest % 3);
      }
      SCOPED_TRACE(graph.text());
      check(graph);
      if (testing::Test::HasFailure()) return;
    }
  }
}

/// Every set that may be applied: with each revision all it needs.
void for_each_applied(const Graph& graph, const std::function<void(const Applied&)>& check) {
  for (std::size_t mask = 0; mask < (1U << graph.size); ++mask) {
    const auto has = [&](std::size_t i) { return (mask >> i & 1U) != 0; };
    bool is_closed = true;
    Applied applied;
    for (std::size_t i = 0; i < graph.size; ++i) {
      if (!has(i)) continue;
      applied.insert(Graph::id(i));
      for (std::size_t j = 0; j < i; ++j) is_closed = is_closed && (!graph.needs(i, j) || has(j));
    }
    if (is_closed) check(applied);
  }
}

std::size_t index_of(const std::string& id) { return static_cast<std::size_t>(id[0] - 'a'); }

/// Applies or undoes `path` revision by revision and fails where one has no ground, or would take
/// it from another.
void follow(const Graph& graph, const std::vector<const Revision*>& path, Applied& applied,
            bool is_up) {
  for (const Revision* revision : path) {
    const std::size_t at = index_of(revision->id);
    if (is_up) {
      EXPECT_TRUE(applied.insert(revision->id).second) << revision->id << " twice";
    } else {
      EXPECT_EQ(applied.erase(revision->id), 1U) << revision->id << " twice";
    }
    for (std::size_t other = 0; other < graph.size; ++other) {
      const bool is_applied = applied.contains(Graph::id(other));
      if (is_up && graph.needs(at, other)) {
        EXPECT_TRUE(is_applied) << revision->id;
      }
      if (!is_up && graph.needs(other, at)) {
        EXPECT_FALSE(is_applied) << revision->id;
      }
    }
  }
}

TEST(EveryGraph, GoesUpToTheHeadsAndDownToBaseVisitingEachOnce) {
  for_each_graph([](const Graph& graph) {
    const History history = graph.history();
    Applied applied;
    follow(graph, history.upgrade_path(history.resolve_upgrade("heads", {}, ""), {}), applied,
           true);
    EXPECT_EQ(applied.size(), graph.size);
    EXPECT_EQ(history.range("", "", {}, "").size(), graph.size);
    follow(graph, history.downgrade_path("base", applied, ""), applied, false);
    EXPECT_TRUE(applied.empty());
  });
}

TEST(EveryGraph, UpgradeAppliesExactlyWhatTheTargetNeeds) {
  for_each_graph([](const Graph& graph) {
    const History history = graph.history();
    for_each_applied(graph, [&](const Applied& before) {
      for (std::size_t target = 0; target < graph.size; ++target) {
        Applied applied = before;
        const std::vector<std::string> targets = {Graph::id(target)};
        follow(graph, history.upgrade_path(targets, before), applied, true);
        for (std::size_t i = 0; i < graph.size; ++i) {
          const bool is_wanted =
              before.contains(Graph::id(i)) || graph.reaches(target, i, Ties::All);
          EXPECT_EQ(applied.contains(Graph::id(i)), is_wanted) << Graph::id(i);
        }
      }
    });
  });
}

TEST(EveryGraph, DowngradeUndoesExactlyWhatStandsOnTheTarget) {
  for_each_graph([](const Graph& graph) {
    const History history = graph.history();
    for_each_applied(graph, [&](const Applied& before) {
      for (const std::string& target : before) {
        Applied applied = before;
        follow(graph, history.downgrade_path(target, before, ""), applied, false);
        // A child of the target must go, and whatever needs it in turn.
        const auto must_go = [&](std::size_t i) {
          for (std::size_t child = 0; child < graph.size; ++child) {
            const bool is_child = graph.tie[child][index_of(target)] == Tie::Parent;
            if (is_child && graph.reaches(i, child, Ties::All)) return true;
          }
          return false;
        };
        for (const std::string& id : before) {
          EXPECT_EQ(applied.contains(id), !must_go(index_of(id))) << target << ": " << id;
        }
      }
    });
  });
}

TEST(EveryGraph, NewestAndMarkerAreWhatNoOtherAppliedOneStandsOn) {
  for_each_graph([](const Graph& graph) {
    const History history = graph.history();
    for_each_applied(graph, [&](const Applied& applied) {
      Applied newest;
      Applied marker;
      for (const std::string& id : applied) {
        const auto is_below = [&](Ties ties) {
          return std::ranges::any_of(applied, [&](const std::string& other) {
            return other != id && graph.reaches(index_of(other), index_of(id), ties);
          });
        };
        if (!is_below(Ties::Parents)) newest.insert(id);
        if (!is_below(Ties::All)) marker.insert(id);
      }
      const auto found_newest = history.newest(applied);
      const auto found_marker = history.marker(applied);
      EXPECT_EQ(Applied(found_newest.begin(), found_newest.end()), newest);
      EXPECT_EQ(Applied(found_marker.begin(), found_marker.end()), marker);
      EXPECT_EQ(history.ancestors(found_marker, Ties::All), applied) << "the marker says it all";
    });
  });
}

/// What Alembic does to the rows of alembic_version when it applies or undoes one revision
/// (alembic/runtime/migration.py, HeadMaintainer).
Applied alembic_rows_after(const Graph& graph, Applied rows, std::size_t at, bool is_up) {
  if (is_up) {
    for (std::size_t j = 0; j < at; ++j) {
      if (graph.needs(at, j)) rows.erase(Graph::id(j));
    }
    rows.insert(Graph::id(at));
    return rows;
  }
  rows.erase(Graph::id(at));
  const auto is_implied = [&](std::size_t need) {
    const bool by_row = std::ranges::any_of(rows, [&](const std::string& row) {
      return graph.reaches(index_of(row), need, Ties::All);
    });
    bool by_other_need = false;
    for (std::size_t other = 0; other < at; ++other) {
      by_other_need = by_other_need || (other != need && graph.needs(at, other) &&
                                        graph.reaches(other, need, Ties::All));
    }
    return by_row || by_other_need;
  };
  Applied uncovered;
  for (std::size_t need = 0; need < at; ++need) {
    if (graph.needs(at, need) && !is_implied(need)) uncovered.insert(Graph::id(need));
  }
  rows.merge(uncovered);
  return rows;
}

TEST(EveryGraph, TheMarkerMovesAsAlembicMovesIt) {
  for_each_graph([](const Graph& graph) {
    const History history = graph.history();
    const auto marker = [&](const Applied& applied) {
      const auto ids = history.marker(applied);
      return Applied(ids.begin(), ids.end());
    };
    Applied applied;
    Applied rows;
    const auto path = history.upgrade_path(history.heads(), {});
    for (const Revision* revision : path) {
      rows = alembic_rows_after(graph, rows, index_of(revision->id), true);
      applied.insert(revision->id);
      EXPECT_EQ(rows, marker(applied)) << "up to " << revision->id;
    }
    for (const Revision* revision : history.downgrade_path("base", applied, "")) {
      rows = alembic_rows_after(graph, rows, index_of(revision->id), false);
      applied.erase(revision->id);
      EXPECT_EQ(rows, marker(applied)) << "down from " << revision->id;
    }
  });
}

TEST(EveryGraph, StampingRecordsTheTargetAndNothingAboveIt) {
  for_each_graph([](const Graph& graph) {
    const History history = graph.history();
    for_each_applied(graph, [&](const Applied& before) {
      for (std::size_t target = 0; target < graph.size; ++target) {
        const std::vector<std::string> expressions = {Graph::id(target)};
        const Applied after = history.stamped(expressions, before, "");
        EXPECT_EQ(
            history.ancestors(std::vector<std::string>(after.begin(), after.end()), Ties::All),
            after)
            << "closed";
        for (std::size_t i = 0; i < graph.size; ++i) {
          const bool is_applied = after.contains(Graph::id(i));
          if (graph.reaches(target, i, Ties::All)) {
            EXPECT_TRUE(is_applied);
          }
          if (i != target && graph.reaches(i, target, Ties::All)) {
            EXPECT_FALSE(is_applied);
          }
        }
      }
    });
  });
}

TEST(EveryGraph, ACycleOfParentsIsAlwaysFound) {
  for_each_graph([](const Graph& graph) {
    // Tie the lowest to each that stands on it by parents: that closes a cycle.
    for (std::size_t top = 1; top < graph.size; ++top) {
      if (!graph.reaches(top, 0, Ties::Parents)) continue;
      std::vector<Revision> revisions = graph.history().revisions();
      const auto lowest = std::ranges::find(revisions, Graph::id(0), &Revision::id);
      lowest->down_revisions.push_back(Graph::id(top));
      EXPECT_EQ(error_of([&] { History{revisions}; }).first, ErrorCode::HistoryCycle);
    }
  });
}

}  // namespace
}  // namespace parley::migrate
