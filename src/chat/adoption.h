#pragma once

// What is known of the chat databases that were there before this module.

#include "schema/adoption.h"

namespace parley::chat {

schema::AdoptionRules adoption_rules();

}  // namespace parley::chat
