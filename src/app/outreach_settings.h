#pragma once

// The part of the configuration that concerns outreach, as the module takes it.

#include "app/configuration.h"
#include "outreach/settings.h"

namespace parley::app {

/// Reads `outreach.*`. Throws Error{InvalidConfiguration}. With `outreach.legacy_timezone` it also
/// makes that zone the local time of this process, so it must come before other threads.
outreach::Settings outreach_settings(const Configuration& configuration);

}  // namespace parley::app
