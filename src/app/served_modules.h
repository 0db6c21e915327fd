#pragma once

// Which modules the server serves, and how each is made from the configuration. One thread.

#include <memory>
#include <string>
#include <string_view>

#include "api/served_module.h"
#include "app/configuration.h"

namespace parley::app {

/// Makes the module. Throws Error{InvalidConfiguration} for settings that it cannot work with.
/// Requires: `name` is one of `module_names()`.
std::unique_ptr<api::ServedModule> make_module(std::string_view name,
                                               const Configuration& configuration,
                                               const api::ModuleParts& parts);

}  // namespace parley::app
