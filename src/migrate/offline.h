#pragma once

// The SQL of an upgrade or downgrade as a script, without a database: `--sql`. Pure.

#include <string>
#include <vector>

#include "dialect/dialect.h"
#include "migrate/definition.h"

namespace parley::migrate {

/// The statements that lead from `from` (applied revisions) to `targets`, revision by revision,
/// each under a comment that names it. The script holds schema statements only; it ends with the
/// `parley db stamp` command that records it.
std::string upgrade_script(const NamespaceDefinition& definition, const std::string& history,
                           const std::vector<std::string>& targets, const Applied& from,
                           const dialect::Dialect& dialect);

/// The same downwards: from `from` what `downgrade expression` undoes.
std::string downgrade_script(const NamespaceDefinition& definition, const std::string& history,
                             const std::string& expression, const Applied& from,
                             const dialect::Dialect& dialect);

}  // namespace parley::migrate
