#pragma once

// Agents of leads that are not made over HTTP.

#include "app/configuration.h"

namespace parley::app {

/// Sees to it that somebody answers in a demonstration: an agent for new leads, unless there is
/// one. Requires: the namespace is up to date.
void put_demo_leads_agent(const Configuration& configuration);

}  // namespace parley::app
