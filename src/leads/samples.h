#pragma once

// Example bodies of the webhooks, for whoever sets up a bridge: the first two can be sent as they
// are. Pure functions; any thread.

#include "base/json.h"

namespace parley::leads {

JsonObject platform_lead_sample();
JsonObject platform_message_sample();
JsonObject agent_message_sample();
JsonObject lead_created_sample();

}  // namespace parley::leads
