#pragma once

// Whether a statement that a model wrote looks like one that only reads: before the database is
// asked, which holds it to that by itself (database/reader.h). What cannot be read with certainty,
// whichever engine it is for, is refused, with words from which a model can learn. Pure functions;
// any thread.

#include <optional>
#include <string>
#include <string_view>

namespace parley::chat {

/// Why the statement is not run: it is not one statement, does not begin with SELECT or WITH, takes
/// locks, writes files, or calls functions that reach beyond the tables. Nothing when it may be
/// run.
std::optional<std::string> refusal_of(std::string_view sql);

}  // namespace parley::chat
