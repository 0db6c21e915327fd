#pragma once

// A whole schema as one YAML file: a target for `parley db plan`, and what `parley db dump --format
// yaml` prints. Enums, tables, views and triggers are written in the words of revision files
// (docs/guide/schema-files.md shows every form). `renamed_from` says of a table or column which name
// it had before, so that comparing need not guess. Pure; any thread.

#include <string>
#include <string_view>

#include "migrate/renames.h"
#include "schema/schema.h"

namespace parley::migrate {

struct SchemaFile {
  schema::Schema schema;
  Renames renames;
  bool operator==(const SchemaFile&) const = default;
};

/// Reads a whole schema. Throws Error{InvalidRevisionFile}: "file:line:column: what is wrong", also
/// for what cannot be together: a foreign key to a table that is not there, a name used twice, an
/// index on a column that the table lacks.
SchemaFile parse_schema_file(std::string_view yaml, const std::string& file);

/// The YAML of `schema`; parse_schema_file of it gives the same schema.
std::string to_yaml(const schema::Schema& schema);

}  // namespace parley::migrate
