#pragma once

// What sending leaves behind, looked after at start and now and then: callbacks that were stored
// when a process ended before it could apply them, and templates that no message needs any more.

#include <cstdint>

#include "store/store.h"

namespace parley::outreach {

/// Applies the stored callbacks whose message is known; returns how many those were. Not to be
/// called from a thread of the store.
std::size_t apply_left_events(store::Store& store);

/// The round of a loop: all of it. Returns false.
bool look_after_sending(store::Store& store);

}  // namespace parley::outreach
