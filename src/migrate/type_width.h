#pragma once

// Whether a column's new type holds every value of its old one, and at what price. Used by lint and
// by the verdicts of a plan. Pure; any thread.

#include "schema/schema.h"

namespace parley::migrate {

enum class Width {
  Same,
  Wider,     ///< Holds every old value, in the same representation: engines need not rewrite rows.
  Narrower,  ///< Some old values may not fit.
  Other,     ///< Another kind of value: each has to be converted.
};

Width compare_width(const schema::Type& from, const schema::Type& to);

}  // namespace parley::migrate
