#pragma once

// Logging in, and the one account that the configuration may create. Both are public, and both keep
// the work of passwords out of transactions: read the account, verify or hash on a thread for
// passwords, write. Handlers are immutable; any thread.

#include "live_agent/handlers.h"

namespace parley::live_agent {

/// POST /auth/login
http::Handler login_handler(const Context& context);

/// POST /auth/seed-admin
http::Handler seed_admin_handler(const Context& context);

}  // namespace parley::live_agent
