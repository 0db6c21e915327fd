#pragma once

// The native marker of a namespace: the table in which the world it comes from says how far its
// schema is, kept true beside the journal so that other programs can go on reading it. Values, and
// reads and writes on the connection that is given; one thread.

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "database/connection.h"
#include "schema/schema.h"

namespace parley::migrate {

enum class MarkerKind {
  AlembicVersion,  ///< `alembic_version`: the newest ids, which Alembic itself reads.
  SchemaVersion,   ///< `schema_version`: a number per applied version; the highest counts.
  None,            ///< Only the journal says it.
};

struct Marker {
  MarkerKind kind = MarkerKind::AlembicVersion;

  /// Ids that another program may have written, and ours for the same schema. Such an id stays as
  /// it was found for as long as ours is the newest.
  std::map<std::string, std::string, std::less<>> aliases;

  /// What differences and messages call it: the table, or the journal's.
  std::string_view object() const;
  bool is_table(std::string_view table) const;

  /// The table as the other program creates it; nothing when there is none.
  std::optional<schema::Table> table() const;

  /// The newest ids as found, with ours in place of aliases; nothing when the table is not there.
  std::optional<std::vector<std::string>> read(database::Connection& connection) const;

  /// Makes it say exactly these ids. Requires: the table is there.
  void write(database::Connection& connection, const std::vector<std::string>& revisions) const;
};

}  // namespace parley::migrate
