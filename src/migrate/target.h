#pragma once

// Where a schema shall get to, from a file: SQL of the engine's own, executed in a scratch
// namespace and inspected, or YAML (migrate/schema_file.h). One thread.

#include <filesystem>
#include <string>

#include "database/connection.h"
#include "migrate/renames.h"
#include "schema/schema.h"

namespace parley::migrate {

struct WantedSchema {
  schema::Schema schema;  ///< In the form in which the engine keeps it; no tables of Parley's own.
  Renames renames;        ///< What the file itself says of old names.
  bool is_by_engine = false;
  std::string how;  ///< See EngineForm.
};

/// Reads `file`, by its ending `.sql`, `.yaml` or `.yml`, for the engine of `live`. Throws
/// Error{FileSystem} when it cannot be read, Error{InvalidArgument} with file, line and statement
/// when the engine refuses it, Error{InvalidRevisionFile} for broken YAML, and
/// Error{PermissionDenied} when SQL cannot be tried out because the login may not create a scratch.
WantedSchema read_target(const std::filesystem::path& file, database::Connection& live);

/// True when the name says that the file is a target in YAML.
bool is_yaml(const std::filesystem::path& file);

/// A YAML target in its own neutral words. Throws as `read_target`.
WantedSchema read_yaml_target(const std::filesystem::path& file);

/// What `read_target` gives for a schema that code declares.
WantedSchema wanted_of(const schema::Schema& declared, database::Connection& live);

}  // namespace parley::migrate
