#pragma once

// A schema in the forms that `parley db dump` prints, besides the YAML of schema_file.h. Pure; any
// thread.

#include <string>
#include <vector>

#include "dialect/dialect.h"
#include "schema/schema.h"

namespace parley::migrate {

/// The statements that make `schema` in an empty namespace, in order, without final semicolons.
/// Throws Error{UnsupportedChange} when the engine cannot hold something of it.
std::vector<std::string> creation_statements(const schema::Schema& schema,
                                             const dialect::Dialect& dialect);

/// The same as a script for the engine's own command line program.
std::string to_sql(const schema::Schema& schema, const dialect::Dialect& dialect);

/// An `erDiagram` of Mermaid: tables with their columns, and the foreign keys between them.
std::string to_mermaid(const schema::Schema& schema);

/// A picture that stands by itself: tables as boxes, columns placed by foreign keys, views with
/// dashed lines to what they read, enums with their values; in light or dark as its reader prefers.
std::string to_svg(const schema::Schema& schema);

}  // namespace parley::migrate
