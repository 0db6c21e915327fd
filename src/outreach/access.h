#pragma once

// Who calls: an API key, or, while the module has none, whoever is on this machine. A key decides
// the user_id whose rows are seen; rows of others are answered as if they were not there. Any
// thread.

#include <string>

#include "api/endpoint.h"
#include "http/message.h"
#include "outreach/rate_limits.h"
#include "outreach/settings.h"
#include "store/connection.h"

namespace parley::outreach {

enum class Scope { Read, Write, Admin };

/// Who makes a request.
struct Caller {
  std::string user_id;
  bool is_admin = false;
};

/// How a request counts (rate_limits.h).
enum class Counted { AsRequest, AsHeavy };

/// Whose rows an open request is about, when it does not say.
inline constexpr std::string_view kDefaultUser = "default_user";

}  // namespace parley::outreach
