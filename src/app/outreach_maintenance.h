#pragma once

// What the outreach module has done for it on the whole database: looking at the schema, mending
// it, copying and tidying. Each function opens a connection of its own; any thread.

#include "app/configuration.h"
#include "outreach/settings.h"

namespace parley::app {

outreach::Maintenance outreach_maintenance(const Configuration& configuration);

}  // namespace parley::app
