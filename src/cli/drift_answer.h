#pragma once

// parley db repair --adopt and --ignore: drift that is answered otherwise than by mending it. For a
// project of the user's own; the modules' revisions are in the program.

#include <string>
#include <vector>

#include "cli/output.h"
#include "cli/target_options.h"
#include "cli/verb.h"
#include "migrate/execute_options.h"

namespace parley::cli {

/// What the words say.
struct DriftAnswer {
  std::vector<std::string> objects;  ///< The differences meant; empty: all.
  bool adopts = false;
  std::string message = "what was changed in the database";
  std::string revision_id;
  TargetChoice renames;
  bool ignores = false;
  std::string reason;

  bool is_mending() const { return !adopts && !ignores; }
};

void add_drift_answer(Verb& verb, DriftAnswer& answer);

/// Writes the differences into a new revision and records it as applied, or into the file of those
/// that are ignored. Throws Error{InvalidArgument} for a name that no difference has and for
/// answers that do not go together, Error{NotUpToDate} when revisions are pending, and what
/// `answered_renames` throws.
void answer_drift(const DriftAnswer& answer, const DbOptions& options,
                  const migrate::ExecuteOptions& execution, Output& output);

/// Throws Error{InvalidArgument} for an object that is no difference of the one namespace meant.
void require_differences(const DriftAnswer& answer, const DbOptions& options);

}  // namespace parley::cli
