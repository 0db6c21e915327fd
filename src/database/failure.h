#pragma once

// How the drivers report what an engine refused: one form of message and one hint per code, so that
// all engines fail alike. For `database/` only. Pure; any thread.

#include <string>
#include <string_view>

#include "base/error.h"

namespace parley::database {

/// Throws Error{code} with the engine's `message` and, shortened, the statement it is about. An
/// empty `hint` means the usual way out for this code.
[[noreturn]] void fail(ErrorCode code, std::string_view message, std::string_view sql = {},
                       std::string hint = {});

/// Throws for work inside a transaction that the engine has rolled back on its own: anything that
/// ran now would be committed alone.
[[noreturn]] void fail_in_aborted_transaction(ErrorCode cause, std::string_view sql);

}  // namespace parley::database
