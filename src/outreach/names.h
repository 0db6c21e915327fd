#pragma once

// The ids of runs and messages: readable, in the form of the programs before this one, and unique
// by their random end. Any thread.

#include <string>
#include <string_view>

#include "base/clock.h"
#include "outreach/vocabulary.h"

namespace parley::outreach {

/// The longest user_id: an id made of it must fit its column.
inline constexpr std::size_t kUserCharactersMax = 190;

/// `ann_email_20250315_100000_1f2e3d4c`
std::string make_session_id(std::string_view user_id, std::string_view channel, Timestamp at);

/// `ann_20250315_100000_000042_1f2e3d4c`
std::string make_log_id(std::string_view user_id, Timestamp at);

/// A part of such names: eight random hexadecimal digits.
std::string random_digits();

/// `20250315`, `20250315_100000` and, behind those, the microseconds of the second, in UTC.
std::string date_digits(Timestamp at);
std::string second_digits(Timestamp at);

}  // namespace parley::outreach
