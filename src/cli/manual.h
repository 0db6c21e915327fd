#pragma once

// A manual page of a command, in the language that `man` reads (man(7)). Pure; any thread.

#include <string>
#include <string_view>

#include "cli/command_tree.h"

namespace parley::cli {

/// `parley-db-upgrade.1` without the suffix: the page's name.
std::string manual_name(const Command& command);

std::string manual_page(const Command& command, std::string_view version);

}  // namespace parley::cli
