#pragma once

// How both ways to use MySQL and MariaDB, as our database and as somebody else's, get their
// connection.

#include <functional>
#include <memory>

#include "database/url.h"

struct st_mysql;

namespace parley::database {

struct MysqlHandleDeleter {
  void operator()(st_mysql* handle) const;
};
using MysqlHandle = std::unique_ptr<st_mysql, MysqlHandleDeleter>;

/// A handle that is connected with these CLIENT_… flags; `prepare` may set more options before.
/// Waits five seconds at most. Throws CannotConnect, PermissionDenied, UnknownDatabase, and
/// InvalidArgument for an option of the URL that nobody knows.
MysqlHandle connect_mysql(const Url& url, unsigned long flags,
                          const std::function<void(st_mysql*)>& prepare = {});

}  // namespace parley::database
