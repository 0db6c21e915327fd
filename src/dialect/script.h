#pragma once

// Statements as a script for the engine's own command line program. Pure; any thread.

#include <string>
#include <vector>

#include "dialect/dialect.h"

namespace parley::dialect {

/// The statements, each with its semicolon and a blank line behind it. Where the program ends a
/// statement at any semicolon, those inside a trigger's body included, DELIMITER says another end.
std::string script_of(const std::vector<std::string>& statements, const Dialect& dialect);

}  // namespace parley::dialect
