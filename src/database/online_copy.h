#pragma once

// Copies a database that is one file, whole and consistent, while others read and write it. SQLite
// only; elsewhere `is_copyable` says no. One thread.

#include <cstdint>
#include <functional>
#include <string>

#include "database/connection.h"
#include "database/url.h"

namespace parley::database {

/// True when the database is a file.
bool is_copyable(const Url& url);

/// Called now and then with the pages copied and the pages there are.
using PageListener = std::function<void(std::int64_t done, std::int64_t total)>;

/// Copies the database `from` over the database file `to`, in one transaction of either: `to` is as
/// it was until all is there. Throws Error{Busy} when another connection keeps writing to `to`,
/// Error{DiskFull} or {FileSystem} when `to` cannot be written, otherwise what reading `from` throws.
void copy_database(const std::string& from, const std::string& to, const PageListener& listener);

/// Reads the whole file and gives what is wrong with it in the engine's words; empty when nothing
/// is.
std::string damage_of(const std::string& file);

}  // namespace parley::database
