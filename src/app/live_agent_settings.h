#pragma once

// The part of the configuration that concerns live_agent, as the module takes it.

#include "app/configuration.h"
#include "live_agent/settings.h"

namespace parley::app {

/// Reads `live_agent.*`. Makes and keeps the token secret when none is configured. Throws as
/// secret_of and Configuration::truth.
live_agent::Settings live_agent_settings(const Configuration& configuration);

}  // namespace parley::app
