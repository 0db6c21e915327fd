#pragma once

// What `stamp` writes, as a script: `stamp --sql`. Pure.

#include <string>
#include <vector>

#include "base/clock.h"
#include "dialect/dialect.h"
#include "migrate/definition.h"

namespace parley::migrate {

/// What the script finds.
enum class Record {
  AsSaid,   ///< `from`; when that is nothing, there are no tables either, and they are created.
  Unknown,  ///< Anything: it is deleted first, as `stamp --purge` does.
};

struct StampScript {
  std::string history;
  std::vector<std::string> expressions;
  Applied from;  ///< The revisions recorded before.
  Record record = Record::AsSaid;
  std::string tool_version;
  Timestamp now;
};

/// The statements that change the record to what `stamp expressions` makes of it: rows of the
/// journal's `parley_revisions` and of the native marker.
std::string stamp_script(const NamespaceDefinition& definition, const StampScript& wanted,
                         const dialect::Dialect& dialect);

/// The statements that create the tables of the record: `ensure_version --sql`.
std::string record_tables_script(const Marker& marker, const dialect::Dialect& dialect);

}  // namespace parley::migrate
