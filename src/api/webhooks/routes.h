#pragma once

// The endpoints below `/api/v1/webhooks`, in the manner of REST hooks (docs/guide/webhooks.md): a
// POST with a target URL subscribes, a DELETE ends it, and what was sent can be looked at and sent
// again. They serve every module; whose token or key it is says which. Filled before the server
// starts; any thread.

#include <optional>
#include <string>
#include <vector>

#include "api/endpoint.h"
#include "api/webhooks/dispatcher.h"
#include "api/webhooks/subscriptions.h"
#include "http/router.h"

namespace parley::api::webhooks {

/// Who manages webhooks.
struct Subscriber {
  std::string account;  ///< Whose eyes its subscriptions have.
  Wall tenant;          ///< The only one it reaches; absent: all.
};

/// A module whose events are sent.
struct Source {
  std::string module;
  store::Store& store;
  Dispatcher& dispatcher;
  /// Reads the token: throws the 401 problem when it is none of this module, and 403 when its
  /// account may not manage webhooks.
  Authenticate<Subscriber> identify;
};

inline constexpr std::string_view kPrefix = "/api/v1/webhooks";

/// `sources` outlive the use of the routes.
std::vector<http::Route> routes(std::vector<Source> sources, const Clock& clock);

}  // namespace parley::api::webhooks
