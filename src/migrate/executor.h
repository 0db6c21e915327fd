#pragma once

// Does it: brings a namespace up or down revision by revision, under the lock, with the journal.
// Where the engine can roll a schema change back, a revision is one transaction together with its
// journal row and marker, or shares one with its neighbours (shared_run.h); where it cannot, every
// statement is marked before and after, and what a killed run left is recognised and continued. A
// revision counts as applied only after inspection found exactly what was planned. Nothing to do is
// found out by reading, without the lock. One thread.

#include <string>
#include <vector>

#include "base/error.h"
#include "migrate/deployment.h"
#include "migrate/execute_options.h"

namespace parley::migrate {

/// Applies what is missing so that `targets` are applied (all heads of `history` when the
/// expression said so), and what comes back with it (History::returning). Gives the applied ids in
/// order; empty when there was nothing to do. Throws Error{SchemaDrift} before anything is changed
/// when the live schema is not the recorded one, with every difference in the message;
/// Error{UpgradeIncomplete} when a step failed and earlier ones of the revision cannot be rolled
/// back; otherwise what the database threw, with nothing of the failed revision left.
std::vector<std::string> upgrade(Deployment& deployment, const std::string& expression,
                                 const std::string& history, const ExecuteOptions& options);

/// What a downgrade does with revisions of other histories that stand on what it undoes and hold
/// rows. Those that lose nothing always go along.
enum class Others { Refuse, TakeAlong };

/// Undoes what History::downgrade_path says. Errors as `upgrade`, and Error{RefusedForSafety} that
/// lists what of other histories would be lost, before anything is changed.
std::vector<std::string> downgrade(Deployment& deployment, const std::string& expression,
                                   const std::string& history, const ExecuteOptions& options,
                                   Others others = Others::Refuse);

/// Brings every history to its heads, core first: what `serve` and commands without `--module` do.
std::vector<std::string> upgrade_all(Deployment& deployment, const ExecuteOptions& options);

enum class StampCheck { Verify, Force };
struct StampRequest {
  std::vector<std::string> expressions;  ///< The revisions to be recorded.
  std::string history;
  bool purges = false;  ///< Forget first what is recorded of the history, even what no file has.
  StampCheck check = StampCheck::Verify;
};
/// Records what History::stamped says, without running anything, and notes it in the journal. With
/// StampCheck::Verify throws Error{SchemaDrift} with the differences when the live schema is not
/// theirs.
void stamp(Deployment& deployment, const StampRequest& request, const ExecuteOptions& options);

/// Creates the engine's own tables and the native marker where they are missing; nothing else. The
/// journal's first entry says so.
void ensure_version(Deployment& deployment, const ExecuteOptions& options);

/// The drift in words, with the command that repairs it: what serve and upgrade say when they stop.
Error drift_error(const DriftReport& report, const NamespaceDefinition& definition);

}  // namespace parley::migrate
