#pragma once

// The part of the configuration that concerns leads, as the module takes it.

#include "app/configuration.h"
#include "leads/settings.h"

namespace parley::app {

/// Reads `leads.*` and what of `ai.*` concerns it. Throws as Configuration::truth and number.
leads::Settings leads_settings(const Configuration& configuration);

}  // namespace parley::app
