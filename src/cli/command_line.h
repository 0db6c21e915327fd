#pragma once

// From the words of the command line to the command. The library behind it stays in
// command_line.cpp.

#include "base/error.h"

namespace parley::cli {

/// Parses and runs. Help and usage errors are printed here and give their exit code; the command's
/// own errors are thrown.
ExitCode run(int count, char** words);

}  // namespace parley::cli
