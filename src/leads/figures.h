#pragma once

// Shares as figures show them. Pure; any thread.

#include <cmath>
#include <cstdint>

namespace parley::leads {

/// 0 to 100 with two decimals; 0 of nothing.
inline double percentage(std::int64_t part, std::int64_t whole) {
  if (whole <= 0) return 0;
  return std::round(10000.0 * static_cast<double>(part) / static_cast<double>(whole)) / 100;
}

}  // namespace parley::leads
