#pragma once

// What plan, apply and diff have in common: where the target is, what its renames are, and asking
// when nobody said. One thread.

#include <string>
#include <vector>

#include "cli/commands.h"
#include "cli/output.h"
#include "cli/verb.h"
#include "migrate/renames.h"
#include "migrate/target.h"

namespace parley::cli {

struct TargetChoice {
  std::string target;  ///< A file; empty: what the module declares.
  std::vector<std::string> renames;
  bool has_no_renames = false;
};
struct TargetFileOptions : DbOptions, TargetChoice {};

void add_target_options(Verb& verb, TargetChoice& choice);

/// The namespaces to work on: with a target file exactly one. Throws Error{InvalidArgument}.
std::vector<app::Target> declarative_targets(const TargetFileOptions& options);

/// What shall be there, in the form of the engine of `deployment`. Throws as migrate::read_target,
/// and Error{InvalidArgument} when neither a file nor a declaration says it.
migrate::WantedSchema wanted_schema(const app::Target& target, const TargetFileOptions& options,
                                    migrate::Deployment& deployment);

/// The renames between `live` and `wanted`: those of the target, those of --rename, and the answers
/// of a person at the terminal. Without a terminal throws Error{RefusedForSafety} with the commands
/// that give both answers; `command` is how this one is called, without renames.
migrate::Renames answered_renames(const schema::Schema& live, const migrate::WantedSchema& wanted,
                                  const TargetChoice& choice, const std::string& command);

/// `parley db plan --url … --target FILE`, as it would be typed again.
std::string command_line(const std::string& verb, const DbOptions& where,
                         const TargetChoice& choice);

/// What a new revision of `history` would hold: the way from its files to the target, or to what is
/// declared. Throws as `answered_renames` and migrate::target_comparison.
std::vector<schema::Change> changes_to_write(const app::Target& target,
                                             const migrate::HistoryDefinition& history,
                                             const TargetChoice& choice,
                                             const std::string& command);

}  // namespace parley::cli
