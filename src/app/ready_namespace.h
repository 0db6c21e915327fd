#pragma once

// A module's namespace for the command line: opened, created when it is missing, and brought up to
// date, so that an account can be made before the server has ever started.

#include <memory>
#include <string>

#include "app/configuration.h"
#include "database/connection.h"

namespace parley::app {

/// Throws as `open_namespace` and `migrate::upgrade_all`.
std::unique_ptr<database::Connection> open_ready(const Configuration& configuration,
                                                 const std::string& module);

}  // namespace parley::app
