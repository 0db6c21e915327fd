#pragma once

// Which hosts and files an agent's configuration may name. Members write it, and the server that
// connects stands where they do not: beside machines that trust it. Functions block for a look-up;
// any thread.

#include <string>
#include <vector>

namespace parley::chat {

/// The address to connect to for `host`, looked up once, so that a name cannot change its meaning
/// in between. Throws Error{Forbidden} for a host that is not in `allowed` (empty: all are), for
/// link-local addresses and those where clouds keep their secrets, and for what is no host name;
/// Error{CannotConnect} when nobody knows it.
std::string address_of(const std::string& host, const std::vector<std::string>& allowed);

/// The file behind `path`, links resolved. Throws Error{Forbidden} unless it is a file inside one
/// of `directories`; whether another one exists is not told.
std::string database_file(const std::string& path, const std::vector<std::string>& directories);

}  // namespace parley::chat
