#pragma once

// Runs one plan with its journal entry: the part that upgrade, downgrade and repair share. Internal
// to the executor.

#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "migrate/deployment.h"
#include "migrate/execute_options.h"
#include "migrate/plan.h"
#include "migrate/scope.h"

namespace parley::migrate {

/// What a plan is run for.
struct Task {
  std::string action;                  ///< `upgrade`, `downgrade`, `repair`.
  const Revision* revision = nullptr;  ///< Null for a repair.
  std::string content = {};            ///< For the journal, where there is no revision.
  std::string tool_version;
  std::function<void()>
      record;  ///< Writes what is true afterwards (applied rows, marker), in the last transaction.
  ExecuteOptions options;
  /// Called before the first step, in its transaction where there is one for all; again when the
  /// run is repeated from the beginning. Empty: nothing.
  std::function<void()> prepare = {};
  Scope scope;  ///< The tables that the plan knows; nothing: the whole schema.
};

/// Executes the plan, verifies the result by inspection, then records it: as one transaction where
/// the engine and every step allow that, otherwise part by part (migrate/parts.h), continuing what
/// an earlier run left. A statement that meets another's lock is tried again as the options say.
/// Requires: the lock is held, no transaction open. Throws as `upgrade` says; the failure is in the
/// journal.
void run(Deployment& deployment, const Plan& plan, const Task& task);

/// The journal entry of a task that begins now.
JournalRow entry_of(const Deployment& deployment, const Task& task, std::int64_t steps_total);

/// Executes `statements` of `step`. Throws what the database threw, with the step in front.
void execute_step(const Deployment& deployment, const Step& step,
                  const std::vector<std::string>& statements);

/// Throws Error{SchemaDrift} with the differences unless inspection finds `tables` as `planned`, in
/// normal form.
void require_planned(const Deployment& deployment, std::vector<schema::Table> planned,
                     const std::set<std::string>& tables);

}  // namespace parley::migrate
