#pragma once

// Shows that a plan does what it promises, before it is offered: executes it on a scratch copy of
// the current schema and compares what came out with what was wanted. One thread.

#include <string>
#include <vector>

#include "database/connection.h"
#include "migrate/plan.h"
#include "schema/change.h"

namespace parley::migrate {

struct Proof {
  enum class Result {
    Proved,   ///< The scratch copy became the wanted schema, and a second plan is empty.
    Refuted,  ///< A step failed, or differences are left: `why`, `left`.
    Untried,  ///< There is no scratch, or no copy of what is there can be made: `why`.
  };
  Result result = Result::Untried;
  std::string where;  ///< `a schema that is rolled back`; empty without a scratch.
  std::string why;
  std::vector<schema::Change> left;

  bool is_proved() const { return result == Result::Proved; }
};

/// Runs `plan` on a copy of `live`, without rows, and compares the outcome with `wanted`, both as
/// this engine gives them back.
Proof prove(database::Connection& connection, const schema::Schema& live, const Plan& plan,
            const schema::Schema& wanted);

/// One line for people: `Proved in a database in memory.`
std::string to_text(const Proof& proof);

}  // namespace parley::migrate
