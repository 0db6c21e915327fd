#pragma once

// The declarative way: here is the schema that shall be, find the way there. A plan is made from
// what is live, proved on a scratch copy, judged by the rows, and carried out by the same executor
// as a revision. Nothing is dropped unless that is allowed. One thread.

#include <string>
#include <vector>

#include "dialect/impact.h"
#include "migrate/deployment.h"
#include "migrate/executor.h"
#include "migrate/plan.h"
#include "migrate/proof.h"
#include "migrate/renames.h"
#include "migrate/target.h"
#include "migrate/verdict.h"

namespace parley::migrate {

/// Whether tables, columns, views and triggers that the target does not know may go.
enum class Drops { Refused, Allowed };

/// What a step of a plan means, for people.
struct StepFacts {
  dialect::Impact impact;
  std::int64_t rows = 0;  ///< That it reads or writes anew.
  std::string undo;       ///< `yes`, `yes, but the values are lost`, `no`.
};

struct DeclarativePlan {
  schema::Schema live;
  schema::Schema wanted;  ///< The target, with what may not be dropped.
  Plan plan;
  std::vector<StepFacts> facts;             ///< One per step.
  std::vector<schema::Change> skipped;      ///< Drops that are not allowed.
  std::vector<std::string> skipped_losses;  ///< What each of them would lose; empty: nothing.
  std::vector<Verdict> verdicts;            ///< `position` counts the steps.
  Proof proof;
  std::string how;  ///< How the target was brought to the engine's form.

  bool is_empty() const { return plan.steps.empty(); }
  bool would_fail() const;
};

/// Plans the way from what is live to `target`. Writes nothing. Throws Error{UnsupportedChange}
/// when the engine cannot do a step.
DeclarativePlan plan_towards(Deployment& deployment, const WantedSchema& target,
                             const Renames& renames, Drops drops);

/// Plans again under the lock and carries the plan out, with an entry in the journal, then
/// verifies. Gives what was done. Throws Error{RefusedForSafety} when a verdict says that a step
/// would fail, when the proof is refuted, and when the namespace is kept by revisions; otherwise
/// as `upgrade`.
DeclarativePlan apply_target(Deployment& deployment, const WantedSchema& target,
                             const Renames& renames, Drops drops, const ExecuteOptions& options);

/// `target` and what of `live` must not be dropped.
schema::Schema with_kept(const schema::Schema& target, const schema::Schema& live,
                         const Renames& renames);

/// True for the changes that need Drops::Allowed.
bool is_drop(const schema::Change& change);

}  // namespace parley::migrate
