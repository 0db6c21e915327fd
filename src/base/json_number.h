#pragma once

// How a number that is not whole is written as JSON. Pure; any thread.

#include <string>

namespace parley {

/// Appends the shortest digits that read back as the same number, with a point or an exponent, so
/// that it stays a number with a fraction for everybody: `0.0`, `66.67`, `1e+30`. What is not
/// finite, which JSON cannot say, is `null`.
void append_number(std::string& text, double value);

}  // namespace parley
