#pragma once

// What `stamp` writes, as a script: `stamp --sql`. Pure.

#include <span>
#include <string>

#include "base/clock.h"
#include "dialect/dialect.h"
#include "migrate/definition.h"

namespace parley::migrate {

/// The statements that change the record from `from` (applied revisions) to what
/// `stamp expressions` makes of it: rows of the journal's `parley_revisions` and of the native
/// marker. From nothing, it creates both tables first.
std::string stamp_script(const NamespaceDefinition& definition, const std::string& history,
                         std::span<const std::string> expressions, const Applied& from,
                         const dialect::Dialect& dialect, const std::string& tool_version,
                         Timestamp now);

/// The statements that create the tables of the record: `ensure_version --sql`.
std::string record_tables_script(const dialect::Dialect& dialect);

}  // namespace parley::migrate
