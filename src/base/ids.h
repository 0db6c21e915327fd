#pragma once

// Identifiers made here. Random bytes come from the operating system.

#include <string>
#include <string_view>

#include "base/clock.h"

namespace parley {

/// A random UUID (RFC 9562, version 4) in lower-case text, 36 characters. Any thread.
std::string make_uuid();

/// A UUID that sorts by `now`, to the millisecond, and is random beyond (RFC 9562, version 7): rows
/// that are made one after the other stand beside each other in an index. Any thread.
std::string make_uuid_at(Timestamp now);

/// True for the 36-character text form of any UUID, either letter case.
bool is_uuid(std::string_view text);

/// `bytes` random bytes in lower-case hexadecimal, for secrets and passwords. Any thread.
std::string random_hex(std::size_t bytes);

}  // namespace parley
