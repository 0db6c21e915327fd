#pragma once

// Chat with all that it answers with: the model, the sources of data, and the module on top of
// them.

#include <memory>

#include "api/served_module.h"
#include "app/configuration.h"

namespace parley::app {

/// Throws Error{InvalidConfiguration} for settings that it cannot work with.
std::unique_ptr<api::ServedModule> make_chat(const Configuration& configuration,
                                             const api::ModuleParts& parts);

}  // namespace parley::app
