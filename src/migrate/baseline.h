#pragma once

// The first revision of a project that begins with a database which is there already: it makes the
// schema that was found, and nothing is run when it is recorded. One thread.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "migrate/deployment.h"
#include "migrate/foreign_history.h"

namespace parley::migrate {

struct Baseline {
  Revision revision;
  std::string heading;  ///< Comment lines for the head of its file: what it stands for.
};

/// The live schema as one revision, without the table in which another tool kept its record. Its id
/// is Alembic's newest, so that `alembic_version` goes on being true for both; otherwise it is made
/// from the version, or `baseline`. Throws Error{UnsupportedChange} naming what revision files have
/// no words for, Error{RefusedForSafety} when there are no tables.
Baseline baseline_of(Deployment& deployment, const std::optional<ForeignHistory>& history);

/// The revision of `graph` that a database without a record of ours stands on: the one in Alembic's
/// marker, else the first. Throws Error{RevisionNotFound} when the marker names another, and
/// Error{MultipleHeads} when there are several first ones.
std::string standing_on(const History& graph, const std::optional<ForeignHistory>& history);

}  // namespace parley::migrate
