#pragma once

// Passwords that a person types, or that a script sends.

#include <string>

namespace parley::cli {

enum class PasswordFrom {
  Terminal,       ///< Asked for twice, without echo.
  StandardInput,  ///< Its first line.
};

/// Throws Error{InvalidArgument} when there is no terminal to ask on, and when the two differ.
std::string read_password(PasswordFrom from);

}  // namespace parley::cli
