#pragma once

// What is known of the outreach databases that were there before this module.

#include "schema/adoption.h"

namespace parley::outreach {

schema::AdoptionRules adoption_rules();

}  // namespace parley::outreach
