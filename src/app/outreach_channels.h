#pragma once

// The part of the configuration that concerns sending, as the outreach module takes it: channels,
// quotas, and the providers that call back.

#include "app/configuration.h"
#include "outreach/sending_settings.h"

namespace parley::app {

/// Reads `outreach.channels.*`, `outreach.quotas.*` and `outreach.webhooks.*`. A kind of message
/// for which no channel is configured goes into files below the data directory, so that sending can
/// be tried out. Throws Error{InvalidConfiguration} naming the setting that is wrong or missing.
outreach::SendingSettings sending_settings(const Configuration& configuration);

}  // namespace parley::app
