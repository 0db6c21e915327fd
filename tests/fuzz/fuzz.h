#pragma once

// What every fuzz target shares. A target is one file with the function that libFuzzer calls; it
// feeds the bytes to one function of Parley, and says with `require` what must hold whatever they
// are. One thread.

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "base/error.h"

// Without this declaration the definitions would be a warning.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace parley::fuzz {

inline void require(bool condition, const char* what) {
  if (condition) return;
  std::fprintf(stderr, "not true: %s\n", what);
  std::abort();
}

inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

/// Takes the first byte off, for a choice among variants; 0 when there is none.
inline std::uint8_t take_byte(std::string_view& text) {
  if (text.empty()) return 0;
  const auto byte = static_cast<std::uint8_t>(text.front());
  text.remove_prefix(1);
  return byte;
}

/// Runs `step`; true when it came to its end, false when it threw an Error with one of `codes`.
/// Any other exception is a failure.
template <class Step>
bool succeeds(Step step, std::initializer_list<ErrorCode> codes) {
  try {
    step();
    return true;
  } catch (const Error& error) {
    for (const ErrorCode code : codes) {
      if (error.code() == code) return false;
    }
    std::fprintf(stderr, "%s\n", error.what());
    std::abort();
  }
}

}  // namespace parley::fuzz
