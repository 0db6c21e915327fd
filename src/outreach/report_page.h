#pragma once

// The analytics report for people: as one HTML page that needs nothing else, with charts drawn as
// SVG, and as lines of a terminal. Pure functions; any thread.

#include <string>

#include "outreach/report.h"

namespace parley::outreach {

std::string report_page(const Report& report);

std::string report_table(const Report& report);

}  // namespace parley::outreach
