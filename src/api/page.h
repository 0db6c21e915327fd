#pragma once

// A page of a list, as requests ask for it. Value; any thread.

#include <cstdint>

namespace parley::api {

struct Page {
  std::int64_t number = 1;  ///< ≥ 1.
  std::int64_t size = 20;   ///< ≥ 1.

  std::int64_t offset() const { return (number - 1) * size; }
};

}  // namespace parley::api
