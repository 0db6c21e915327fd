#pragma once

// What another migration tool wrote down in a database: Alembic in `alembic_version`, Flyway in
// `flyway_schema_history`, dbmate in `schema_migrations`. Read so that a project can be taken over
// where that tool left it; never written. One thread.

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "database/connection.h"
#include "schema/schema.h"

namespace parley::migrate {

enum class ForeignTool { Alembic, Flyway, Dbmate };
std::string_view name_of(ForeignTool tool);

struct ForeignRevision {
  std::string id;       ///< As the tool calls it: `27c6a30d7c24`, `3.1`, `20240131120000`.
  std::string message;  ///< Empty when nobody says it.
};

struct ForeignHistory {
  ForeignTool tool = ForeignTool::Alembic;
  std::string table;                     ///< That holds the record.
  std::vector<ForeignRevision> applied;  ///< Oldest first; never empty.

  const ForeignRevision& newest() const { return applied.back(); }
};

/// What a tool recorded; nothing when none did, or its record is empty. `tables` are all that are
/// there. `files`, when given, is the tool's folder of migrations: it gives Alembic's line of
/// revisions, and what is not applied yet is found there. Throws Error{RefusedForSafety} for a
/// migration that failed, several heads, two tools, and migrations that are not applied yet;
/// Error{RevisionNotFound} when Alembic's marker names a revision that no file has;
/// Error{FileSystem} when the folder cannot be read.
std::optional<ForeignHistory> read_foreign_history(database::Connection& connection,
                                                   const schema::Schema& tables,
                                                   const std::filesystem::path& files);

}  // namespace parley::migrate
