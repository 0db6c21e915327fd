#pragma once

// The Message-ID of an e-mail. Pure; any thread.

#include <string>
#include <string_view>

namespace parley::outreach {

/// The same for the same message each time, so that a reader who gets it twice can see that:
/// `<digest@domain>` with the domain of the sender's address.
std::string mail_id_of(std::string_view log_id, std::string_view from_address);

}  // namespace parley::outreach
