#pragma once

// The cursors of lists: where a page ended, and which filters it belongs to. Opaque to clients.
// Pure functions; any thread.

#include <optional>
#include <string>
#include <string_view>

#include "outreach/queries.h"

namespace parley::outreach {

/// `filters` is what must be the same on the next page, as a text.
std::string list_cursor(std::string_view filters, const ListPosition& position);

/// Throws the 400 problem: `cursor_mismatch` for a cursor of other filters, `invalid_cursor` for
/// what is none.
ListPosition read_list_cursor(std::string_view filters, std::string_view cursor);

}  // namespace parley::outreach
