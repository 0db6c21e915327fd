#pragma once

// What the rows say to a plan, before it runs: what a drop would lose, where a step would fail, and
// how to get on. Verdicts read the tables that the risky steps touch, and write nothing. One
// thread: that of the connection.

#include <string>
#include <vector>

#include "database/connection.h"
#include "schema/change.h"
#include "schema/schema.h"

namespace parley::migrate {

struct Verdict {
  enum class Kind {
    Loses,  ///< The step works, and values are gone after it.
    Fails,  ///< The rows that are there do not let the step work.
  };
  Kind kind = Kind::Fails;
  std::size_t position = 0;  ///< Of the change in the list, from 0.
  std::string text;          ///< `NOT NULL of notes.title fails for 17 rows (id 4, 9, 12, …)`
  std::string fix;           ///< What to choose, in full sentences; empty for what is lost.
};

/// What the rows say to `changes`, which begin at the schema `live` of the database. Steps whose
/// rows an earlier step of the list writes (backfill, execute) are not judged.
std::vector<Verdict> verdicts_on(database::Connection& connection,
                                 const std::vector<schema::Change>& changes,
                                 const schema::Schema& live);

/// Throws Error{RefusedForSafety} with every verdict that says a step would fail, and what to
/// choose; called under the lock, just before the steps run.
void check_verdicts(database::Connection& connection, const std::vector<schema::Change>& changes,
                    const schema::Schema& live);

}  // namespace parley::migrate
