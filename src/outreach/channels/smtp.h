#pragma once

// E-mail by SMTP (RFC 5321) with libcurl, whose headers stay in smtp.cpp. Connections are kept and
// used again, one per attempt that is under way at the same time.

#include "outreach/channels/carrier.h"
#include "outreach/channels/settings.h"

namespace parley::outreach {

/// Connects to nobody yet. Throws Error{InvalidConfiguration} without a host or a sender.
std::unique_ptr<Carrier> open_smtp(const SmtpSettings& settings, std::chrono::milliseconds timeout,
                                   const Clock& clock);

}  // namespace parley::outreach
