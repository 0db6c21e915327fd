#pragma once

// The URLs that are told of agents' messages and of new leads, as the original's clients manage
// them: each is a subscription of outgoing webhooks (api/webhooks) in this module's own format.
// Functions of a transaction of the caller.

#include <string>
#include <vector>

#include "base/clock.h"
#include "store/connection.h"

namespace parley::leads {

/// In the order in which they were added.
std::vector<std::string> outbound_urls(store::Connection& connection);

/// False when it is there already. A write.
bool add_outbound_url(store::Connection& connection, const std::string& url,
                      const std::string& owner, Timestamp now);

/// False when it is not there. A write.
bool remove_outbound_url(store::Connection& connection, const std::string& url, Timestamp now);

}  // namespace parley::leads
