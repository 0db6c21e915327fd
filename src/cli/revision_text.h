#pragma once

// How commands show a revision: in Alembic's forms for people, and as one JSON shape for programs
// (docs/guide/json-output.md). Pure.

#include <string>

#include "base/json.h"
#include "migrate/history.h"

namespace parley::cli {

/// What a line says besides the id.
struct LineParts {
  bool has_parents = false;
  bool has_labels = false;
  bool has_points = true;  ///< (branchpoint) and (mergepoint).
  bool has_message = false;
  bool is_current = false;  ///< To be marked as applied in the database.
};

/// `001_create_sessions -> 002_create_messages (head), create messages`, or the parts of it.
std::string line_of(const migrate::History& graph, const migrate::Revision& revision,
                    const LineParts& parts);

/// Several lines: `Rev: …`, `Parent: …`, `Path: …` and, indented, the message. Ends with an empty
/// line.
std::string entry_of(const migrate::History& graph, const migrate::Revision& revision,
                     bool is_current);

JsonObject to_json(const migrate::History& graph, const migrate::Revision& revision);

}  // namespace parley::cli
