#pragma once

// PARLEY_CHECK ends the process when an invariant of our own code is broken, in release builds too:
// going on would write wrong data. Never used for input, which gets an `Error` instead.

#include <string_view>

namespace parley {

[[noreturn]] void check_failed(std::string_view condition, std::string_view file, int line);

}  // namespace parley

#define PARLEY_CHECK(condition) \
  ((condition) ? void() : ::parley::check_failed(#condition, __FILE__, __LINE__))
