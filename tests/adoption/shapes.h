#pragma once

// The databases of original programs, as scripts that make them with their rows (shapes/*.sql). A
// script says the words in which the engines differ as `@WORD@`.

#include <string>

#include "support/databases.h"

namespace parley::test {

/// The script of `shapes/NAME.sql` for this engine.
std::string script_of(const std::string& name, TestEngine engine);

}  // namespace parley::test
