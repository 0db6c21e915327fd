#pragma once

// What a call throws, as a value to compare.

#include <optional>
#include <string>

#include "base/error.h"

namespace parley::test {

/// The error that `call` throws; nothing when it throws none.
template <class Call>
std::optional<Error> error_of(Call&& call) {
  try {
    call();
  } catch (const Error& error) {
    return error;
  }
  return std::nullopt;
}

/// The code of the error that `call` throws; nothing when it throws none.
template <class Call>
std::optional<ErrorCode> code_of(Call&& call) {
  const std::optional<Error> error = error_of(call);
  return error ? std::optional(error->code()) : std::nullopt;
}

}  // namespace parley::test
