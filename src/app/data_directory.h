#pragma once

// The directory that holds SQLite files and secrets. Any thread.

#include <filesystem>
#include <string>

namespace parley::app {

/// Creates the directory, readable by its owner only, when it is missing. Throws Error{FileSystem}
/// with the reason when it cannot be created or written to.
void make_data_directory(const std::filesystem::path& directory);

/// The secret kept in `<directory>/<name>.secret`; made from 32 random bytes, with permissions
/// 0600, when there is none. Two processes that start at once end up with the same. Throws
/// Error{FileSystem}.
std::string secret_of(const std::filesystem::path& directory, const std::string& name);

}  // namespace parley::app
