#pragma once

// What is known of the live-agent databases that were there before this module.

#include "schema/adoption.h"

namespace parley::live_agent {

schema::AdoptionRules adoption_rules();

}  // namespace parley::live_agent
