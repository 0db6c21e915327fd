#pragma once

// Scripts with which a shell completes the commands and options of the program. Pure; any thread.

#include <string>

#include "cli/command_tree.h"

namespace parley::cli {

enum class Shell { Bash, Zsh, Fish };

/// The script for that shell, made from the commands below `root`.
std::string completion_script(Shell shell, const Command& root);

}  // namespace parley::cli
