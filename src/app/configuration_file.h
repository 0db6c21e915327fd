#pragma once

// Reads a TOML file into dotted names. The TOML library stays in configuration_file.cpp.

#include <filesystem>
#include <string>
#include <vector>

namespace parley::app {

struct FileSetting {
  std::string name;   ///< `live_agent.jwt.secret`.
  std::string value;  ///< Text, number or truth value, as text.
  int line = 0;
};

/// All values of the file. Throws Error{InvalidConfiguration} naming file, line and column when it
/// is no TOML or holds a value that is neither text, number nor truth value, and Error{FileSystem}
/// when it cannot be read.
std::vector<FileSetting> read_configuration_file(const std::filesystem::path& file);

}  // namespace parley::app
