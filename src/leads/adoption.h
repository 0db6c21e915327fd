#pragma once

// What is known of the leads databases that were there before this module.

#include "schema/adoption.h"

namespace parley::leads {

schema::AdoptionRules adoption_rules();

}  // namespace parley::leads
