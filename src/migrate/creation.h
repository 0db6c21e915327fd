#pragma once

// The changes that make a whole schema out of nothing, in an order that works. Pure; any thread.

#include <vector>

#include "schema/change.h"
#include "schema/schema.h"

namespace parley::migrate {

/// What becomes of foreign keys that refer to each other's tables in a circle.
enum class Circles {
  AddedLater,      ///< The tables come first, the last key of the circle as a change of its own.
  LeftInTheTable,  ///< For an engine that lets a table refer to one that comes later.
};

/// Enums, tables each after those it refers to, foreign keys of circles, views each after what it
/// reads, triggers. What does not need another keeps its order.
std::vector<schema::Change> creation_of(const schema::Schema& schema, Circles circles);

}  // namespace parley::migrate
