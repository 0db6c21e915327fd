#pragma once

// Expressions that name revisions: `head`, `-1`, `001_cr`, `label@head`… What each of them means is
// what Alembic means by it (alembic/script/revision.py), and so are the words of the errors.
// Internal to History.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "migrate/history.h"

namespace parley::migrate {

/// `label@rev-2`, taken apart.
struct ExpressionParts {
  std::string_view branch;   ///< Before the `@`; empty when there is none.
  std::string_view symbol;   ///< `head`, an id, …; empty in `+1` and `-1`.
  std::optional<int> steps;  ///< With its sign.
};
ExpressionParts parts_of(std::string_view expression, const History& graph);

/// What a walk does that comes to an end before it made all its steps.
enum class Overwalk { Refuse, Stop };

class Resolver {
 public:
  Resolver(const History& graph, const Applied& applied, std::string_view history)
      : graph_(graph), applied_(applied), history_(history) {}

  /// The revisions that `expression` names; none means base.
  std::vector<std::string> resolve(std::string_view expression) const;

  struct DowngradeTarget {
    std::optional<std::string> revision;  ///< Nothing: base.
    std::string branch;                   ///< Only what leads to this one is undone; empty: all.
  };
  DowngradeTarget downgrade_target(std::string_view expression) const;

  /// The revision that a label, an id or its beginning before `@` stands for.
  std::string branch_root(std::string_view branch) const;

  /// `steps` up (more than 0) or down from `start`, where nothing means base. Going up, only
  /// through `members` unless that is null.
  std::optional<std::string> walk(std::optional<std::string> start, int steps,
                                  const Applied* members, Overwalk overwalk) const;

 private:
  struct Branch;
  std::optional<Branch> branch_of(std::string_view branch) const;
  std::vector<std::string> names(std::string_view symbol, const std::optional<Branch>& branch,
                                 std::string_view expression) const;
  std::optional<std::string> single(std::string_view symbol, const std::optional<Branch>& branch,
                                    std::string_view expression) const;
  std::string id_of(std::string_view text, const std::optional<Branch>& branch) const;
  std::vector<std::string> matches(std::string_view prefix, const Applied* members) const;
  std::vector<std::string> within(std::vector<std::string> ids, const Applied* members) const;
  std::optional<std::string> start_up(const std::optional<Branch>& branch) const;
  std::string start_down(const std::optional<Branch>& branch, std::string_view expression,
                         int steps) const;

  const History& graph_;
  const Applied& applied_;
  std::string_view history_;
};

/// Throws Error{RevisionNotFound}: "Relative revision -1 didn't produce 1 migrations".
[[noreturn]] void throw_relative(int steps);

/// Throws Error{RevisionNotFound} with the hint to look at the history.
[[noreturn]] void throw_not_found(const std::string& message, const std::string& hint = {});

}  // namespace parley::migrate
