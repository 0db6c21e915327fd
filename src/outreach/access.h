#pragma once

// Who calls: an API key, or, while the module has none, whoever is on this machine. A key decides
// the user_id whose rows are seen; rows of others are answered as if they were not there. Any
// thread.

#include <string>

#include "api/api_keys.h"
#include "api/endpoint.h"
#include "http/message.h"
#include "store/connection.h"

namespace parley::outreach {

struct Context;

/// What a route asks of a key.
using api::Scope;

/// What a request counts as (rate_limits.h).
enum class Counted { AsRequest, AsHeavy };

/// Who makes a request.
struct Caller {
  std::string user_id;
  bool is_admin = false;
};

/// Whose rows an open request is about, when `X-User-Id` does not say.
inline constexpr std::string_view kDefaultUser = "default_user";

/// Reads who asks. Throws 401 for a request without a key from another machine, 422 for a user_id
/// that is none, 429. Whether the key is known and has the scope is found out in the transaction
/// (401, 403), and so is whether an open request may be made.
api::Admission<Caller> identify(const Context& context, const http::Request& request, Scope scope,
                                Counted counted);

}  // namespace parley::outreach
