#pragma once

// The part of the configuration that concerns language models, for all modules that ask one.

#include "ai/settings.h"
#include "app/configuration.h"

namespace parley::app {

/// Reads `ai.*`. Throws Error{InvalidConfiguration} for a base URL that is none, a key that no
/// header takes, and values out of range.
ai::Settings ai_settings(const Configuration& configuration);

}  // namespace parley::app
